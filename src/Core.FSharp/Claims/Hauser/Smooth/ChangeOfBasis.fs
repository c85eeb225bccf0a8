/// hauser.smooth.change-of-basis
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Smooth.ChangeOfBasis

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.smooth.change-of-basis" "Statement to come." Paper.reconstructed "not written yet"
