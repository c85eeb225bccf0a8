module LayerTime.Core.Tests.Constructions.MechanicsTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Tests

type private D = AnalyticDual<Binary64>

let private number (x: float) : D = AnalyticDual.constant (Binary64 x)
let private plus (a: D) (b: D) : D = Arithmetic.(+) a b
let private times (a: D) (b: D) : D = Arithmetic.(*) a b

/// Q: x′ = wx + b − x³/2
let private q =
    let w = [| [| 0.0; 1.0; 0.2 |]; [| -1.0; 0.1; 0.0 |]; [| 0.3; 0.0; -0.2 |] |]
    let b = [| 0.1; -0.2; 0.05 |]

    VectorField.ofFunction 3 (fun (_: D) x ->
        Array.init 3 (fun i ->
            let affine = Array.fold2 (fun sum w x -> plus sum (times (number w) x)) (number b[i]) w[i] x
            plus affine (times (number -0.5) (times x[i] (times x[i] x[i])))))

/// x + |x|²Jx, which commutes with rotations.
let private spiral =
    VectorField.ofFunction 2 (fun (_: D) x ->
        let r = plus (times x[0] x[0]) (times x[1] x[1])
        [| plus x[0] (times (number -1.0) (times r x[1])); plus x[1] (times r x[0]) |])

let private rotation = Mechanics.affineGenerator [| [| 0.0; -1.0 |]; [| 1.0; 0.0 |] |] [| 0.0; 0.0 |]
let private translation = Mechanics.affineGenerator [| [| 0.0; 0.0 |]; [| 0.0; 0.0 |] |] [| 1.0; 0.0 |]

let private monitor field generator momentum start tangent horizon steps =
    match Mechanics.monitor field generator momentum start tangent horizon steps with
    | Ok report -> report
    | Error defects -> failwith $"{defects}"

let private onQ steps = monitor q (Some q) (fun x -> [| x[0] - 1.0; x[1]; x[2] |]) [| 1.0; -0.5; 0.3 |] [| 1.0; 2.0; 0.5 |] 2.0 steps

[<Fact>]
let ``on Q the momentum at the start is the known one`` () =
    let fine, coarse = (onQ 400).Momenta[0], (onQ 200).Momenta[0]
    let known = [| 0.0530220575364; -0.3324431281558; 0.0089534914687 |]
    // Fifteen times the error of order 4, and the digits that are known.
    Array.iteri2 (fun i (a: float) b -> Assert.InRange(abs (a - b), 0.0, abs (b - coarse[i]) + 1e-13)) known fine

[<Fact>]
let ``an autonomous field conserves H, and every field the pairing`` () =
    for steps in [ 20; 50; 200 ] do
        let report = onQ steps
        Assert.True(report.Hamiltonian.IsConserved, $"{report.Hamiltonian}")
        Assert.True(report.Pairing.IsConserved, $"{report.Pairing}")
        // The field itself is a symmetry, with the charge H.
        Assert.Equal<float>(report.Hamiltonian.Values, report.Charge.Value.Values)

[<Fact>]
let ``the charge of a symmetry is conserved, any other obeys its law`` () =
    let report generator = monitor spiral (Some generator) (fun _ -> [| 2.0; 5.0 |]) [| 0.5; -0.25 |] [| 1.0; 2.0 |] 0.5 60
    Assert.True((report rotation).Charge.Value.IsConserved)
    let other = (report translation).Charge.Value
    Assert.False other.IsConserved
    Assert.True(other.ObeysLaw, $"{other}")

[<Fact>]
let ``H of a field that depends on time changes by the work of the clock`` () =
    // x′ = t²x, L = x²/2: H = t²·x(2)²
    let forced = VectorField.ofFunction 1 (fun (t: D) x -> [| times (times t t) x[0] |])
    let h = (monitor forced None id [| 1.0 |] [| 1.0 |] 2.0 200).Hamiltonian
    Assert.False h.IsConserved
    Assert.True(h.ObeysLaw, $"{h}")
    let expected = 4.0 * Elementary.exp (16.0 / 3.0)
    Assert.InRange(Array.last h.Values, expected * (1.0 - 1e-8), expected * (1.0 + 1e-8))

