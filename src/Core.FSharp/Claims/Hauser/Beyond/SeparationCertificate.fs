/// hauser.beyond.separation-certificate
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Beyond.SeparationCertificate

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim =
    Claim.open' "hauser.beyond.separation-certificate" "Statement to come." Paper.reconstructed "not written yet"
