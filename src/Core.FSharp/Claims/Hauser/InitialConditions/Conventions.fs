/// Four ways to start a network of order k from one vector v: four different networks.
///
/// Statement. Rest, x(−j) = v: q = (v, 0, …, 0), and without force the state stays at v. Zero padding, x(−j) = 0 (dropped skips): q = (v, …, v),
/// and without force x(l) = C(l+k−1, k−1)·v, polynomial growth. Ramp-up: layer l+1 has the order r = min(k, l+1) and uses existing states only,
/// ∇ʳx(l+1) = hʳ f^(l)(x(l)). Velocity lift: q_n = hⁿ⁻¹(B_n u + c_n), learned. For k ≥ 2 and v ≠ 0 padding and rest already differ at x(1),
/// by (k−1)v, whatever the maps.
/// Proof: the unrolled form; Σ_{m=1..k} C(l+m−2, m−1) = C(l+k−1, k−1). Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.InitialConditions.Conventions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// v, the newest vector of the drawn history.
let private input (drawn: Drawn) : Rational[] = drawn.History[0]

let private maps (drawn: Drawn) : LayerMap<Rational>[] = Array.map Array.head drawn.LayerMaps

/// x(0), …, x(L) from a history.
let private states (drawn: Drawn) (history: Rational[][]) : Rational[][] =
    Array.append [| history[0] |] (Simulation.run drawn.Smooth history).Outputs

let private rampUp (drawn: Drawn) : Rational[][] = Start.rampUp drawn.Order drawn.Step (maps drawn) (input drawn) |> Defect.orFail

/// The same network without force.
let private unforced (drawn: Drawn) : Drawn =
    let silence (map: DrawnMap) = {
        map with
            Weights = Array.map (Array.map (fun _ -> Rational.Zero)) map.Weights
            Bias = Array.map (fun _ -> Rational.Zero) map.Bias
    }

    { drawn with Maps = Array.map (Array.map silence) drawn.Maps }

/// q(0) by the definition of ∇.
let private differences (history: Rational[][]) : Rational[][] =
    Array.init history.Length (fun n -> Simulation.backwardDifference n history)

/// q = (v, 0, …, 0), and v for ever.
let private restStays (drawn: Drawn) : Outcome =
    let v, still = input drawn, unforced drawn
    let history = Start.rest drawn.Order v
    let expected = Array.init drawn.Order (fun n -> if n = 0 then v else Vector.zero v.Length)

    Outcome.check [
        fun () -> Check.blocks "q(0) at rest" expected (differences history)
        fun () -> Check.blocks "x(0) … x(L) from rest" (Array.create (drawn.Depth + 1) v) (states still history)
        fun () -> Check.blocks "x(0) … x(L) by ramp-up" (Array.create (drawn.Depth + 1) v) (rampUp still)
    ]

/// q = (v, …, v), and C(l+k−1, k−1)·v.
let private paddingGrows (drawn: Drawn) : Outcome =
    let k, v = drawn.Order, input drawn
    let history = Start.zeroPadding k v
    let weight l = Rational.ofBigInteger (Binomial.choose (l + k - 1) (k - 1))

    Outcome.check [
        fun () -> Check.blocks "q(0) with zero padding" (Array.create k v) (differences history)
        fun () ->
            states (unforced drawn) history
            |> Check.blocks "x(0) … x(L) from zero padding" (Array.init (drawn.Depth + 1) (fun l -> Vector.scale (weight l) v))
    ]

/// ∇ʳx(l+1) = hʳ f^(l)(x(l)), r = min(k, l+1), by the definition of ∇.
let private rampUpObeys (drawn: Drawn) : Outcome =
    let x, maps = rampUp drawn, maps drawn

    let obeys l =
        let r = min drawn.Order (l + 1)
        let force = Vector.scale (Rational.power drawn.Step r) (LayerMap.apply maps[l] x[l])
        Check.vectors $"∇^{r} x({l + 1})" force (Simulation.backwardDifference r (Array.init (r + 1) (fun j -> x[l + 1 - j])))

    Outcome.check [
        fun () -> Check.vectors "x(0)" (input drawn) x[0]
        fun () -> Outcome.all (seq { 0 .. drawn.Depth - 1 } |> Seq.map obeys)
    ]

