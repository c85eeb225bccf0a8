/// hauser.smooth.unrolled
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Smooth.Unrolled

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.smooth.unrolled" "Statement to come." Paper.reconstructed "not written yet"
