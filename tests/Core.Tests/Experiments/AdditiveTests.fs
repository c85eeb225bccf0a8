module LayerTime.Core.Tests.Experiments.AdditiveTests

open Xunit
open LayerTime.Core.Claims
open LayerTime.Core.Experiments

[<Fact>]
let ``symmetric weights lower the energy until all rests, and without symmetry it rises on a cycle`` () =
    let symmetric = AdditiveExperiment.run AdditiveCase.Symmetric 1UL
    let cycle = AdditiveExperiment.run AdditiveCase.Cycle 1UL
    let checks = AdditiveExperiment.checks [| symmetric |] [| cycle |]
    Assert.All(checks, (fun check -> Assert.True(check.Holds, $"{check.Statement}: {check.Found}")))
    Assert.True(symmetric.Energies |> Array.pairwise |> Array.forall (fun (before, after) -> after < before + 1e-12))

    // The two minima: the one of the specification and, from the other side, its counterpart.
    let last = Array.last symmetric.Path
    Assert.True(symmetric.LastSpeed < 1e-3 && abs last[0] > 1.0)

[<Fact>]
let ``the checks of additive networks fail where the case breaks their hypothesis`` () =
    let cycle = AdditiveExperiment.run AdditiveCase.Cycle 1UL
    let checks = AdditiveExperiment.checks [| cycle |] [| { cycle with LastSpeed = 0.0 } |]
    Assert.All(checks, (fun check -> Assert.False check.Holds))

[<Fact>]
let ``a path is the same for the same seed, and starts where another seed does not`` () =
    let start seed = (AdditiveExperiment.run AdditiveCase.Cycle seed).Path[0]
    Assert.Equal<float[]>(start 3UL, start 3UL)
    Assert.NotEqual<float[]>(start 3UL, start 4UL)
