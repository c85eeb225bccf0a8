/// hauser.smooth.polynomial-null
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Smooth.PolynomialNull

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.smooth.polynomial-null" "Statement to come." Paper.reconstructed "not written yet"
