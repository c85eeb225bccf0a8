/// hauser.dense.contains-smooth
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Dense.ContainsSmooth

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.dense.contains-smooth" "Statement to come." Paper.reconstructed "not written yet"
