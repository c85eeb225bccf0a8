/// Which laws hold tells how a network is built.
///
/// Statement: from activations and gradients alone decide which of a·x, ⟨W, ∂L/∂W⟩ and a·v(x), v an affine symmetry of the field, is the
/// same in every layer. a·x constant in a leaky network means that it has no bias; a·v constant that the layers commute with v; a cubic
/// field has no affine symmetry. The finder solves [F, v] = 0 for v = Mx + c by elimination.
/// Checked: the bracket of every basis element vanishes at 20 random points; the null space of the bracket sampled at generic points of all
/// orthants has the same dimension; a_l·v(x_l) is constant over the layers of residual networks for every v found. For the residual network
/// the step x + dt·F commutes with the linear part of v where every layer has the same field.
/// Beyond the paper.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Beyond.LawFingerprint

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

/// F = wx + b + g with g cubic, leaky or zero.
[<NoComparison>]
type private Field = { W: Rational[][]; B: Rational[]; Damping: Damping<Rational> option }

let private find (field: Field) : AffineField list = AffineSymmetry.find field.W field.B field.Damping

/// 20 points, and 2n² + 2n generic ones in every orthant.
let private points (n: int) (count: int) : Rational[][] =
    let stream = RandomStream(17UL)
    let magnitude () = Rational.create (stream.NextInt(1, 97)) (stream.NextInt(1, 13))

    Array.init count (fun p -> Array.init n (fun i -> if (p >>> i) % 2 = 0 then magnitude () else -(magnitude ())))

let private commutes (field: Field) : Outcome =
    let n = field.B.Length

    seq {
        for v in find field do
            for x in points n 20 do
                Check.vectors $"[F, v] at {Known.show x}" (Vector.zero n) (AffineSymmetry.bracket field.W field.B field.Damping v x)
    }
    |> Outcome.all

let private isComplete (field: Field) : Outcome =
    let n = field.B.Length
    let generic = points n ((2 * n * n + 2 * n) * (1 <<< n))
    Outcome.equal "the number of symmetries" string (AffineSymmetry.dimensionAt field.W field.B field.Damping generic) ((find field).Length)

/// a_l·v(x_l) over four layers of the residual network for every linear symmetry.
let private chargesAreConstant (field: Field) : Outcome =
    match field.Damping with
    | None -> Outcome.undecided "a nonlinearity is needed"
    | Some damping ->
        let n = field.B.Length

        let network = {
            Step = Rational.create 1 7
            Weights = Array.replicate 4 field.W
            Biases = Array.replicate 4 field.B
            Damping = damping
        }

        let x = NearIdentity.run Twin.Residual network (Array.head (points n 1))
        let a = NearIdentity.momenta Twin.Residual network x (Array.init n (fun i -> Rational.ofInt (i + 2)))

        find field
        |> List.map (fun v -> Array.map2 (fun a x -> Vector.dot a (AffineSymmetry.apply v x)) a x |> Check.constant "a_l·v(x_l)")
        |> Outcome.all

/// a_l·x_l over the layers of a network: constant iff the bias is zero, for a leaky field.
let private tellsBias (field: Field) : Outcome =
    let network = {
        Step = Rational.create 1 7
        Weights = Array.replicate 4 field.W
        Biases = Array.replicate 4 field.B
        Damping = field.Damping |> Option.defaultValue (Damping.Leaky Rational.Zero)
    }

    let x = NearIdentity.run Twin.Residual network (Array.head (points field.B.Length 1))
    let a = NearIdentity.momenta Twin.Residual network x (Array.init field.B.Length (fun i -> Rational.ofInt (i + 2)))
    Array.map2 Vector.dot a x |> Check.constant "a_l·x_l"

let private draw (stream: RandomStream) : Field =
    let n = stream.NextInt(1, 3)
    let strength = Rational.create (stream.NextInt(1, 6)) 4
    // Diagonal weights and biases of zero have more symmetries: each half of the draws.
    let diagonal (w: Rational[][]) = w |> Array.mapi (fun i row -> row |> Array.mapi (fun j a -> if i = j then a else Rational.Zero))
    let w = Draws.square stream n

    {
        W = if stream.NextBool() then diagonal w else w
        B = if stream.NextBool() then Vector.zero n else Draws.vector stream n
        Damping =
            match stream.NextInt(0, 2) with
            | 0 -> Some(Damping.Cubic strength)
            | 1 -> Some(Damping.Leaky strength)
            | _ -> None
    }

let private shrink (field: Field) : Field seq =
    seq {
        for m in Shrink.int 1 field.B.Length do
            { field with W = Draws.corner m field.W; B = Array.truncate m field.B }

        for w in Draws.shrinkRows field.W do
            { field with W = w }

        for b in Draws.shrinkVector field.B do
            { field with B = b }
    }

let private show (field: Field) : (string * string) list = [
    "w", Draws.showRows field.W
    "b", Known.show field.B
    "g",
    (match field.Damping with
     | None -> "0"
     | Some(Damping.Cubic γ) -> $"−({γ})·x³"
     | Some(Damping.Leaky κ) -> $"({κ})·max(−x, 0)")
]

let private field (w: string list) (b: string) (damping: Damping<Rational> option) : Field = {
    W = Known.rows w
    B = Known.vector b
    Damping = damping
}

let private half = Rational.create 1 2
let private cubic, leaky = Some(Damping.Cubic half), Some(Damping.Leaky half)

let claim: Claim =
    let generator = Generator.fromStream (fun _ stream -> draw stream) shrink show
    let damped = Generator.create (generator.Gen |> FsCheck.FSharp.Gen.filter (fun f -> f.Damping.IsSome)) generator.Shrink show

    let unbiased =
        Generator.create
            (generator.Gen |> FsCheck.FSharp.Gen.map (fun f -> { f with B = Vector.zero f.B.Length; Damping = leaky }))
            Shrink.none
            show

    let full = [ "1 1/2"; "-1 3" ]

    let dimensions fields () = fields |> List.map (fun f -> Rational.ofInt (find f).Length) |> List.toArray

    Paper.define
        "ruseckas.beyond.law-fingerprint"
        Paper.own
        "The affine symmetries of wx + b + g: cubic none; leaky M diagonal with Mw = wM, Mb = 0; g = 0 all (M, c) with Mw = wM, Mb = wc. Each gives a layer-constant a·v, and a·x is constant in leaky networks without bias."
    |> Claim.hypothesis "H1" "no bias (for a·x in leaky networks)"
    |> Claim.exact "symmetries" (Instances.random generator 60) commutes
    |> Claim.exact "complete" (Instances.random generator 40) isComplete
    |> Claim.exact "charges" (Instances.random damped 40) chargesAreConstant
    |> Claim.exact "no-bias" (Instances.random unbiased 40) tellsBias
    |> Known.exact "reference" [
        Known.value
            "w = [[1, ½], [−1, 3]]: dimensions cubic, leaky (b = 0; b = (1/3, 1)), g = 0 (b = 0; b = (1/3, 1))"
            "0 1 0 2 2"
            (dimensions [
                field full "0 0" cubic
                field full "0 0" leaky
                field full "1/3 1" leaky
                field full "0 0" None
                field full "1/3 1" None
            ])
        Known.value "w = diag(1, 2), b = (0, 1), leaky: dimension and M" "1 1 0 0 0" (fun () ->
            let found = find (field [ "1 0"; "0 2" ] "0 1" leaky)
            Array.append [| Rational.ofInt found.Length |] (Array.concat found.Head.Linear))
    ]
    |> Claim.neededBy "H1" (Instances.chosen show [ field full "1/3 1" leaky ]) tellsBias
