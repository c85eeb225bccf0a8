/// hauser.dim.embedding
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Dimension.Embedding

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.dim.embedding" "Statement to come." Paper.reconstructed "not written yet"
