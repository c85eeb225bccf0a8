module LayerTime.Core.Tests.Claims.ThorpeVanGennip.ThorpeVanGennipTests

open Xunit
open LayerTime.Core.Claims

let private ours = Papers.catalogue.Claims |> List.filter (fun claim -> claim.Id.StartsWith "thorpe-van-gennip.")

[<Fact>]
let ``every claim of the paper can be run`` () =
    Assert.Equal(34, ours.Length)
    Assert.All(ours, fun claim -> Assert.Equal(ClaimStatus.Executable, claim.Status))

[<Fact>]
let ``every claim of the paper is broken by a control`` () = Assert.All(ours, fun claim -> Assert.NotEmpty claim.Controls)
