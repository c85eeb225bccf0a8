module LayerTime.Core.Tests.Semantics.TableauTests

open System.Numerics
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Semantics
open LayerTime.Core.Tests.Semantics

let private exact = [
    Tableaus.euler
    Tableaus.heun
    Tableaus.midpoint
    Tableaus.rungeKutta4
    Tableaus.bogackiShampine32
    Tableaus.dormandPrince54
    Tableaus.verner65
    Tableaus.fehlberg87
    Tableaus.implicitMidpoint
]

let private decimal = [ Tableaus.tsitouras54; Tableaus.dormandPrince853 ]

/// Whether every condition holds exactly.
let private holds (conditions: (string * Rational) seq) = conditions |> Seq.forall (fun (_, residual) -> residual.Sign = 0)

/// The coefficients as what their published digits stand for.
let private rounded (tableau: Tableau<Rational>) : Tableau<Ball> =
    let ball rounding (q: Rational) : Ball = { Middle = q; Radius = rounding * Rational.abs q }
    let whole = Tableau.map (ball tableau.Rounding) tableau

    let continuous =
        tableau.Continuous
        |> Option.map (fun c -> (Tableau.map (ball c.Rounding) { tableau with Continuous = Some c }).Continuous.Value)

    { whole with Continuous = continuous }

let private contains (ball: Ball) = Rational.abs ball.Middle <= ball.Radius

[<Fact>]
let ``there are as many rooted trees as Cayley counted, and their densities are those of the tables`` () =
    Assert.Equal<int list>([ 1; 1; 2; 4; 9; 20; 48; 115 ], [ for n in 1..8 -> List.length (RootedTree.all n) ])
    // Each tree once.
    Assert.Equal(200, RootedTree.upTo 8 |> List.distinct |> List.length)
    // Hairer, Nørsett and Wanner, table II.2.1.
    Assert.Equal<bigint list>([ 4I; 8I; 12I; 24I ], RootedTree.all 4 |> List.map RootedTree.density |> List.sort)
    Assert.Equal<bigint list>([ 5I; 10I; 15I; 20I; 20I; 30I; 40I; 60I; 120I ], RootedTree.all 5 |> List.map RootedTree.density |> List.sort)

[<Fact>]
let ``every exact tableau has its orders: all conditions hold exactly, and those of the next order do not`` () =
    for tableau in exact do
        for name, residual in OrderConditions.all tableau do
            Assert.True(residual.Sign = 0, $"{tableau.Name}: {name} misses by {residual}")

        let next order weights = OrderConditions.step (order + 1) tableau.Stages weights
        Assert.False(holds (next tableau.Order tableau.Weights), $"{tableau.Name} has a higher order")

        for embedded in tableau.Embedded do
            Assert.False(holds (next embedded.Order embedded.Weights), $"the estimate of {tableau.Name} has a higher order")

[<Fact>]
let ``every tableau of decimals has its orders up to the rounding of its digits, which explains every residual`` () =
    for tableau in decimal do
        let largest = Rational.create 1 1000000000

        for name, residual in OrderConditions.all (rounded tableau) do
            Assert.True(contains residual, $"{tableau.Name}: {name} misses by {Rational.toFloat residual.Middle}")
            // The bound says something: no condition of a wrong coefficient could hide in it.
            Assert.True(residual.Radius < largest, $"{tableau.Name}: {name} is known up to {Rational.toFloat residual.Radius} only")

        let next order weights = OrderConditions.step (order + 1) (rounded tableau).Stages weights
        let fails conditions = conditions |> Seq.exists (fun (_, residual) -> not (contains residual))
        Assert.True(fails (next tableau.Order (rounded tableau).Weights), $"{tableau.Name} has a higher order")

        for embedded in (rounded tableau).Embedded do
            Assert.True(fails (next embedded.Order embedded.Weights), $"the estimate of {tableau.Name} has a higher order")

