/// hauser.dim.minimal
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Dimension.Minimal

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.dim.minimal" "Statement to come." Paper.reconstructed "not written yet"
