/// hauser.beyond.stability-dial
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Beyond.StabilityDial

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.beyond.stability-dial" "Statement to come." Paper.reconstructed "not written yet"
