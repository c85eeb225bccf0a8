/// hauser.dense.state-space-delay
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Dense.StateSpaceDelay

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.dense.state-space-delay" "Statement to come." Paper.reconstructed "not written yet"
