/// hauser.residual.compile
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Residual.Compile

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.residual.compile" "Statement to come." Paper.reconstructed "not written yet"
