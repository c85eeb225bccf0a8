namespace LayerTime.Core.Constructions

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// w(t)x + b(t) + g(x) on a piece of a neural ODE, with polynomials of t.
[<NoComparison>]
type NearIdentityPiece = {
    /// Where the piece begins.
    Start: Rational
    /// Where it ends.
    Until: Rational
    /// w_0, w_1, … of w(t) = w_0 + t·w_1 + …
    Weights: Matrix<Rational>[]
    /// b_0, b_1, …, as many.
    Biases: Rational[][]
    /// g
    Nonlinearity: Nonlinearity<Binary64>
}

/// <summary>Neural ODEs of the form x′ = w(t)x + b(t) + c·σ(x), recognised and written down.</summary>
/// <remarks>
/// Their maps have one affine layer (c = 0), or two: the inner one computes an affine function of x beside σ(x), and the outer one adds
/// c·σ(x) to an affine function of the rest. −γx³ is 3γx − 3γ(x + x³/3), and κ·max(−x, 0) is κ·relu(x) − κx.
/// </remarks>
[<RequireQualifiedAccess>]
module NearIdentityOde =
    let private expected =
        "w(t)x + b(t) + c·σ(x): one affine layer, or an inner layer of 2n rows, the last n of them σ(x) with the identity matrix and no bias, and an outer one with c·I for these"

    let private exactly (x: Binary64) : Rational = Rational.ofFloat x.Value

    /// The float that a fraction is, if it is one.
    let private tryFloat (x: Rational) : float option =
        let nearest = Rational.toFloat x
        if Double.IsFinite nearest && Rational.ofFloat nearest = x then Some nearest else None

    let private block (rows: int) (columns: int) (i: int) (j: int) (m: Matrix<Binary64>) : Matrix<Rational> =
        Matrix.init rows columns (fun r c -> exactly m[i + r, j + c])

    let private multiple (c: Rational) (n: int) : Matrix<Rational> = Matrix.scale c (Matrix.identity n)

    /// A product of two polynomials, given the product of two coefficients and their sum.
    let private convolve (product: 'A -> 'B -> 'C) (sum: 'C -> 'C -> 'C) (p: 'A[]) (q: 'B[]) : 'C[] =
        Array.init (p.Length + q.Length - 1) (fun k ->
            seq { max 0 (k - q.Length + 1) .. min k (p.Length - 1) } |> Seq.map (fun i -> product p[i] q[k - i]) |> Seq.reduce sum)

    let private addTo (p: 'A[]) (sum: 'A -> 'A -> 'A) (q: 'A[]) : 'A[] =
        Array.init (max p.Length q.Length) (fun k ->
            if k >= q.Length then p[k]
            elif k >= p.Length then q[k]
            else sum p[k] q[k])

    /// c·σ(x) + (w(t)x + b(t)), with σ split so that g decreases where it can: −γx³ and κ·max(−x, 0).
    let private withNonlinearity
        (σ: Activation<Binary64>)
        (c: Rational)
        (w: Matrix<Rational>[])
        : Matrix<Rational>[] * Nonlinearity<Binary64> option =
        let shifted = addTo w Matrix.add [| multiple c w[0].Rows |]

        match σ with
        | Activation.Cubic when c.Sign < 0 && (tryFloat (-c / Rational.ofInt 3)).IsSome ->
            shifted, tryFloat (-c / Rational.ofInt 3) |> Option.map (fun γ -> Nonlinearity.Damping(Damping.Cubic(Binary64 γ)))
        | Activation.Relu -> shifted, tryFloat c |> Option.map (fun κ -> Nonlinearity.Damping(Damping.Leaky(Binary64 κ)))
        | Activation.LeakyRelu slope when (tryFloat (c * (Rational.One - exactly slope))).IsSome ->
            shifted, tryFloat (c * (Rational.One - exactly slope)) |> Option.map (fun κ -> Nonlinearity.Damping(Damping.Leaky(Binary64 κ)))
        | σ -> w, tryFloat c |> Option.map (fun c -> Nonlinearity.Scaled(Binary64 c, σ))

    let private recognise (coefficients: LayerMap<Binary64>[]) : (Matrix<Rational>[] * Rational[][] * Nonlinearity<Binary64>) option =
        let φ = coefficients[0]
        let n = φ.InputWidth
        let layer m = coefficients |> Array.map (fun map -> map.Layers[m])
        let weights rows columns i j m = layer m |> Array.map (fun l -> block rows columns i j l.Weights)
        let biases count i m = layer m |> Array.map (fun l -> Array.map exactly (l.Bias.Slice(i, count).ToArray()))

        let isIdentity =
            function
            | Activation.Identity -> true
            | _ -> false

        let isZero (m: Matrix<Rational>) = m.Entries.ToArray() |> Array.forall (fun x -> x.Sign = 0)
        let isConstant value polynomial = Array.head polynomial = value && polynomial |> Array.tail |> Array.forall isZero

        match φ.Layers.Length with
        | 1 when Seq.init n φ.Layers[0].Activation |> Seq.forall isIdentity ->
            Some(weights n n 0 0 0, biases n 0 0, Nonlinearity.Damping(Damping.Leaky(Binary64 0.0)))
        | 2 when φ.Layers[0].OutputWidth = 2 * n && φ.OutputWidth = n ->
            let inner, outer = φ.Layers[0], φ.Layers[1]
            let σ = inner.Activation n
            let c = exactly outer.Weights[0, n]

            let isForm =
                Seq.init n inner.Activation |> Seq.forall isIdentity
                && Seq.init n (fun i -> inner.Activation(n + i)) |> Seq.forall ((=) σ)
                && Seq.init n outer.Activation |> Seq.forall isIdentity
                && isConstant (Matrix.identity n) (weights n n n 0 0)
                && biases n n 0 |> Array.forall (Array.forall (fun x -> x.Sign = 0))
                && isConstant (multiple c n) (weights n n 0 n 1)

            if isForm then
                let q, p = weights n n 0 0 1, weights n n 0 0 0
                let w, g = withNonlinearity σ c (convolve Matrix.multiply Matrix.add q p)
                let b = addTo (convolve Matrix.apply Vector.add q (biases n 0 0)) Vector.add (biases n 0 1)
                let degree = max w.Length b.Length
                let w = Array.append w (Array.replicate (degree - w.Length) (Matrix.zero n n))
                let b = Array.append b (Array.replicate (degree - b.Length) (Vector.zero n))
                g |> Option.map (fun g -> w, b, g)
            else
                None
        | _ -> None

    /// The pieces in this form; or which one has another.
    let pieces (ode: NeuralOde<Binary64>) : Result<NearIdentityPiece[], Defect list> =
        let times = NeuralOde.times ode

        let piece i (field: FieldPiece<Binary64>) =
            match recognise field.Coefficients with
            | Some(w, b, g) -> Ok { Start = times[i]; Until = field.Until; Weights = w; Biases = b; Nonlinearity = g }
            | None -> Error [ Defect.create $"field, piece {i}" "another form" expected ]

        ode.Pieces.ToArray() |> Array.mapi piece |> Defect.all

    /// p(t + s) for a polynomial p, by Horner: the coefficients of t.
    let private shift (add: 'A -> 'A -> 'A) (scale: Rational -> 'A -> 'A) (s: Rational) (p: 'A[]) : 'A[] =
        Array.foldBack
            (fun c (sum: 'A[]) ->
                if sum.Length = 0 then
                    [| c |]
                else
                    // c + (t + s)·sum
                    let moved = Array.append (Array.map (scale s) sum) [| scale Rational.Zero sum[0] |]
                    let risen = Array.append [| c |] sum
                    Array.map2 add risen moved)
            p
            [||]

    /// A piece as a field with its own time from 0 on, in floats, and whether a number had to be rounded for that.
    let toField (piece: NearIdentityPiece) : Result<NearIdentityField * bool, Defect list> =
        let w = shift Matrix.add Matrix.scale piece.Start piece.Weights
        let b = shift Vector.add Vector.scale piece.Start piece.Biases
        let horizon = piece.Until - piece.Start

        let isRounded =
            Seq.append (w |> Seq.collect (fun m -> m.Entries.ToArray())) (Seq.concat b)
            |> Seq.append [ horizon ]
            |> Seq.exists (fun x -> (tryFloat x).IsNone)

        let numbers = Array.map Rational.toFloat

        NearIdentityField.polynomial
            (w |> Array.map (fun m -> Matrix.toRows m |> Array.map numbers))
            (Array.map numbers b)
            piece.Nonlinearity
            (Rational.toFloat horizon)
        |> Result.map (fun field -> field, isRounded)

    /// c·σ and the share of x that makes up g: g(x) = c·σ(x) + a·x.
    let private parts (g: Nonlinearity<Binary64>) : Activation<Binary64> * Rational * Rational =
        match g with
        | Nonlinearity.Damping(Damping.Cubic γ) -> Activation.Cubic, Rational.ofInt -3 * exactly γ, Rational.ofInt 3 * exactly γ
        | Nonlinearity.Damping(Damping.Leaky κ) -> Activation.Relu, exactly κ, -(exactly κ)
        | Nonlinearity.Scaled(c, σ) -> σ, exactly c, Rational.Zero
        | Nonlinearity.Excess(σ, dt) -> σ, Rational.One / exactly dt, -(Rational.One / exactly dt)

    let private number (x: Rational) : Binary64 = Binary64(Rational.toFloat x)

    /// The maps of a piece, each number rounded once.
    let private coefficients (piece: NearIdentityPiece) : LayerMap<Binary64>[] =
        let σ, c, a = parts piece.Nonlinearity
        let n = piece.Weights[0].Rows
        let w = addTo piece.Weights Matrix.add [| multiple a n |]

        let layers k =
            let first = k = 0
            let unit i j = if first && i = j then Rational.One else Rational.Zero
            let inner = Matrix.init (2 * n) n (fun i j -> number (if i < n then (w[k])[i, j] else unit (i - n) j))
            let outer = Matrix.init n (2 * n) (fun i j -> number (if j < n then unit i j else c * unit i (j - n)))
            let bias = Array.append (Array.map number (piece.Biases[k])) (Vector.zero n)

            let activations =
                Array.append (Array.replicate n Activation.Identity) (Array.replicate n (if first then σ else Activation.Identity))

            let affine = Layer.affine (Matrix.init n n (fun i j -> number ((w[k])[i, j]))) (Array.map number (piece.Biases[k]))

            if c.Sign = 0 then [| affine |] else [| Layer.create inner bias activations; Layer.affine outer (Vector.zero n) |]

        Array.init w.Length (fun k -> layers k |> Array.map Defect.orFail |> LayerMap.create |> Defect.orFail)

    /// Pieces one after the other as a neural ODE; neighbours that are one polynomial become one.
    let ofPieces (pieces: NearIdentityPiece[]) : Result<NeuralOde<Binary64>, Defect list> =
        let same (p: NearIdentityPiece) (q: NearIdentityPiece) =
            p.Weights = q.Weights && p.Biases = q.Biases && p.Nonlinearity = q.Nonlinearity

        let join (merged: NearIdentityPiece list) (piece: NearIdentityPiece) =
            match merged with
            | last :: rest when same last piece -> { last with Until = piece.Until } :: rest
            | _ -> piece :: merged

        let merged = pieces |> Array.fold join [] |> List.rev
        NeuralOde.create None [| for piece in merged -> { Until = piece.Until; Coefficients = coefficients piece } |] None
