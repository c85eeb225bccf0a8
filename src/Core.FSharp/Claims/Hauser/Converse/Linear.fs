/// hauser.converse.linear
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Converse.Linear

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.converse.linear" "Statement to come." Paper.reconstructed "not written yet"