[<Fact>]
let ``the Gauss method of two stages has order 4 over the fractions with √3`` () =
    let gauss = Tableaus.gauss4 (RootThree.Create(Rational.Zero, Rational.One))
    let zero = RootThree.Create(Rational.Zero, Rational.Zero)
    Assert.All(OrderConditions.all gauss, (fun (name, residual) -> Assert.True((residual = zero), name)))
    Assert.False(OrderConditions.step 5 gauss.Stages gauss.Weights |> Seq.forall (fun (_, residual) -> residual = zero))

    // Symplectic: b_i a_ij + b_j a_ji = b_i b_j (Sanz-Serna 1988); so is the midpoint rule.
    let (+.) (a: RootThree) b = Arithmetic.(+) a b
    let ( *. ) (a: RootThree) b = Arithmetic.(*) a b
    let b, a = gauss.Weights, gauss.Stages

    for i, j in List.allPairs [ 0; 1 ] [ 0; 1 ] do
        Assert.Equal(b[i] *. b[j], (b[i] *. a[i][j]) +. (b[j] *. a[j][i]))

    let one, half = Tableaus.implicitMidpoint.Weights[0], Tableaus.implicitMidpoint.Stages[0][0]
    Assert.Equal(one * one, one * half + one * half)

/// All tableaux with one coefficient changed in one digit: the last one of a fraction, the 20th of a decimal.
let private misprints (tableau: Tableau<Rational>) : (string * Tableau<Rational>) seq =
    let misprint (q: Rational) =
        if tableau.Rounding.Sign = 0 then
            Rational.OfRatio(q.Numerator + BigInteger.One, q.Denominator)
        else
            q + q * Rational.OfRatio(1I, BigInteger.Pow(10I, 20))

    let inRow (row: Rational[]) (put: Rational[] -> Tableau<Rational>) =
        seq {
            for i in 0 .. row.Length - 1 do
                // A decimal that is zero has no twentieth digit.
                if row[i].Sign <> 0 || tableau.Rounding.Sign = 0 then
                    i, put (Array.updateAt i (misprint row[i]) row)
        }

    seq {
        for i, t in inRow tableau.Nodes (fun c -> { tableau with Nodes = c }) do
            $"c{i + 1}", t

        for i in 0 .. tableau.Stages.Length - 1 do
            for j, t in inRow tableau.Stages[i] (fun row -> { tableau with Stages = Array.updateAt i row tableau.Stages }) do
                $"a{i + 1},{j + 1}", t

        for i, t in inRow tableau.Weights (fun b -> { tableau with Weights = b }) do
            $"b{i + 1}", t

        for e in 0 .. tableau.Embedded.Length - 1 do
            let embedded = tableau.Embedded[e]

            for i, t in
                inRow embedded.Weights (fun b -> {
                    tableau with
                        Embedded = Array.updateAt e { embedded with Weights = b } tableau.Embedded
                }) do
                $"estimate {e + 1}, b{i + 1}", t

        match tableau.Continuous with
        | None -> ()
        | Some c ->
            // A decimal of the extension has fewer digits than one of the step, so it is misprinted in the tenth.
            let misprint (q: Rational) = if c.Rounding.Sign = 0 then misprint q else q + q * Rational.OfRatio(1I, BigInteger.Pow(10I, 10))

            for i in 0 .. c.Polynomials.Length - 1 do
                for k in 0 .. c.Polynomials[i].Length - 1 do
                    let value = c.Polynomials[i][k]

                    if value.Sign <> 0 || c.Rounding.Sign = 0 then
                        let row = Array.updateAt k (misprint value) (c.Polynomials[i])
                        let changed = { c with Polynomials = Array.updateAt i row c.Polynomials }
                        $"b{i + 1}(θ), θ^{k + 1}", { tableau with Continuous = Some changed }

            for i, t in inRow c.Nodes (fun nodes -> { tableau with Continuous = Some { c with Nodes = nodes } }) do
                $"further c{i + 1}", t

            for i in 0 .. c.Stages.Length - 1 do
                for j in 0 .. c.Stages[i].Length - 1 do
                    let value = c.Stages[i][j]

                    if value.Sign <> 0 then
                        let row = Array.updateAt j (misprint value) (c.Stages[i])
                        let changed = { c with Stages = Array.updateAt i row (c.Stages) }
                        $"further stage {i + 1}, {j + 1}", { tableau with Continuous = Some changed }
    }

