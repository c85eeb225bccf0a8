/// hauser.numerics.delay-roundoff
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Numerics.DelayRoundoff

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.numerics.delay-roundoff" "Statement to come." Paper.reconstructed "not written yet"
