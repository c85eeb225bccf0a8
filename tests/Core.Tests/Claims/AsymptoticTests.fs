module LayerTime.Core.Tests.Claims.AsymptoticTests

open System
open Xunit
open LayerTime.Core.Claims
open LayerTime.Core.Tests

let private ladder (floor: float) (error: float -> float) (resolutions: float list) : Rung list =
    resolutions |> List.map (fun n -> { Resolution = n; Error = error n; Floor = floor })

let private resolutions = [ 8.0; 16.0; 32.0; 64.0 ]

let private undecided (words: string) (outcome: Outcome) =
    match outcome with
    | Outcome.Undecided reason -> Assert.Contains(words, reason)
    | other -> failwith $"Expected undecided, found {other}."

let private refuted (outcome: Outcome) : Witness =
    match outcome with
    | Outcome.Refuted witness -> witness
    | other -> failwith $"Expected a refutation, found {other}."

[<Fact>]
let ``an error that falls to a quarter when the resolution doubles has order two`` () =
    Assert.Equal<float list>([ 2.0; 2.0 ], Asymptotic.orders (ladder 0.0 (fun n -> 1.0 / (n * n)) [ 1.0; 2.0; 4.0 ]))

[<Property>]
let ``a power law holds within a band around its exponent and is refuted beside it`` (exponent: int) (factor: int) =
    let p = float (1 + abs exponent % 8)
    let rungs = ladder 0.0 (fun n -> float (1 + abs factor) / Math.Pow(n, p)) resolutions
    let beside = [ p - 1.0, p - 0.5; p + 0.5, p + 1.0 ]

    Asymptotic.within "error" (p - 0.1, p + 0.1) rungs = Outcome.holds
    && beside |> List.forall (fun band -> (refuted (Asymptotic.within "error" band rungs)).Quantity = "error")

[<Fact>]
let ``a refutation shows the band, the orders and the ladder`` () =
    let witness = refuted (Asymptotic.within "error" (1.9, 2.1) (ladder 0.0 (fun n -> 1.0 / n) [ 8.0; 16.0; 32.0 ]))
    Assert.Equal("an order in [1.9, 2.1]", witness.Expected)
    Assert.Equal("the last two pairwise orders are 1 and 1", witness.Found)

    Assert.Equal<(string * string) list>(
        [ "error at n = 8", "1.25e-1"; "error at n = 16", "6.25e-2"; "error at n = 32", "3.125e-2" ],
        witness.Instance
    )

[<Fact>]
let ``orders that still move by more than half the width of the band are pre-asymptotic`` () =
    // error = 1/n² + 40/n⁴: pairwise orders 3.3, 2.9, 2.5 at first
    let error n = 1.0 / (n * n) + 40.0 / Math.Pow(n, 4.0)
    undecided "pre-asymptotic" (Asymptotic.within "error" (1.9, 2.1) (ladder 0.0 error [ 2.0; 4.0; 8.0 ]))
    Assert.Equal(Outcome.holds, Asymptotic.within "error" (1.9, 2.1) (ladder 0.0 error [ 64.0; 128.0; 256.0 ]))

[<Fact>]
let ``orders that move by less are no excuse`` () =
    // pairwise orders 1.5 and 1.55 in a band of half width 0.1
    let rungs = [ 1.0, 1.0; 2.0, 2.0 ** -1.5; 4.0, 2.0 ** -3.05 ]
    let rungs = rungs |> List.map (fun (n, error) -> { Resolution = n; Error = error; Floor = 0.0 })
    Assert.Contains("1.5 and 1.55", (refuted (Asymptotic.within "error" (1.9, 2.1) rungs)).Found)

[<Fact>]
let ``a ladder that has just entered the band is pre-asymptotic`` () =
    let rungs = [ 1.0, 1.0; 2.0, 2.0 ** -1.85; 4.0, 2.0 ** -3.8 ]
    let rungs = rungs |> List.map (fun (n, error) -> { Resolution = n; Error = error; Floor = 0.0 })
    undecided "pre-asymptotic" (Asymptotic.within "error" (1.9, 2.1) rungs)

[<Fact>]
let ``rungs at the end of the ladder that lie on the rounding floor are left out`` () =
    let floor = 1e-6
    let error n = max floor (1.0 / Math.Pow(n, 4.0))
    let resolutions = [ 4.0; 8.0; 16.0; 32.0; 64.0; 128.0 ]

    Assert.Equal(
        Outcome.holds,
        Asymptotic.within "error" (3.9, 4.1) (ladder 1e-8 (fun n -> 1.0 / Math.Pow(n, 4.0)) (List.truncate 4 resolutions))
    )

    undecided "floor" (Asymptotic.within "error" (3.9, 4.1) (ladder floor error [ 16.0; 64.0; 256.0; 1024.0 ]))

    match Asymptotic.within "error" (3.9, 4.1) (ladder floor error resolutions) with
    | Outcome.Holds _
    | Outcome.Undecided _ -> ()
    | Outcome.Refuted witness -> failwith $"The floor was taken for the order: {witness}."

[<Fact>]
let ``what rounding may have moved out of the band is not refuted`` () =
    let rungs floor = [ 1.0, 1.0; 2.0, 0.27; 4.0, 0.0729 ] |> List.map (fun (n, e) -> { Resolution = n; Error = e; Floor = floor })
    undecided "rounding floor" (Asymptotic.within "error" (1.95, 2.05) (rungs 0.01))
    Assert.Equal("error", (refuted (Asymptotic.within "error" (1.95, 2.05) (rungs 0.0001))).Quantity)

[<Fact>]
let ``an error that is not finite is pre-asymptotic`` () =
    for wrong in [ nan; infinity ] do
        undecided
            "not finite"
            (Asymptotic.within "error" (1.9, 2.1) (ladder 0.0 (fun n -> if n = 32.0 then wrong else 1.0 / (n * n)) resolutions))

[<Fact>]
let ``an error of zero is at the floor, whatever the floor`` () =
    undecided "floor" (Asymptotic.within "error" (1.9, 2.1) (ladder 0.0 (fun _ -> 0.0) resolutions))

[<Fact>]
let ``ladders without two ratios, without an order of resolutions or with an empty band are refused`` () =
    let within band rungs = fun () -> Asymptotic.within "error" band rungs |> ignore
    let good = ladder 0.0 (fun n -> 1.0 / n) resolutions
    Assert.Throws<ArgumentException>(within (0.9, 1.1) (List.truncate 2 good)) |> ignore
    Assert.Throws<ArgumentException>(within (0.9, 1.1) (List.rev good)) |> ignore
    Assert.Throws<ArgumentException>(within (1.1, 0.9) good) |> ignore
