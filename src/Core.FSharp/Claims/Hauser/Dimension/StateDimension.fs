/// hauser.dim.state-dimension
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Dimension.StateDimension

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.dim.state-dimension" "Statement to come." Paper.reconstructed "not written yet"