/// The same tableau, asked for its conditions of the first two orders only, which see a misprint already: the sums of the rows, of the
/// weights and of each power of θ move by as much as the coefficient does, so that the least change of a digit is the hardest to see.
let private firstConditions (tableau: Tableau<Rational>) : Tableau<Rational> = {
    tableau with
        Order = min 2 tableau.Order
        Embedded = tableau.Embedded |> Array.map (fun e -> { e with Order = min 2 e.Order })
        Continuous = tableau.Continuous |> Option.map (fun c -> { c with Order = min 2 c.Order })
}

[<Fact>]
let ``a tableau with one digit changed is refused, whichever coefficient it is`` () =
    for tableau in exact @ decimal do
        for place, changed in misprints (firstConditions tableau) do
            let refused =
                if tableau.Rounding.Sign = 0 then
                    not (holds (OrderConditions.all changed))
                else
                    OrderConditions.all (rounded changed) |> Seq.exists (fun (_, residual) -> not (contains residual))

            Assert.True(refused, $"{tableau.Name}: a misprint of {place} goes unnoticed")

[<Fact>]
let ``the tableaux that are proved are those of all methods by name`` () =
    let proved = exact @ decimal

    for name in FlowMethod.names do
        match FlowMethod.tryFind name with
        | Some(FlowMethod.Explicit tableau)
        | Some(FlowMethod.Implicit tableau) -> Assert.True(proved |> List.exists (fun known -> obj.ReferenceEquals(known, tableau)), name)
        | _ -> ()

[<Fact>]
let ``the Gauss method with one number changed is refused, whichever it is`` () =
    let gauss = Tableaus.gauss4 (RootThree.Create(Rational.Zero, Rational.One))
    let zero = RootThree.Create(Rational.Zero, Rational.Zero)
    let small = Rational.OfRatio(BigInteger.One, BigInteger.Pow(10I, 20))

    let misprinted = [
        for change in [ RootThree.Create(small, Rational.Zero); RootThree.Create(Rational.Zero, small) ] do
            let moved (row: RootThree[]) i = Array.updateAt i (Arithmetic.(+) row[i] change) row

            for i in 0..1 do
                { gauss with Nodes = moved gauss.Nodes i }
                { gauss with Weights = moved gauss.Weights i }

                for j in 0..1 do
                    { gauss with Stages = Array.updateAt i (moved gauss.Stages[i] j) gauss.Stages }
    ]

    Assert.Equal(16, misprinted.Length)
    Assert.All(misprinted, (fun t -> Assert.Contains(OrderConditions.all t, (fun (_, residual) -> residual <> zero))))

[<Fact>]
let ``a continuous extension ends at the step and starts with its slope`` () =
    for tableau in exact do
        match tableau.Continuous with
        | None -> ()
        | Some c ->
            let padded = Array.append tableau.Weights (Array.create c.Stages.Length Rational.Zero)
            Assert.Equal<Rational[]>(padded, c.Polynomials |> Array.map (Array.fold (+) Rational.Zero))
            let slopes = c.Polynomials |> Array.map Array.head
            Assert.Equal<Rational[]>(Array.append [| Rational.One |] (Array.create (slopes.Length - 1) Rational.Zero), slopes)

[<Fact>]
let ``explicit methods say so, and only the Gauss methods are implicit`` () =
    for tableau in exact @ decimal do
        Assert.Equal(tableau.Name <> Tableaus.implicitMidpoint.Name, tableau.IsExplicit)
