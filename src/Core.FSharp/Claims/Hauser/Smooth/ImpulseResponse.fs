/// hauser.smooth.impulse-response
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Smooth.ImpulseResponse

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.smooth.impulse-response" "Statement to come." Paper.reconstructed "not written yet"
