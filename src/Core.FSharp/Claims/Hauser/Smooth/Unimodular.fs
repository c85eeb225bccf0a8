/// hauser.smooth.unimodular
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Smooth.Unimodular

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.smooth.unimodular" "Statement to come." Paper.reconstructed "not written yet"
