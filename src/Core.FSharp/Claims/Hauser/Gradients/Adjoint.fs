/// hauser.grad.adjoint
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Gradients.Adjoint

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.grad.adjoint" "Statement to come." Paper.reconstructed "not written yet"