[<Fact>]
let ``H jumps where the field does by the momentum on the jump, and is conserved between`` () =
    // x′ = x up to 1/2, x′ = −2x up to 2, x′ = 3x up to 9/4; L = x²/2. Then a·x is one constant, x(T)², and H = c·x(T)² with c = 1, −2, 3.
    let linear (c: float) = VectorField.ofFunction 1 (fun (_: D) x -> [| times (number c) x[0] |])

    let stretches: SmoothStretch list = [
        { Field = linear 1.0; Until = 0.5 }
        { Field = linear -2.0; Until = 2.0 }
        { Field = linear 3.0; Until = 2.25 }
    ]

    let dilation = Mechanics.affineGenerator [| [| 1.0 |] |] [| 0.0 |]

    let report =
        match Mechanics.monitorStretches stretches (Some dilation) id [| 2.0 |] [| 1.0 |] 90 with
        | Ok report -> report
        | Error defects -> failwith $"{defects}"

    let final = 2.0 * Elementary.exp (0.5 - 3.0 + 0.75)
    let near (expected: float) (found: float) = Assert.InRange(found, expected - 1e-5 * abs expected, expected + 1e-5 * abs expected)
    Assert.Equal<float list>([ 0.5; 2.0 ], report.Jumps |> Array.map _.Time |> Array.toList)
    Array.iter2 (fun c (jump: HamiltonianJump) -> near (c * final * final) jump.Change) [| -3.0; 5.0 |] report.Jumps
    // As a whole not constant, and as its law says with the jumps; piece by piece constant.
    Assert.False report.Hamiltonian.IsConserved
    Assert.True(report.Hamiltonian.ObeysLaw, $"{report.Hamiltonian}")
    Assert.All(report.Stretches, (fun piece -> Assert.True(piece.Hamiltonian.IsConserved && piece.Pairing.IsConserved)))

    Array.iter2
        (fun c (piece: StretchMechanics) -> near (c * final * final) piece.Hamiltonian.Values[0])
        [| 1.0; -2.0; 3.0 |]
        report.Stretches
    // The pairing and the charge of a symmetry of every piece go through.
    Assert.True(report.Pairing.IsConserved, $"{report.Pairing}")
    Assert.True(report.Charge.Value.IsConserved, $"{report.Charge}")
    Assert.All(report.Charge.Value.Values, (fun charge -> near (final * final) charge))
    // 20 + 60 + 10 steps, a time for each end: 0 and those after every step, the jumps twice.
    Assert.Equal(93, report.Times.Length)
    Assert.Equal(93, report.Hamiltonian.Values.Length)
    Assert.Equal(2, report.Times |> Array.filter ((=) 0.5) |> Array.length)

[<Fact>]
let ``the drift of H falls with order 4`` () =
    let drift steps = (onQ steps).Hamiltonian.Drift
    let order = Elementary.log (drift 40 / drift 80) / Elementary.log 2.0
    Assert.InRange(order, 3.8, 4.2)

[<Fact>]
let ``defects and solutions that end early are named`` () =
    let defects start tangent horizon steps =
        match Mechanics.monitor spiral None id start tangent horizon steps with
        | Ok _ -> []
        | Error defects -> defects |> List.map _.Where

    Assert.Equal<string list>([ "x(0)"; "δx(0)"; "T"; "steps" ], defects [| 1.0 |] [| 1.0; nan |] 0.0 2)

    let explosive = VectorField.ofFunction 1 (fun (_: D) x -> [| times x[0] (times x[0] x[0]) |])

    match Mechanics.monitor explosive None id [| 1.0 |] [| 1.0 |] 4.0 50 with
    | Error [ defect ] -> Assert.Contains("no finite number after t", defect.Found)
    | other -> Assert.Fail $"{other}"

/// P2 of the theory.
let private p2: NearIdentity<Rational> =
    let number p q = Rational.create p q

    {
        Step = number 1 4
        Weights = Array.replicate 4 [| [| number 0 1; number 1 1 |]; [| number -1 1; number 1 2 |] |]
        Biases = Array.replicate 4 [| number 1 10; number -1 5 |]
        Damping = Damping.Cubic(number 1 3)
    }

let private onP2 twin =
    let one = Rational.One
    let momentum (x: Rational[]) = [| x[0]; x[1] - one |]
    LayerMechanics.monitor twin p2 momentum [| one; Rational.create -1 2 |] [| one; one + one |]

[<Fact>]
let ``layer by layer the pairing of P2 is constant and H the known one`` () =
    for twin in [ Twin.Residual; Twin.FeedForward ] do
        let report = onP2 twin
        Assert.All(report.Pairings, (fun p -> Assert.Equal(report.Pairings[0], p)))

    let known = [| 0.3710985786491844; 0.5010811051217432; 0.6853812245112552; 0.8262620119989694 |]
    let found = (onP2 Twin.Residual).Energies |> Array.map Rational.toFloat
    Array.iter2 (fun (a: float) b -> Assert.InRange(b, a * (1.0 - 1e-12), a * (1.0 + 1e-12))) known found

[<Fact>]
let ``what the parameters of a residual layer receive is dt·H`` () =
    let report = onP2 Twin.Residual
    Assert.Equal<Rational>(report.Energies |> Array.map (fun h -> h * p2.Step), report.ParameterPairings)

[<Fact>]
let ``in a bias-free leaky network a·x and what the weights receive are one constant`` () =
    let network = { p2 with Damping = Damping.Leaky(Rational.create 1 2); Biases = Array.replicate 4 (Vector.zero 2) }

    let report =
        LayerMechanics.monitor Twin.FeedForward network id [| Rational.One; Rational.create -1 2 |] [| Rational.One; Rational.One |]

    Assert.All(Array.append report.Virials report.ParameterPairings, (fun value -> Assert.Equal(report.Virials[0], value)))

[<Fact>]
let ``log-determinants of the layers add up to that of the network`` () =
    let network = NearIdentity.map (fun (a: Rational) -> Binary64(Rational.toFloat a)) p2
    let start = [| Binary64 1.0; Binary64 -0.5 |]

    for twin in [ Twin.Residual; Twin.FeedForward ] do
        let x = NearIdentity.run twin network start
        let column i = NearIdentity.tangents twin network x (Vector.unit 2 i) |> Array.last |> Array.map _.Value
        let a, b = column 0, column 1
        let total = Elementary.log (abs (a[0] * b[1] - a[1] * b[0]))
        // Some dozens of operations on numbers below 4.
        Assert.InRange(Array.sum (LayerMechanics.logDeterminants twin network x) - total, -1e-13, 1e-13)
