/// hauser.ode.forward-variant
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.OdeLimit.ForwardVariant

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.ode.forward-variant" "Statement to come." Paper.reconstructed "not written yet"
