/// The state space of an additive dense network of order k in observer form.
///
/// Statement: q_n(l+1) = f_n^(l+n−1)(q₁(l)) + q_{n+1}(l), q_{k+1} = 0, from q₁(0) = x(0), q_n(0) = Σ_{m=n..k} f_m^(n−2)(x(n−1−m)) for
/// n ≥ 2, reproduces x(l) = q₁(l). All maps read the newest state. Unrolled: q_n(l) = Σ_{m=n..k} f_m^(l+n−2)(x(l+n−1−m)).
/// Maps of layers beyond the last are never needed.
/// Proof: q_n(l+1) − f_n^(l+n−1)(x(l)) = Σ_{m≥n+1} f_m^(l+n−1)(x(l+n−m)) = q_{n+1}(l).
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Dense.StateSpaceObserver

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// n, l ↦ f_n^(l), or None for the zero map.
type private Maps = int -> int -> (Rational[] -> Rational[]) option

/// A network with the maps that the start and the steps of its observer take.
[<NoComparison; NoEquality>]
type private Case = { Name: string; Start: Maps -> Maps; Step: int -> Maps -> Maps; Network: Drawn }

let private within (drawn: Drawn) : Maps = fun n l -> if 0 <= l && l < drawn.Depth then Some(LayerMap.apply (drawn.Map(n, l))) else None

/// q(0), …, q(L)
let private states (case: Case) (maps: Maps) : Rational[][][] =
    let start = DenseState.observerStart (case.Start maps) case.Network.History
    Array.scan (fun q l -> DenseState.observer (case.Step l maps) l q) start [| 0 .. case.Network.Depth - 1 |]

let private newest (states: Rational[][][]) = Array.tail states |> Array.map Array.head

/// The first block of the observer runs through x(1) … x(L) of the network written out.
let private reproduces (case: Case) : Outcome =
    Check.blocks "x(1) … x(L)" (Written.outputs case.Network) (newest (states case (within case.Network)))

let private right (drawn: Drawn) = { Name = "f_n^(l+n−1)"; Start = id; Step = (fun _ -> id); Network = drawn }

/// Every block is the sum of what the past will still contribute.
let private isUnrolled (drawn: Drawn) : Outcome =
    let x = Written.states drawn
    let found = states (right drawn) (within drawn)

    let block l n =
        if n = 1 then
            x l
        else
            seq {
                for m in n .. drawn.Order do
                    if l + n - 2 < drawn.Depth then
                        Written.value (drawn.Maps[l + n - 2][m - 1]) (x (l + n - 1 - m))
            }
            |> Written.sum drawn.Width

    Outcome.all (seq { for l in 0 .. drawn.Depth -> Check.blocks $"q({l})" (Array.init drawn.Order (fun i -> block l (i + 1))) found[l] })

/// Other maps in place of the zero maps beyond the last layer change nothing.
let private needsNoLaterMaps (drawn: Drawn) : Outcome =
    let continued: Maps = fun n l -> Some(LayerMap.apply (drawn.Map(n, l % drawn.Depth)))
    Check.blocks "x(1) … x(L)" (Written.outputs drawn) (newest (states (right drawn) continued))

/// The observer form as data runs through the same states, and gives the network back.
let private converts (drawn: Drawn) : Outcome =
    let form = ObserverForm.denseToObserver drawn.LayerMaps |> Defect.orFail

    Outcome.check [
        fun () -> Check.blocks "x(1) … x(L) of the form" (Written.outputs drawn) (newest (ObserverForm.run form drawn.History))
        fun () -> Outcome.isTrue "the dense network of the form" "is the network" (ObserverForm.observerToDense form = drawn.LayerMaps)
    ]

/// f_n^(l) in place of f_n^(l+n−1), the maps of the layer the step leaves; and f_m^(0) in the start.
let private unshifted l (maps: Maps) : Maps = fun n _ -> maps n l

let private wrongStep (drawn: Drawn) = { right drawn with Name = "right start, step f_n^(l)"; Step = unshifted }

let private wrongBoth (drawn: Drawn) = { Name = "start f_m^(0), step f_n^(l)"; Start = unshifted 0; Step = unshifted; Network = drawn }

/// The layers as drawn, all like the first.
let private tied (drawn: Drawn) = { drawn with Maps = Array.create drawn.Depth drawn.Maps[0] }

/// Where all layers have the same maps, the shift does not show: k−1 further layers keep the zero maps away.
let private tiedNeedsNoShift (drawn: Drawn) : Outcome =
    let drawn = tied drawn
    let always: Maps = fun n _ -> Some(LayerMap.apply (drawn.Map(n, 0)))
    Check.blocks "x(1) … x(L)" (Written.outputs drawn) (newest (states (wrongBoth drawn) always))

