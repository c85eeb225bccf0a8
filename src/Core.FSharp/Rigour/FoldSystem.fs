namespace LayerTime.Core.Rigour

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// A fold with its proof: along a path of weights, the one place in a box at which a critical point is degenerate.
[<NoComparison; NoEquality>]
type Fold = {
    /// The box of (x, v, s) in which there is no other degenerate critical point with its kernel vector.
    Home: Box
    /// An enclosure of the degenerate critical point x*.
    Point: Box
    /// An enclosure of the kernel vector v of the Hessian there, |v|₂ = 1.
    Kernel: Box
    /// An enclosure of the parameter s*.
    Parameter: Interval
    /// Φ_xxx[v, v, v], not zero.
    Cubic: Interval
    /// v·Φ_xs, not zero.
    Transversal: Interval
} with

    /// −1 where the two critical points exist for s below s*, +1 for s above: the sign of −(v·Φ_xs)·Φ_xxx[v, v, v].
    member fold.Side: int =
        match Interval.sign fold.Cubic, Interval.sign fold.Transversal with
        | Some cubic, Some transversal -> -cubic * transversal
        // Both signs are part of the proof.
        | _ -> 0

/// <summary>Folds of critical points along a path of weights, as zeros of F(x, v, s) = (Φ_x, H·v, (|v|² − 1)/2) (Kühn and Kuntz, fold).</summary>
/// <remarks>DF is regular at a zero iff the kernel of H is the line of v, Φ_xxx[v, v, v] ≠ 0 and v·Φ_xs ≠ 0, so that one Krawczyk test proves all
/// three. Everything is read off one evaluation of the network: a 2-jet in (x, s) over dual numbers in direction (v, 0), over intervals.</remarks>
[<RequireQualifiedAccess>]
module FoldSystem =
    /// Φ as a 2-jet in (x, s) whose entries carry their derivative in direction (v, 0).
    let private jet (path: WeightPath) (x: Interval[]) (v: Interval[]) (s: Interval) : Jet<AnalyticDual<Interval>> =
        let dual value derivative = AnalyticDual<Interval>(Dual(value, derivative))
        let zero = Ring.ratio 0 1

        let variables =
            Array.append (Array.map2 dual x v) [| dual s zero |] |> Jet.variables |> Array.map AnalyticJet<AnalyticDual<Interval>>

        let constant a = AnalyticJet<AnalyticDual<Interval>>(Jet.constant (dual a zero))
        let network = WeightPath.at constant (Array.last variables) path

        let output = Perceptron.apply ActivationKind.over network (Array.take path.Inputs variables)
        (Array.head output).Inner

    /// x, v and s of a box of dimension 2n + 1.
    let private split (n: int) (box: Box) : struct (Box * Box * Interval) = struct (Array.take n box, box[n .. 2 * n - 1], box[2 * n])

    /// Φ_x with H·v, and H with Φ_xxx[v], both in the variables (x, s).
    let private read (path: WeightPath) (box: Box) : struct (Dual<Interval>[] * (int -> int -> Dual<Interval>)) =
        let n = path.Inputs
        let struct (x, v, s) = split n box
        let jet = jet path x v s
        let first = Jet.gradient (n + 1) jet |> Array.map _.Inner
        struct (first, (fun i j -> (Jet.secondDerivative jet i j).Inner))

    let private valueOf (n: int) (box: Box) (first: Dual<Interval>[]) : Interval[] =
        let struct (_, v, _) = split n box
        let square = v |> Array.map Interval.square |> Array.fold (fun a b -> Arithmetic.(+) a b) (Ring.ratio 0 1)

        Array.concat [
            Array.init n (fun i -> first[i].Value)
            Array.init n (fun i -> first[i].Derivative)
            [| Arithmetic.(*) (Ring.ratio 1 2) (Arithmetic.(-) square (Ring.ratio 1 1)) |]
        ]

    /// The system in (x, v, s), in this order, of dimension 2n + 1.
    let create (path: WeightPath) : ISquareSystem =
        let n = path.Inputs

        let value box =
            let struct (first, _) = read path box
            valueOf n box first

        let valueAndJacobian (box: Box) =
            let struct (first, second) = read path box
            let struct (_, v, _) = split n box
            let zero: Interval = Ring.ratio 0 1

            // Columns: x, v, s; in the jet, s is variable n.
            let entry row column =
                if row < n then
                    if column < n then (second row column).Value
                    elif column < 2 * n then zero
                    else (second row n).Value
                elif row < 2 * n then
                    if column < n then (second (row - n) column).Derivative
                    elif column < 2 * n then (second (row - n) (column - n)).Value
                    else (second (row - n) n).Derivative
                elif n <= column && column < 2 * n then
                    v[column - n]
                else
                    zero

            struct (valueOf n box first, Matrix.init (2 * n + 1) (2 * n + 1) entry)

        SquareSystem.ofFunctions (2 * n + 1) value valueAndJacobian

    /// The box about (x, v, s) with radius r in x and 2r in v and in s.
    let box (r: float) (x: float[]) (v: float[]) (s: float) : Box =
        let about radius centre = Interval.ofBounds (centre - radius) (centre + radius)
        Array.concat [ Array.map (about r) x; Array.map (about (2.0 * r)) v; [| about (2.0 * r) s |] ]

    /// Proves that the box of `FoldSystem.box` about an approximate fold holds exactly one zero of the system, a fold; or None.
    let tryProve (path: WeightPath) (r: float) (x: float[]) (v: float[]) (s: float) : Fold option =
        let n = path.Inputs
        let system = create path
        let home = box r x v s

        match Krawczyk.step system home with
        | KrawczykVerdict.Unique zero ->
            let struct (point, kernel, parameter) = split n (Krawczyk.refine system home zero)
            let struct (_, second) = read path (Array.concat [ point; kernel; [| parameter |] ])
            let third = Matrix.init n n (fun i j -> (second i j).Derivative)
            let mixed = Array.init n (fun i -> (second i n).Value)

            Some {
                Home = home
                Point = point
                Kernel = kernel
                Parameter = parameter
                Cubic = Vector.dot kernel (Matrix.apply third kernel)
                Transversal = Vector.dot kernel mixed
            }
        | KrawczykVerdict.Excluded
        | KrawczykVerdict.Contracted _
        | KrawczykVerdict.NoPreconditioner -> None
