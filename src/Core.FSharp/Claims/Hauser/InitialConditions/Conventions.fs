/// hauser.init.conventions
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.InitialConditions.Conventions

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.init.conventions" "Statement to come." Paper.reconstructed "not written yet"
