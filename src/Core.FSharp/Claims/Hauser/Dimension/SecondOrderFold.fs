/// hauser.dim.second-order-fold
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Dimension.SecondOrderFold

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.dim.second-order-fold" "Statement to come." Paper.reconstructed "not written yet"
