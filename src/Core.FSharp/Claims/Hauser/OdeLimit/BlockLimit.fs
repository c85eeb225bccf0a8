/// hauser.ode.block-limit
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.OdeLimit.BlockLimit

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.ode.block-limit" "Statement to come." Paper.reconstructed "not written yet"
