/// hauser.converse.nonlinear
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Converse.Nonlinear

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.converse.nonlinear" "Statement to come." Paper.reconstructed "not written yet"
