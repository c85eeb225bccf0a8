/// hauser.dense.source-shared-is-residual
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Dense.SourceSharedIsResidual

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim =
    Claim.open' "hauser.dense.source-shared-is-residual" "Statement to come." Paper.reconstructed "not written yet"
