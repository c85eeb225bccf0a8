/// hauser.dense.state-space-difference
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Dense.StateSpaceDifference

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim =
    Claim.open' "hauser.dense.state-space-difference" "Statement to come." Paper.reconstructed "not written yet"
