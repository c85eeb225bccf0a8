/// hauser.init.count
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.InitialConditions.Count

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.init.count" "Statement to come." Paper.reconstructed "not written yet"
