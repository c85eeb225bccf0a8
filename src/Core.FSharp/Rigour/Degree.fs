namespace LayerTime.Core.Rigour

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// The Brouwer degree of a map on a box, as far as it is known.
[<RequireQualifiedAccess>]
type Degree =
    /// deg(F, int B, 0); F has no zero on the boundary.
    | Known of int
    /// Not decided, and why.
    | Undefined of reason: string

/// The Brouwer degree deg(F, int B, 0) computed from the boundary of B alone.
/// One dimension: the signs at the ends. Two: the winding of F along the boundary. More: Kronecker's reduction to the zeros of all
/// components but one on the faces.
[<RequireQualifiedAccess>]
module Degree =
    /// The largest number of boundary pieces that the walk in two dimensions looks at.
    let private maxEvaluations = 5000

    /// F over boxes of one dimension after the other, by affine enclosures: c ± (e + Σ_j |Q_ij|·r_j), rounded outward.
    let private ranges (system: ISquareSystem) : Box -> Interval[] =
        let lineariser = system.Lineariser()
        let n = system.Dimension
        let enclosure = AffineEnclosure n

        fun box ->
            lineariser.Linearise(box, enclosure)

            Array.init n (fun i ->
                let mutable r = enclosure.Error[i]

                for j in 0 .. n - 1 do
                    r <- Directed.addUp r (Directed.multiplyUp (Math.Abs enclosure.Slope[i * n + j]) enclosure.Radius[j])

                if r < infinity then
                    Interval.ofBounds (Directed.addDown enclosure.Value[i] -r) (Directed.addUp enclosure.Value[i] r)
                else
                    Interval.entire)

    let private ends (system: ISquareSystem) (box: Box) : Degree =
        let sign x = system.Value [| Interval.ofFloat x |] |> Array.head |> Interval.sign

        match sign box[0].Lower, sign box[0].Upper with
        | Some a, Some b when a <> 0 && b <> 0 -> Degree.Known((b - a) / 2)
        | _ -> Degree.Undefined "the sign at an end of the interval is not decided"

    /// 0 … 3 for F in the open half-plane +x, +y, −x, −y; None where no component has a sign.
    let private halfPlane (value: Interval[]) : int option =
        match Interval.sign value[0], Interval.sign value[1] with
        | Some 1, _ -> Some 0
        | _, Some 1 -> Some 1
        | Some -1, _ -> Some 2
        | _, Some -1 -> Some 3
        | _ -> None

    /// The edges of a rectangle, counter-clockwise: the fixed coordinate and its value, and whether the other one runs upward.
    let private edges (box: Box) = [ 1, box[1].Lower, true; 0, box[0].Upper, true; 1, box[1].Upper, false; 0, box[0].Lower, false ]

    /// The half-planes along the boundary in order; or why not. Pieces are bisected until a component has a sign.
    let private labels (system: ISquareSystem) (maxEvaluations: int) (box: Box) : Result<int list, string> =
        let range = ranges system
        let mutable evaluations = 0

        let rec along (edge: Box) moving forward : int list option =
            evaluations <- evaluations + 1

            match halfPlane (range edge) with
            | Some label -> Some [ label ]
            | None when evaluations >= maxEvaluations || Interval.width edge[moving] < 1e-12 -> None
            | None ->
                let struct (low, high) = Box.bisect moving edge
                let first, second = if forward then low, high else high, low

                match along first moving forward with
                | None -> None
                | Some start -> along second moving forward |> Option.map (fun rest -> start @ rest)

        let walk (fixedCoordinate, value, forward) =
            let edge = Array.mapi (fun i side -> if i = fixedCoordinate then Interval.ofFloat value else side) box
            along edge (1 - fixedCoordinate) forward

        let walked = edges box |> List.map walk

        if List.forall Option.isSome walked then
            Ok(List.collect (Option.defaultValue []) walked)
        else
            Error $"no component has a sign on some piece of the boundary after {evaluations} evaluations"

    let private winding (system: ISquareSystem) (maxEvaluations: int) (box: Box) : Degree =
        match labels system maxEvaluations box with
        | Error reason -> Degree.Undefined reason
        | Ok labels ->
            // Neighbouring pieces share a point, so F turns by a quarter at most: the differences are −1, 0, 1 modulo 4.
            let turn (a, b) =
                match (b - a + 4) % 4 with
                | 0 -> 0
                | 1 -> 1
                | 3 -> -1
                | _ -> invalidOp "neighbouring pieces of the boundary lie in opposite half-planes"

            let quarters = List.pairwise (labels @ [ List.head labels ]) |> List.sumBy turn
            Degree.Known(quarters / 4)

    /// The matrix without a row and a column.
    let private minor (row: int) (column: int) (m: Matrix<Interval>) : Matrix<Interval> =
        let skip removed i = if i < removed then i else i + 1
        Matrix.init (m.Rows - 1) (m.Columns - 1) (fun i j -> m[skip row i, skip column j])

    /// The components but one of F on the face x_i = value, in the remaining coordinates.
    let private onFace (system: ISquareSystem) (component': int) (i: int) (value: float) : ISquareSystem =
        let n = system.Dimension
        let embed (face: Box) : Box = Array.insertAt i (Interval.ofFloat value) face
        let rest = Array.removeAt component'

        // A row and a column of the enclosure on the whole space are left out; x_i is a point, so that its column multiplies zero.
        let lineariser () =
            let whole = system.Lineariser()
            let enclosure = AffineEnclosure n
            let skip removed j = if j < removed then j else j + 1

            {
                new ILineariser with
                    member _.Linearise(face, part) =
                        whole.Linearise(embed face, enclosure)

                        for a in 0 .. n - 2 do
                            part.Centre[a] <- enclosure.Centre[skip i a]
                            part.Radius[a] <- enclosure.Radius[skip i a]
                            part.Value[a] <- enclosure.Value[skip component' a]
                            part.Error[a] <- enclosure.Error[skip component' a]

                            for b in 0 .. n - 2 do
                                part.Slope[a * (n - 1) + b] <- enclosure.Slope[skip component' a * n + skip i b]
            }

        {
            new ISquareSystem with
                member _.Dimension = n - 1
                member _.Value face = rest (system.Value(embed face))

                member _.ValueAndJacobian face =
                    let struct (values, jacobian) = system.ValueAndJacobian(embed face)
                    struct (rest values, minor component' i jacobian)

                member _.Lineariser() = lineariser ()
        }

    /// The part of one face in Kronecker's sum for one component: Σ s·(−1)ⁱ·sign det over the zeros with F_component > 0.
    let private faceSum
        (system: ISquareSystem)
        (options: SearchOptions)
        (component': int)
        (box: Box)
        (i: int)
        (upper: bool)
        : Result<int, string> =
        let value = if upper then box[i].Upper else box[i].Lower
        let face = Array.removeAt i box
        let faceSystem = onFace system component' i value
        let search = ZeroSearch.run faceSystem options (ZeroSearch.start face)

        let contribution (zero: IsolatedZero) =
            let place = Array.insertAt i (Interval.ofFloat value) zero.Zero
            let struct (_, jacobian) = faceSystem.ValueAndJacobian zero.Home

            let value = system.Value place

            match Interval.sign value[component'], Interval.sign (IntervalMatrix.determinant jacobian) with
            | Some 1, Some sign ->
                let outward = if upper then 1 else -1
                Ok(outward * (if i % 2 = 0 then 1 else -1) * sign)
            | Some -1, _ -> Ok 0
            | _ -> Error $"a sign at a zero on the face x{i + 1} = {value} is not decided"

        match Isolation.distinct faceSystem options search with
        | Error reason -> Error $"the zeros on the face x{i + 1} = {value} are not all known: {reason}"
        | Ok zeros when List.exists (fun zero -> not (Box.interior zero.Zero face) && not (Box.disjoint zero.Zero face)) zeros ->
            Error $"a zero of the other components lies near an edge of the face x{i + 1} = {value}"
        | Ok zeros ->
            zeros
            |> List.filter (fun zero -> Box.interior zero.Zero face)
            |> List.map contribution
            |> List.fold (fun sum next -> Result.bind (fun a -> Result.map ((+) a) next) sum) (Ok 0)

    let private kronecker (system: ISquareSystem) (options: SearchOptions) (box: Box) : Degree =
        let n = system.Dimension

        let byComponent component' =
            let faces = [
                for i in 0 .. n - 1 do
                    i, false
                    i, true
            ]

            // Taking the component to the front is a permutation of sign (−1)^component.
            let orientation = if component' % 2 = 0 then 1 else -1

            faces
            |> List.fold
                (fun sum (i, upper) -> Result.bind (fun a -> faceSum system options component' box i upper |> Result.map ((+) a)) sum)
                (Ok 0)
            |> Result.map ((*) orientation)

        let attempts = Seq.init n byComponent |> Seq.cache

        match Seq.tryPick Result.toOption attempts, Seq.tryLast attempts with
        | Some degree, _ -> Degree.Known degree
        | None, Some(Error reason) -> Degree.Undefined reason
        | None, _ -> Degree.Undefined "no component could be used"

    /// deg(F, int B, 0) from the boundary of B within a number of evaluations (two dimensions) or what `options` allow on each face (three
    /// and more).
    let within (maxEvaluations: int) (system: ISquareSystem) (options: SearchOptions) (box: Box) : Degree =
        match system.Dimension with
        | 1 -> ends system box
        | 2 -> winding system maxEvaluations box
        | _ -> kronecker system options box

    /// deg(F, int B, 0) from the boundary of B; `options` govern the searches on the faces, in three dimensions and more.
    let onBox (system: ISquareSystem) (options: SearchOptions) (box: Box) : Degree = within maxEvaluations system options box
