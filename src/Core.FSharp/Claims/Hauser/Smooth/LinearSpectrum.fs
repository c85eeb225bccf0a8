/// hauser.smooth.linear-spectrum
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Smooth.LinearSpectrum

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.smooth.linear-spectrum" "Statement to come." Paper.reconstructed "not written yet"