/// ∇ⁿ⁻¹x(0) = hⁿ⁻¹(B_n u + c_n) through the lift of a network. The maps of the layers serve as B and c, the history as u.
let private liftHasVelocities (drawn: Drawn) : Outcome =
    let k, u = drawn.Order, input drawn
    let map n = drawn.Maps[n % drawn.Depth][0]
    let velocities = Array.init k (fun n -> Matrix.ofRows (map n).Weights, (map n).Bias)
    let lift = Start.velocityLift drawn.Step velocities |> Defect.orFail
    let network = Network.create (Some lift) (Architecture.Smooth(k, drawn.Step, maps drawn)) None |> Defect.orFail

    let expected =
        velocities |> Array.mapi (fun n (b, c) -> Vector.scale (Rational.power drawn.Step n) (Vector.add (Matrix.apply b u) c))

    Check.blocks "q(0) through the lift" expected (differences (Simulation.history network u))

/// From rest and from zero padding x(1) differs, by (k−1)v.
let private paddingIsNotRest (drawn: Drawn) : Outcome =
    let v = input drawn
    let padded, rested = (states drawn (Start.zeroPadding drawn.Order v))[1], (states drawn (Start.rest drawn.Order v))[1]

    Outcome.check [
        fun () -> Outcome.isTrue "x(1) from zero padding" "differs from x(1) from rest" (padded <> rested)
        fun () ->
            let expected = Vector.scale (Rational.ofInt (drawn.Order - 1)) v
            Check.vectors "the difference of x(1)" expected (Vector.subtract padded rested)
    ]

let private conventions drawn trace = Start.compare (=) drawn.Order drawn.Step (maps drawn) trace |> Defect.orFail

/// What a convention does to this network.
let private replay (drawn: Drawn) (convention: StartConvention<Rational>) : Rational[][] =
    match convention with
    | StartConvention.Rest -> states drawn (Start.rest drawn.Order (input drawn))
    | StartConvention.ZeroPadding -> states drawn (Start.zeroPadding drawn.Order (input drawn))
    | StartConvention.RampUp -> rampUp drawn
    | StartConvention.VelocityLift difference -> states drawn (Coordinates.toDelay difference)

/// The report on a trace: whatever is said to match reproduces the trace, the rest leaves it first where the report says; and the
/// convention that made the trace, whose name is `maker`, is among those that match.
let private isRecognised (maker: StartConvention<Rational> -> bool) (trace: Drawn -> Rational[][]) (drawn: Drawn) : Outcome =
    let trace = trace drawn
    let found = conventions drawn trace

    let isTrue (m: StartMatch<Rational>) =
        let states = replay drawn m.Convention
        let deviation = seq { 0 .. drawn.Depth } |> Seq.tryFind (fun l -> states[l] <> trace[l])
        Outcome.equal $"the first deviation of {m.Convention}" string deviation m.FirstDeviation

    Outcome.check [
        fun () -> Outcome.all (Seq.map isTrue found)
        fun () ->
            Outcome.isTrue
                "the convention of the trace"
                "matches"
                (found |> List.exists (fun m -> maker m.Convention && m.FirstDeviation.IsNone))
    ]

let private recognised =
    let isVelocity =
        function
        | StartConvention.VelocityLift _ -> true
        | _ -> false

    [
        "rest", isRecognised _.IsRest (fun drawn -> replay drawn StartConvention.Rest)
        "zero padding", isRecognised _.IsZeroPadding (fun drawn -> replay drawn StartConvention.ZeroPadding)
        "ramp-up", isRecognised _.IsRampUp rampUp
        "velocity lift", isRecognised isVelocity (fun drawn -> states drawn drawn.History)
    ]

/// Every convention is recognised in the trace it makes.
let private areRecognised (drawn: Drawn) : Outcome =
    recognised |> Seq.map (fun (name, conclude) -> conclude drawn |> Outcome.at [ "trace", name ]) |> Outcome.all

