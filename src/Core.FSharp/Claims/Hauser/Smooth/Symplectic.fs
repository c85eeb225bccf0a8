/// hauser.smooth.symplectic
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Smooth.Symplectic

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.smooth.symplectic" "Statement to come." Paper.reconstructed "not written yet"
