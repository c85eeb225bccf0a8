/// hauser.beyond.exact-reversible-training
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Beyond.ExactReversibleTraining

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim =
    Claim.open' "hauser.beyond.exact-reversible-training" "Statement to come." Paper.reconstructed "not written yet"