/// Smooth networks of order ≥ 2 with v ≠ 0.
let private moving: Generator<Drawn> =
    let shape = { Draws.smooth with LeastOrder = 2 }
    let moves (drawn: Drawn) = input drawn |> Array.exists (fun v -> v.Sign <> 0)

    let nudge (drawn: Drawn) =
        if moves drawn then drawn else { drawn with History = Array.updateAt 0 (Vector.unit drawn.Width 0) drawn.History }

    Generator.fromStream (fun _ -> Draws.draw shape >> nudge) (Draws.shrink shape >> Seq.filter moves) Draws.show

/// d = 1, h = 1, no force, from v.
let private coasting (order: int) (depth: int) (v: Rational) : Drawn = {
    Order = order
    Step = Rational.One
    Maps = Array.create depth [| { Weights = [| [| Rational.Zero |] |]; Bias = [| Rational.Zero |]; Activation = Activation.Identity } |]
    History = Array.create order [| v |]
}

let private references: Reference<Rational[][]> list =
    let first (x: Rational[][]) = Array.tail x

    [
        {
            Quantity = "x(1) … x(6) without force from zero padding, k = 4"
            Expected = TestMaps.rows [ "4"; "10"; "20"; "35"; "56"; "84" ]
            Compute = fun () -> first (replay (coasting 4 6 Rational.One) StartConvention.ZeroPadding)
        }
        {
            Quantity = "x(1) … x(4) by ramp-up, k = 3, h = 1/2, leaky ReLU, the test maps"
            Expected = TestMaps.rows [ "21/32 -43/64"; "9/16 -355/1024"; "27479/32768 60591/131072"; "6453405/4194304 3707253/2097152" ]
            Compute =
                fun () ->
                    let maps = Array.init 4 (TestMaps.map TestMaps.leaky 2 0)
                    Start.rampUp 3 (Rational.create 1 2) maps TestMaps.history3[0] |> Defect.orFail |> first
        }
        {
            Quantity = "x(1) without force from zero padding and from rest, k = 2"
            Expected = TestMaps.rows [ "2"; "1" ]
            Compute =
                fun () ->
                    [| StartConvention.ZeroPadding; StartConvention.Rest |]
                    |> Array.map (fun convention -> (replay (coasting 2 1 Rational.One) convention)[1])
        }
    ]

let claim: Claim =
    let smooth trials = Instances.random (Draws.generator Draws.smooth) trials
    let chosen drawn = Instances.chosen Draws.show drawn

    Paper.define
        "hauser.init.conventions"
        Paper.reconstructed
        "Starts of an order-k network from v: at rest q = (v, 0, …, 0), which stays without force; with zero padding q = (v, …, v), which without force is C(l+k−1, k−1)·v; by ramp-up ∇ʳx(l+1) = hʳ f^(l)(x(l)), r = min(k, l+1); by velocity lift q_n = hⁿ⁻¹(B_n u + c_n). Padding and rest differ at x(1) by (k−1)v ≠ 0, and each convention is recognised in its trace."
    |> Claim.hypothesis "H1" "k ≥ 2, for the conventions to differ"
    |> Claim.hypothesis "H2" "v ≠ 0, for the conventions to differ"
    |> Claim.exact "rest" (smooth 60) restStays
    |> Claim.exact "zero-padding" (smooth 60) paddingGrows
    |> Claim.exact "ramp-up" (smooth 80) rampUpObeys
    |> Claim.exact "velocity-lift" (smooth 60) liftHasVelocities
    |> Claim.exact "padding-is-not-rest" (Instances.random moving 60) paddingIsNotRest
    |> Claim.exact "recognition" (smooth 30) areRecognised
    |> Check.references Check.blocks references "reference"
    |> Claim.neededBy "H1" (chosen [ coasting 1 3 Rational.One ]) paddingIsNotRest
    |> Claim.neededBy "H2" (chosen [ coasting 2 3 Rational.Zero ]) paddingIsNotRest
