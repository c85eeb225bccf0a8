/// Dense networks whose maps depend on the source layer only are residual networks.
///
/// Statement: x(l+1) = x(0) + Σ_{j=0..l} g^(j)(x(j)) for all l ⇔ x(l+1) = x(l) + g^(l)(x(l)): the state that grows with depth
/// collapses to d numbers.
/// Proof: subtract consecutive layers.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Dense.SourceSharedIsResidual

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// x(l+1) = x(0) + Σ_j g^(j→l+1)(x(j)) over the last `Window` sources j; Maps[l][j] = g^(j→l+1), j = 0..l.
[<NoComparison>]
type private Sum = { Name: string; Window: int; Maps: LayerMap<Rational>[][]; Start: Rational[] }

/// The dense network: x(0) is the state of age l+1, and a source j that of age l+1−j.
let private dense (sum: Sum) : Rational[][] =
    let d, depth = sum.Start.Length, sum.Maps.Length

    let side l =
        let sources = [| for j in max 0 (l + 1 - sum.Window) .. l -> { Age = l + 1 - j; Map = sum.Maps[l][j] } |]
        RightHandSide.Additive(Array.append [| { Age = l + 1; Map = LayerMap.linear (Matrix.identity d) } |] sources)

    let equation = DifferenceEquation.create d 0 Rational.One (Array.init depth side) |> Defect.orFail
    // Nothing before x(0) is read.
    let history = Array.init equation.Blocks (fun j -> if j = 0 then sum.Start else Vector.zero d)
    (Simulation.run equation history).Outputs

/// The sum obeys x(l+1) = x(l) + g^(l)(x(l)) with g^(l) = g^(l→l+1), and is the trajectory of that residual network.
let private isResidual (sum: Sum) : Outcome =
    let found = dense sum
    let newest l = sum.Maps[l][l]
    let x l = if l = 0 then sum.Start else found[l - 1]

    let increment l = Check.vectors $"x({l + 1}) − x({l})" (LayerMap.apply (newest l) (x l)) (Array.map2 (-) (x (l + 1)) (x l))

    let residual () =
        let network =
            Architecture.Residual(Rational.One, Array.init sum.Maps.Length newest) |> Architecture.equation |> Defect.orFail

        Check.blocks "x(1) … x(L)" (Simulation.run network [| sum.Start |]).Outputs found

    Outcome.check [ (fun () -> Outcome.all (Seq.map increment (seq { 0 .. sum.Maps.Length - 1 }))); residual ]

/// The sum in which the map g^(j) depends on the source alone, over all sources.
let private shared (start: Rational[]) (maps: LayerMap<Rational>[]) : Sum = {
    Name = "g^(j), all sources"
    Window = maps.Length
    Maps = maps |> Array.mapi (fun l _ -> Array.take (l + 1) maps)
    Start = start
}

let private drawn (drawn: Drawn) : Sum = shared drawn.History[0] (drawn.LayerMaps |> Array.map Array.head)

let private show (sum: Sum) = [
    "maps", sum.Name
    "window", string sum.Window
    "x(0)", Draws.showVector sum.Start
    "layers", string sum.Maps.Length
]

let private scalar (a: int) = LayerMap.linear (Matrix.ofRows [| [| Rational.ofInt a |] |])

/// g^(0→1) = x, g^(0→2) = 2x, g^(1→2) = 0 from x(0) = 1: the sum gives 2, 3, the residual network 2, 2.
let private targetDependent: Sum = {
    Name = "g^(0→1) = x, g^(0→2) = 2x, g^(1→2) = 0"
    Window = 2
    Maps = [| [| scalar 1 |]; [| scalar 2; scalar 0 |] |]
    Start = [| Rational.One |]
}

/// g = id from x(0) = 1, only the last source: 1, 2, 3, 4 instead of 1, 2, 4, 8.
let private windowOne: Sum = {
    shared [| Rational.One |] (Array.create 3 (scalar 1)) with
        Name = "g = id, the last source only"
        Window = 1
}

let private references: Reference<Rational[][]> list =
    let start = TestMaps.history3[0]
    let last trajectory = [| Array.last trajectory |]

    [
        {
            Quantity = "x(6), ReLU, the test maps"
            Expected = TestMaps.rows [ "4317/512 8361/512" ]
            Compute = fun () -> Array.init 6 (TestMaps.map Activation.Relu 2 0) |> shared start |> dense |> last
        }
        {
            Quantity = "x(1), x(2) with maps that depend on the target"
            Expected = TestMaps.rows [ "2"; "3" ]
            Compute = fun () -> dense targetDependent
        }
        {
            Quantity = "x(1) … x(3) with a window of 1"
            Expected = TestMaps.rows [ "2"; "3"; "4" ]
            Compute = fun () -> dense windowOne
        }
    ]

let claim: Claim =
    Paper.define
        "hauser.dense.source-shared-is-residual"
        Paper.reconstructed
        "x(l+1) = x(0) + Σ_{j=0..l} g^(j)(x(j)) for all l ⇔ x(l+1) = x(l) + g^(l)(x(l))."
    |> Claim.hypothesis "H1" "the window is unlimited: every layer reads all layers before it"
    |> Claim.hypothesis "H2" "the map of a connection depends on its source layer only"
    |> Claim.exact "is-residual" (Instances.random (Draws.generator Draws.smooth) 60) (drawn >> isResidual)
    |> Check.references Check.blocks references "reference"
    |> Claim.neededBy "H1" (Instances.chosen show [ windowOne ]) isResidual
    |> Claim.neededBy "H2" (Instances.chosen show [ targetDependent ]) isResidual
