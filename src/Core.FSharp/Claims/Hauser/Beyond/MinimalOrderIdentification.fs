/// hauser.beyond.minimal-order-identification
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Beyond.MinimalOrderIdentification

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim =
    Claim.open' "hauser.beyond.minimal-order-identification" "Statement to come." Paper.reconstructed "not written yet"