/// The test maps as a drawn network: k = 3, d = 2, ReLU, L = 4.
let private testNetwork: Drawn =
    let map l i = {
        Weights = LayerTime.Core.Algebra.Matrix.toRows (TestMaps.weights 2 (i + 1) l)
        Bias = TestMaps.bias 2 (i + 1) l
        Activation = Activation.Relu
    }

    { Order = 3; Step = Rational.One; Maps = Array.init 4 (fun l -> Array.init 3 (map l)); History = TestMaps.history3 }

let private trace (case: Case) = fun () -> newest (states case (within case.Network))

/// Hénon's map as an observer: q₁⁺ = 1 − (7/5)q₁² + q₂, q₂⁺ = (3/10)q₁.
let private hénon () : Rational[][] =
    let f1 (x: Rational[]) = [| Rational.One - Rational.create 7 5 * x[0] * x[0] |]
    let f2 (x: Rational[]) = [| Rational.create 3 10 * x[0] |]
    let maps: Maps = fun n _ -> Some(if n = 1 then f1 else f2)
    let start = DenseState.observerStart maps [| [| Rational.Zero |]; [| Rational.Zero |] |]
    Array.scan (fun q l -> DenseState.observer maps l q) start [| 0..4 |] |> newest

let private references: Reference<Rational[][]> list = [
    {
        Quantity = "q(0), order 3, ReLU"
        Expected = TestMaps.rows [ "1 -1/2"; "0 37/24"; "5/4 0" ]
        Compute = fun () -> DenseState.observerStart (within testNetwork) testNetwork.History
    }
    {
        Quantity = "x(1) … x(4), order 3, ReLU"
        Expected = TestMaps.rows [ "0 37/24"; "5/4 181/96"; "617/384 0"; "1619/384 919/1536" ]
        Compute = trace (right testNetwork)
    }
    {
        Quantity = "the wrong x(1) … x(4) of start f_m^(0) and step f_n^(l)"
        Expected = TestMaps.rows [ "0 37/24"; "1/12 151/32"; "803/128 9/4"; "109/48 4007/1536" ]
        Compute = trace (wrongBoth testNetwork)
    }
    {
        Quantity = "the wrong x(1) … x(4) of the right start and step f_n^(l)"
        Expected = TestMaps.rows [ "0 37/24"; "5/4 325/96"; "1769/384 9/4"; "109/48 5747/1536" ]
        Compute = trace (wrongStep testNetwork)
    }
    {
        Quantity = "x(1) … x(5) of Hénon's map"
        Expected = TestMaps.rows [ "1"; "-2/5"; "269/250"; "-231527/312500"; "270665175397/488281250000" ]
        Compute = hénon
    }
]

let claim: Claim =
    let generator = Draws.generator Draws.dense
    let show (case: Case) = ("maps", case.Name) :: Draws.show case.Network

    let unshiftedDraws =
        Generator.create
            (generator.Gen |> FsCheck.FSharp.Gen.map wrongBoth)
            (fun case -> generator.Shrink case.Network |> Seq.map wrongBoth)
            show

    Paper.define
        "hauser.dense.state-space-observer"
        Paper.reconstructed
        "q_n(l+1) = f_n^(l+n−1)(q₁(l)) + q_{n+1}(l), q_{k+1} = 0, from q₁(0) = x(0), q_n(0) = Σ_{m=n..k} f_m^(n−2)(x(n−1−m)), n ≥ 2, reproduces x(l) = q₁(l) of x(l+1) = Σ_n f_n^(l)(x(l+1−n)). Maps of layers beyond the last are never needed."
    |> Claim.hypothesis "H1" "a map is taken from the layer in which its value is used: f_n^(l+n−1) in the step, f_m^(n−2) in the start"
    |> Claim.exact "reproduces" (Instances.random generator 40) (right >> reproduces)
    |> Claim.exact "unrolled" (Instances.random generator 40) isUnrolled
    |> Claim.exact "later-maps-unused" (Instances.random generator 20) needsNoLaterMaps
    |> Claim.exact "conversion" (Instances.random generator 40) converts
    |> Claim.exact "tied-maps-hide-the-shift" (Instances.random generator 20) tiedNeedsNoShift
    |> Check.references Check.blocks references "reference"
    |> Claim.neededBy "H1" (Instances.chosen show [ wrongBoth testNetwork; wrongStep testNetwork ]) reproduces
    |> Claim.neededBy "H1" (Instances.random unshiftedDraws 50) reproduces
