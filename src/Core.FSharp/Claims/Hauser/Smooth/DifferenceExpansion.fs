/// hauser.smooth.difference-expansion
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Smooth.DifferenceExpansion

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim =
    Claim.open' "hauser.smooth.difference-expansion" "Statement to come." Paper.reconstructed "not written yet"
