/// hauser.dense.path-words
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Dense.PathWords

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.dense.path-words" "Statement to come." Paper.reconstructed "not written yet"
