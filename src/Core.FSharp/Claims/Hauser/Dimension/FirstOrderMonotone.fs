/// hauser.dim.first-order-monotone
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Dimension.FirstOrderMonotone

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.dim.first-order-monotone" "Statement to come." Paper.reconstructed "not written yet"
