module LayerTime.Core.Tests.Claims.Ruseckas.OrdersTests

open Xunit
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Ruseckas

/// Errors f(N) for N = 100, 200, 400, with a floor.
let private ladder (floor: float) (f: float -> float) : Rung list =
    [ 100.0; 200.0; 400.0 ] |> List.map (fun n -> { Resolution = n; Error = f n; Floor = floor })

let private isHeld (outcome: Outcome) : bool =
    match outcome with
    | Outcome.Holds _ -> true
    | _ -> false

let private isRefuted (outcome: Outcome) : bool =
    match outcome with
    | Outcome.Refuted _ -> true
    | _ -> false

let private isUndecided (outcome: Outcome) : bool =
    match outcome with
    | Outcome.Undecided _ -> true
    | _ -> false

[<Fact>]
let ``a power of the step has its own order and every lower one`` () =
    for p in [ 1.0; 2.0; 3.0; 4.0 ] do
        let rungs = ladder 0.0 (fun n -> n ** -p)
        Assert.True(isHeld (Orders.exactly "e" p 0.01 rungs))
        Assert.True(isHeld (Orders.atLeast "e" p rungs))
        Assert.True(isHeld (Orders.atLeast "e" (p - 0.5) rungs))
        Assert.True(isRefuted (Orders.atLeast "e" (p + 1.0) rungs))
        Assert.True(isRefuted (Orders.exactly "e" (p - 1.0) 0.25 rungs))

[<Fact>]
let ``an error that does not fall has no order`` () = Assert.True(isRefuted (Orders.atLeast "e" 1.0 (ladder 0.0 (fun _ -> 0.3))))

[<Fact>]
let ``a next term that still moves the order leaves it undecided`` () =
    // e = h − 40h²: orders 0.58 and 0.85.
    let rungs = ladder 0.0 (fun n -> abs (1.0 / n - 40.0 / (n * n)))
    Assert.True(isUndecided (Orders.exactly "e" 1.0 0.1 rungs))
    // Smaller next terms stay within the margin.
    Assert.True(isHeld (Orders.exactly "e" 1.0 0.1 (ladder 0.0 (fun n -> 1.0 / n - 10.0 / (n * n)))))

[<Fact>]
let ``rungs at the floor are left out`` () =
    let atFloor n = if n > 150.0 then 1e-12 else 1.0 / n
    Assert.True(isUndecided (Orders.atLeast "e" 1.0 (ladder 1e-11 atFloor)))
    Assert.True(isHeld (Orders.atLeast "e" 2.0 (ladder 1e-11 (fun n -> if n > 350.0 then 1e-12 else 1.0 / (n * n)))))

let private rungs (errors: float list) : Rung list =
    errors |> List.mapi (fun i e -> { Resolution = 40.0 * 2.0 ** float i; Error = e; Floor = 1e-12 })

[<Fact>]
let ``an error that changes its sign on the way is undecided, one of lower order is refuted`` () =
    // With signs −, −, +, + the quotients by dt⁴ are −8.8, −1.2, 2.0, 3.5: on the way to 5.
    Assert.True(isUndecided (Orders.atLeast "e" 4.0 (rungs [ 3.423e-6; 2.973e-8; 3.096e-9; 3.367e-10 ])))

    for q in [ 0.0; 1.0; 2.0; 3.0; 3.5 ] do
        Assert.True(isRefuted (Orders.atLeast "e" 4.0 (rungs [ for i in 0..3 -> (2.0 ** float -i) ** q ])), $"order {q}")

[<Fact>]
let ``two rungs above the floor do not refute`` () =
    Assert.True(isUndecided (Orders.atLeast "e" 4.0 (rungs [ 5.682e-10; 4.953e-11; 1e-13; 1e-14 ])))
