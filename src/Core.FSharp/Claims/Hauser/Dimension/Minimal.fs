/// Fewer than kd numbers cannot hold the state; what linear additive dense networks really remember.
///
/// Statement A: no linear map E: R^kd → R^N, N &lt; kd, is an initial-state encoder of a smooth network: two histories of equal code
/// differ in one of the outputs x(0), …, x(k−1).
/// Statement B: the minimal dimension of x(l+1) = Σ_n A_n x(l+1−n) is d + rank T with the block Hankel triangle T of the A_n; for k ≥ 2 it
/// is kd iff det A_k ≠ 0, for k = 1 it is d.
/// Proof: A by the bijection of hauser.dim.state-dimension. B: the outputs vanish iff x(0) = 0 and T·(x(−1); …; x(−k+1)) = 0; later
/// outputs add no equation.
/// Continuous encoders are excluded too, by invariance of domain: an injective continuous map R^kd → R^N ⊂ R^kd would be open, but its
/// image has empty interior. That half is a proof without a trial. Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Dimension.Minimal

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// A network of order k, a history, and a code of the history: rows of kd numbers.
[<NoComparison>]
type private Encoded = { Equation: DifferenceEquation<Rational>; History: Rational[][]; Encoder: Rational[][] }

/// z and z + w with E·w = 0, if E has a kernel.
let private collision (encoded: Encoded) : (Rational[] * Rational[]) option =
    let z = Array.concat encoded.History
    let encoder = Matrix.init encoded.Encoder.Length z.Length (fun i j -> encoded.Encoder[i][j])
    Elimination.kernel encoder |> List.tryHead |> Option.map (fun w -> z, Vector.add z w)

/// The outputs x(0), …, x(k−1) from a flat history.
let private outputs (equation: DifferenceEquation<Rational>) (z: Rational[]) : Rational[][] =
    Array.chunkBySize (equation.Width 0) z |> Outputs.first equation.Blocks equation

/// E is no encoder: two histories of equal code have different outputs.
let private losesSomething (encoded: Encoded) : Outcome =
    match collision encoded with
    | None -> Outcome.refuted "two histories of equal code" "exist" "the code tells all histories apart"
    | Some(first, second) ->
        let differ = outputs encoded.Equation first <> outputs encoded.Equation second
        Outcome.isTrue "x(0) … x(k−1) of two histories of equal code" "differ" differ

let private encode (drawn: Drawn, encoder: Rational[][]) : Encoded = { Equation = drawn.Smooth; History = drawn.History; Encoder = encoder }

/// Smooth networks with an encoder of N &lt; kd rows.
let private encoders: Generator<Drawn * Rational[][]> =
    let networks = Outputs.generator Draws.smooth

    let draw (_: int) (stream: RandomStream) =
        let drawn = Draws.draw Draws.smooth stream
        let deep = { drawn with Order = min drawn.Order (drawn.Depth + 1); History = Array.truncate (drawn.Depth + 1) drawn.History }
        let kd = deep.Order * deep.Width
        deep, Array.init (stream.NextInt(0, kd - 1)) (fun _ -> Draws.vector stream kd)

    let shrink (drawn: Drawn, encoder: Rational[][]) =
        let smaller (network: Drawn) =
            let kd = network.Order * network.Width
            network, encoder |> Array.truncate (kd - 1) |> Array.map (Array.truncate kd)

        seq {
            yield! networks.Shrink drawn |> Seq.map smaller
            yield! Shrink.array 0 (Shrink.elements Draws.shrinkFraction) encoder |> Seq.map (fun simpler -> drawn, simpler)
        }

    let show (drawn: Drawn, encoder: Rational[][]) = Draws.show drawn @ [ "encoder", Check.showBlocks encoder ]
    Generator.fromStream draw shrink show

/// Maps A_1 … A_k as rows of numbers.
type private Linear = Rational[][][]

let private matrices (maps: Linear) : Matrix<Rational>[] = Array.map Matrix.ofRows maps
let private showLinear (maps: Linear) = maps |> Array.mapi (fun i rows -> $"A{i + 1}", Check.showBlocks rows) |> Array.toList
let private integers (lines: string list) : Rational[][] = TestMaps.rows lines

/// x(0), …, x(m−1) as one vector for every unit history: the columns of the observability matrix, by running the network.
let private observed (m: int) (maps: Linear) : Matrix<Rational> =
    let layer = matrices maps |> Array.map LayerMap.linear
    let equation = Architecture.AdditiveDense(Array.create (max 1 (m - 1)) layer) |> Architecture.equation |> Defect.orFail
    let d = equation.Width 0

    Array.init equation.StateDimension (fun i ->
        Vector.unit equation.StateDimension i |> Array.chunkBySize d |> Outputs.first m equation |> Array.concat)
    |> Matrix.ofRows
    |> Matrix.transpose

