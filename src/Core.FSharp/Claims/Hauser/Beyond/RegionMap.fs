/// hauser.beyond.region-map
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Beyond.RegionMap

open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

let claim: Claim = Claim.open' "hauser.beyond.region-map" "Statement to come." Paper.reconstructed "not written yet"
