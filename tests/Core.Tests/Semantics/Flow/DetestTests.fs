namespace LayerTime.Core.Tests.Semantics

open System
open Xunit
open Xunit.Abstractions
open LayerTime.Core.Numbers
open LayerTime.Core.Semantics

/// Problems A1 to E5 at time 20 to about 20 digits.
module private DetestTruth =
    let (+.) (a: Precise) (b: Precise) = Arithmetic.(+) a b
    let (-.) (a: Precise) (b: Precise) = Arithmetic.(-) a b
    let ( *. ) (a: Precise) (b: Precise) = Arithmetic.(*) a b
    let (/.) (a: Precise) (b: Precise) = Arithmetic.(/) a b

    /// A root of Kepler's equation E − ε sin E = 20 as a float, by halving.
    let private root (ε: float) =
        let rec halve low high n =
            let middle = 0.5 * (low + high)

            if n = 0 then middle
            elif middle - ε * sin middle > 20.0 then halve low middle (n - 1)
            else halve middle high (n - 1)

        halve 19.0 21.0 52

    /// The orbit of eccentricity ε = k/10, which starts at its nearest point: (cos E − ε, √(1 − ε²) sin E).
    let kepler (k: int) : Precise[] =
        let ε, one, t: Precise * Precise * Precise = Ring.ratio k 10, Precise.OfFloat 1.0, Precise.OfFloat 20.0
        let sin (a: Precise) : Precise = Transcendental.sin a
        let cos (a: Precise) : Precise = Transcendental.cos a
        let newton _ e = e -. ((e -. (ε *. sin e)) -. t) /. (one -. (ε *. cos e))
        // From 50 bits the second step has all of them.
        let e = Seq.foldBack newton [ 1..3 ] (Precise.OfFloat(root (float k / 10.0)))
        let axis = Transcendental.sqrt (one -. (ε *. ε))
        let speed = one /. (one -. (ε *. cos e))
        [| cos e -. ε; axis *. sin e; Arithmetic.(~-) (sin e *. speed); axis *. (cos e *. speed) |]

    /// The Taylor method of order 22 in high precision.
    let byTaylor (name: string) : Precise[] = Truth.solve 22 (Detest.field name) 0.0 20.0 (Detest.start name)

    /// D1 … D5 have the eccentricities 1/10, 3/10, … 9/10.
    let eccentricity (name: string) : int = 2 * (int name[1] - int '0') - 1

    let private cache =
        lazy
            (Detest.names
             |> List.map (fun name -> name, (if name.StartsWith 'D' then kepler (eccentricity name) else byTaylor name))
             |> Map.ofList)

    let ofProblem (name: string) : Precise[] = cache.Value[name]

open DetestTruth

type DetestTests(output: ITestOutputHelper) =
    let distance (x: Precise[]) (y: Precise[]) = Array.map2 (fun a b -> Precise.Size(Arithmetic.(-) a b)) x y |> Array.max

    let pairs = [
        Tableaus.bogackiShampine32
        Tableaus.dormandPrince54
        Tableaus.tsitouras54
        Tableaus.verner65
        Tableaus.fehlberg87
        Tableaus.dormandPrince853
    ]

    /// The largest error at the end in units of the tolerance times the size of the state, over all pairs and tolerances: the problems
    /// of classes A and C damp errors, orbits (D) and oscillations (B4, E3) turn errors of phase into errors that grow with time.
    let limits =
        Map [
            for problems, limit in
                [ "A1 A2 A4 B2 B3 C1 C2 C3 C4 C5 E4 E5", 15.0; "B5 E1 E2", 120.0; "A3 A5 B1 B4 E3", 800.0; "D1 D2 D3 D4 D5", 4000.0 ] do
                for problem in problems.Split ' ' do
                    problem, limit
        ]

    [<Fact>]
    member _.``every pair solves all problems with an error of at most a constant times the tolerance``() =
        Assert.Equal<string list>(Detest.names, List.ofSeq limits.Keys)

        for name in Detest.names do
            let truth = DetestTruth.ofProblem name
            let scale = truth |> Array.map Precise.Size |> Array.max |> max 1.0
            let start = Detest.start name |> Binary64.toFloats

            let constants = [
                for tableau in pairs do
                    for tolerance in [ 1e-3; 1e-6; 1e-9 ] do
                        let settings = FlowSettings.defaults |> FlowSettings.withTolerances tolerance tolerance

                        match Flow.solve settings (Stepper.explicit tableau (Detest.field name)) 0.0 20.0 start with
                        | Ok result ->
                            Assert.Equal(StopReason.Completed, result.Stop)
                            distance truth (Array.map Precise.OfFloat result.State) / (tolerance * scale)
                        | Error defects -> failwith $"{defects}"
            ]

            let shown = constants |> List.map (fun c -> c.ToString "0.0") |> String.concat " "
            output.WriteLine $"{name}: {shown}"
            Assert.True(List.max constants <= limits[name], $"{name}: {shown}, expected at most {limits[name]}")

    [<Fact>]
    member _.``the truth agrees with the closed forms and with Kepler's equation``() =
        let number p q : Precise = Ring.ratio p q
        let exp (a: Precise) : Precise = Transcendental.exp a
        let twenty = number 20 1

        let assertNear name (expected: Precise[]) =
            let found = if name = "D1" || name = "D5" then DetestTruth.byTaylor name else DetestTruth.ofProblem name
            let error = distance expected found
            Assert.True(error < 1e-20 * max 1.0 (Precise.Size expected[0]), $"{name}: {error}")

        assertNear "A1" [| exp (number -20 1) |]
        // 1/√21
        assertNear "A2" [| number 1 1 /. Transcendental.sqrt (number 21 1) |]
        assertNear "A3" [| exp (Transcendental.sin twenty) |]
        // 20/(1 + 19e⁻⁵)
        assertNear "A4" [| twenty /. (number 1 1 +. (number 19 1 *. exp (number -5 1))) |]
        // 1 + e⁻ˣ/2 + e⁻³ˣ/2, 1 − e⁻³ˣ, 1 − e⁻ˣ/2 + e⁻³ˣ/2
        let slow, fast = exp (number -20 1) /. number 2 1, exp (number -60 1) /. number 2 1
        let one = number 1 1
        assertNear "B2" [| (one +. slow) +. fast; one -. (fast +. fast); (one -. slow) +. fast |]
        assertNear "D1" (DetestTruth.kepler 1)
        assertNear "D5" (DetestTruth.kepler 9)

    [<Fact>]
    member _.``the truth agrees with the published end values of classes C5, D and E``() =
        for KeyValue(name, ends) in DetestEnds.published do
            // C5 is compared from its fifth component on.
            let truth = DetestTruth.ofProblem name
            let truth = Array.skip (truth.Length - ends.Length) truth

            for i, published in List.indexed ends do
                let error = Precise.Size(truth[i] -. Precise.OfFloat published)
                // They were computed in floats with tolerances of 10⁻¹⁵, on a motion that turns errors of phase into errors that grow.
                Assert.True(error < 1e-11 * max 1.0 (abs published), $"{name}, value {i}: {error} away from {published}")
