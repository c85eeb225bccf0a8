/// hauser.beyond.centred-order-two
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Beyond.CentredOrderTwo

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.beyond.centred-order-two" "Statement to come." Paper.reconstructed "not written yet"
