/// hauser.dense.concat-additive
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Dense.ConcatAdditive

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.dense.concat-additive" "Statement to come." Paper.reconstructed "not written yet"
