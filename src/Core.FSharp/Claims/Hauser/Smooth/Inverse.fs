/// hauser.smooth.inverse
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Smooth.Inverse

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.smooth.inverse" "Statement to come." Paper.reconstructed "not written yet"