/// d + rank T is the rank of what k outputs show, and of what 2k + 1 show; the forgotten histories are a basis of what they do not.
let private isWhatOutputsShow (maps: Linear) : Outcome =
    let k, d = maps.Length, maps[0].Length
    let minimal = MinimalDimension.ofMaps (matrices maps) |> Defect.orFail
    let later = observed (2 * k + 1) maps
    let equalInt quantity expected found = Outcome.equal quantity string<int> expected found
    let invertible = (Elimination.determinant (Matrix.ofRows maps[k - 1])).Sign <> 0
    let silent history = Matrix.apply later (Array.concat history) |> Array.forall (fun x -> x.Sign = 0)

    Outcome.check [
        fun () -> equalInt "the rank of k outputs" minimal.Dimension (Elimination.rank (observed k maps))
        fun () -> equalInt "the rank of 2k + 1 outputs" minimal.Dimension (Elimination.rank later)
        fun () -> equalInt "the number of forgotten histories" (k * d - minimal.Dimension) minimal.Unobservable.Length
        fun () -> Outcome.isTrue "each forgotten history" "gives outputs that are all zero" (List.forall silent minimal.Unobservable)
        fun () ->
            let basis = minimal.Unobservable |> List.map Array.concat |> List.toArray

            equalInt
                "the rank of the forgotten histories"
                basis.Length
                (if basis.Length = 0 then 0 else Elimination.rank (Matrix.ofRows basis))
        fun () ->
            let full = k = 1 || invertible
            Outcome.equal "whether the dimension is kd" string full (minimal.Dimension = k * d)
    ]

/// What k outputs show has dimension kd.
let private isFull (maps: Linear) : Outcome =
    Outcome.equal "the minimal dimension" string<int> (maps.Length * maps[0].Length) (Elimination.rank (observed maps.Length maps))

/// k ≤ 4 maps of width d ≤ 2, each a product of d × r and r × d integers out of −2..2, 0 ≤ r ≤ d.
let private drawLinear (stream: RandomStream) : Linear =
    let entries rows columns = Matrix.init rows columns (fun _ _ -> Rational.ofInt (stream.NextInt(-2, 2)))
    let k, d = stream.NextInt(1, 4), stream.NextInt(1, 2)

    Array.init k (fun _ ->
        let r = stream.NextInt(0, d)
        Matrix.toRows (Matrix.multiply (entries d r) (entries r d)))

let private shrinkLinear (maps: Linear) : Linear seq = Shrink.array 1 (Shrink.elements (Shrink.elements Draws.shrinkFraction)) maps

let private linear = Generator.fromStream (fun _ stream -> drawLinear stream) shrinkLinear showLinear

/// The same with an invertible A_k: unit triangular times triangular with a diagonal without zeros.
let private regular =
    let draw stream =
        let maps = drawLinear stream
        let entry () = Rational.ofInt (stream.NextInt(-2, 2))

        let unit i j =
            if i = j then Rational.One
            elif i > j then entry ()
            else Rational.Zero

        let diagonal () = Rational.ofInt (Draws.choice stream [| -2; -1; 1; 2 |])
        let d = maps[0].Length
        let lower = Matrix.init d d unit

        let upper =
            Matrix.init d d (fun i j ->
                if i = j then diagonal ()
                elif i < j then entry ()
                else Rational.Zero)

        Array.updateAt (maps.Length - 1) (Matrix.toRows (Matrix.multiply lower upper)) maps

    let isRegular (maps: Linear) = (Elimination.determinant (Matrix.ofRows (Array.last maps))).Sign <> 0
    Generator.fromStream (fun _ -> draw) (shrinkLinear >> Seq.filter isRegular) showLinear

/// k = 2, d = 2, h = 1, leaky ReLU, the test maps, E with three rows.
let private referenceCode =
    lazy
        (let maps = Array.init 1 (TestMaps.map TestMaps.leaky 2 0)

         {
             Equation = Architecture.Smooth(2, Rational.One, maps) |> Architecture.equation |> Defect.orFail
             History = integers [ "1 0"; "0 1" ]
             Encoder = integers [ "1 2 0 -1"; "0 1 1 1"; "3 0 1 2" ]
         })

let private shear = integers [ "1 1"; "0 1" ]

