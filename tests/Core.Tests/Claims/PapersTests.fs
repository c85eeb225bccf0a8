module LayerTime.Core.Tests.Claims.PapersTests

open Xunit
open LayerTime.Core.Claims

let private executable = Papers.catalogue.Claims |> List.filter (fun claim -> claim.Status = ClaimStatus.Executable)

/// The ids of the claims that can be run, one test case each.
let ids () : TheoryData<string> =
    let data = TheoryData<string>()
    executable |> List.iter (fun claim -> data.Add claim.Id)
    data

[<Theory; MemberData(nameof ids)>]
let ``a claim of the catalogue holds and each of its controls finds its counterexample`` (id: string) =
    let selected =
        match Catalogue.select id Papers.catalogue with
        | Ok selected -> selected
        | Error problem -> failwith problem

    let report = Runner.run RunOptions.defaults selected
    Assert.True((Report.exitCode report = 0), string report)
