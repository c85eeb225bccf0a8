module LayerTime.Core.Tests.Claims.ThorpeVanGennip.ThorpeVanGennipTests

open Xunit
open LayerTime.Core.Claims

let private ours = Papers.catalogue.Claims |> List.filter (fun claim -> claim.Id.StartsWith "thorpe-van-gennip.")

[<Fact>]
let ``every claim of the paper is in the catalogue, and says under which hypotheses it holds`` () =
    Assert.Equal(34, ours.Length)
    Assert.All(ours, fun claim -> Assert.True(claim.Status <> ClaimStatus.Executable || not claim.Hypotheses.IsEmpty, claim.Id))

[<Fact>]
let ``every executable claim of the paper has a control`` () =
    Assert.All(ours, fun claim -> Assert.True(claim.Status <> ClaimStatus.Executable || not claim.Controls.IsEmpty, claim.Id))
