/// hauser.ode.verlet-order-two
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.OdeLimit.VerletOrderTwo

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.ode.verlet-order-two" "Statement to come." Paper.reconstructed "not written yet"
