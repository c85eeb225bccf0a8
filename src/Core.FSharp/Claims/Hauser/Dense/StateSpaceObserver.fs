/// hauser.dense.state-space-observer
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Dense.StateSpaceObserver

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim =
    Claim.open' "hauser.dense.state-space-observer" "Statement to come." Paper.reconstructed "not written yet"
