/// hauser.dense.multistep-limit
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Dense.MultistepLimit

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.dense.multistep-limit" "Statement to come." Paper.reconstructed "not written yet"
