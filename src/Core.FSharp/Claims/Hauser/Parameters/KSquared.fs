/// hauser.params.k-squared
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Parameters.KSquared

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.params.k-squared" "Statement to come." Paper.reconstructed "not written yet"