/// Where A_k is singular and k ≥ 2, with the dimension.
let private singular: (Linear * int) list = [
    [| shear; integers [ "1 2"; "2 4" ] |], 3
    [| shear; integers [ "0 0"; "0 0" ] |], 2
    [| shear; integers [ "1 0"; "2 0" ]; integers [ "0 0"; "1 1" ] |], 5
]

let private codeReferences: Reference<Rational[][]> list =
    let pair () = (collision referenceCode.Value).Value

    [
        {
            Quantity = "w in the kernel of E"
            Expected = integers [ "-1/7 4/7 -11/7 1" ]
            Compute = fun () -> [| Vector.subtract (snd (pair ())) (fst (pair ())) |]
        }
        {
            Quantity = "x(0), x(1) of z"
            Expected = integers [ "1 0"; "21/16 -5/4" ]
            Compute = fun () -> outputs referenceCode.Value.Equation (fst (pair ()))
        }
        {
            Quantity = "x(0), x(1) of z + w"
            Expected = integers [ "6/7 4/7"; "37/14 -55/56" ]
            Compute = fun () -> outputs referenceCode.Value.Equation (snd (pair ()))
        }
    ]

/// x(l+1) = x(l) + max(0, x(l−1)) from (1, −1), with a code that keeps x(0) only: (1, −1) and (1, 0), as (1, −2), are one to it
/// and to the network.
let private forgetful =
    lazy
        (let map activation = LayerMap.dense (Matrix.identity 1) (Vector.zero 1) activation |> Defect.orFail
         let layer = [| map Activation.Identity; map Activation.Relu |]

         {
             Equation = Architecture.AdditiveDense(Array.create 4 layer) |> Architecture.equation |> Defect.orFail
             History = integers [ "1"; "-1" ]
             Encoder = integers [ "1 0" ]
         })

let private forgetfulReferences: Reference<Rational[][]> list =
    [ [ "1"; "-1" ]; [ "1"; "-2" ] ]
    |> List.map (fun history -> {
        Quantity = $"x(1) … x(4) with f_1 = id, f_2 = relu from ({history[0]}, {history[1]})"
        Expected = integers [ "1"; "2"; "3"; "5" ]
        Compute = fun () -> Outputs.first 5 forgetful.Value.Equation (integers history) |> Array.tail
    })

let private dimensionReferences: Reference<int> list =
    ([| shear; integers [ "1 0"; "0 1" ] |], 4) :: singular
    |> List.map (fun (maps, dimension) -> {
        Quantity = maps |> showLinear |> List.map (fun (name, rows) -> $"{name} = {rows}") |> String.concat "; "
        Expected = dimension
        Compute = fun () -> (MinimalDimension.ofMaps (matrices maps) |> Defect.orFail).Dimension
    })

let private complete = lazy { referenceCode.Value with Encoder = Matrix.toRows (Matrix.identity 4) }

let claim: Claim =
    let showCode (_: Lazy<Encoded>) = []

    Paper.define
        "hauser.dim.minimal"
        Paper.reconstructed
        "A: two histories of a smooth network of order k with equal linear code of N numbers differ in one of x(0), …, x(k−1). B: the minimal dimension of x(l+1) = Σ_n A_n x(l+1−n) is d + rank T, T the block Hankel triangle of the A_n; for k ≥ 2 it is kd iff det A_k ≠ 0."
    |> Claim.hypothesis "H1" "A: N < kd"
    |> Claim.hypothesis "H2" "A: the network is smooth (in an additive dense one f_k may forget)"
    |> Claim.hypothesis "H3" "B, dimension kd: det A_k ≠ 0"
    |> Claim.exact "encoders-lose" (Instances.random encoders 100) (encode >> losesSomething)
    |> Claim.exact "hankel-rank" (Instances.random linear 150) isWhatOutputsShow
    |> Claim.exact "regular-is-full" (Instances.random regular 60) isFull
    |> Check.references Check.blocks codeReferences "reference"
    |> Check.references Check.blocks forgetfulReferences "reference-forgetful"
    |> Check.references (fun quantity -> Outcome.equal quantity string<int>) dimensionReferences "reference-dimensions"
    |> Claim.neededBy "H1" (Instances.chosen showCode [ complete ]) (fun code -> losesSomething code.Value)
    |> Claim.neededBy "H2" (Instances.chosen showCode [ forgetful ]) (fun code -> losesSomething code.Value)
    |> Claim.neededBy "H3" (Instances.chosen showLinear (List.map fst singular)) isFull
