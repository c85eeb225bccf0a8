module LayerTime.Core.Tests.Claims.Duan.DuanTests

open Xunit
open LayerTime.Core.Claims

[<Fact>]
let ``every claim of the paper can be run`` () =
    let ours = Papers.catalogue.Claims |> List.filter (fun claim -> claim.Id.StartsWith "duan.")
    Assert.Equal(42, ours.Length)
    Assert.All(ours, fun claim -> Assert.Equal(ClaimStatus.Executable, claim.Status))
