/// hauser.ode.static-no-limit
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.OdeLimit.StaticNoLimit

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.ode.static-no-limit" "Statement to come." Paper.reconstructed "not written yet"
