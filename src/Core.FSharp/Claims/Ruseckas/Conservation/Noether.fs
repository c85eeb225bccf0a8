/// A symmetry of the field gives a conserved quantity of back-propagation, for every loss.
///
/// Statement: for a vector field v and K = a·v(x): dK/dt = a·[F, v] with [F, v] = v′F − F′v. Hence a·v is conserved for every loss iff
/// [F, v] = 0 along the trajectories: v = F for the energy, v = e if F does not depend on x along e, v = Jx if F commutes with rotations.
/// Checked at random points for polynomial fields with F′ and v′ by terms, and the rate of a·v along (F, −F′ᵀa) by dual numbers.
/// Reconstructed; the paper says that the tools of classical mechanics apply.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Conservation.Noether

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

/// A field, a generator, a point and a covector; the exponents are those of x_1, …, x_n.
[<NoComparison>]
type private Case = { Field: Term<Rational>[][]; Generator: Term<Rational>[][]; X: Rational[]; A: Rational[] }

let private at (field: Term<'T>[][]) (x: 'T[]) : 'T[] when 'T :> IRing<'T> = field |> Array.map (fun f -> Multivariate.evaluate f x)

/// F′(x)·v
let private push (field: Term<Rational>[][]) (x: Rational[]) (v: Rational[]) : Rational[] =
    field
    |> Array.map (fun f -> v |> Array.mapi (fun i v -> v * Multivariate.evaluate (Multivariate.derivative i f) x) |> Array.sum)

/// F′(x)ᵀ·a
let private pull (field: Term<Rational>[][]) (x: Rational[]) (a: Rational[]) : Rational[] =
    Array.init x.Length (fun i -> Array.map2 (fun f a -> a * Multivariate.evaluate (Multivariate.derivative i f) x) field a |> Array.sum)

/// [F, v] = v′F − F′v
let private bracket (case: Case) : Rational[] =
    Vector.subtract (push case.Generator case.X (at case.Field case.X)) (push case.Field case.X (at case.Generator case.X))

/// d(a·v)/dt along x′ = F, a′ = −F′ᵀa.
let private rate (case: Case) : Rational =
    let dual = case.Generator |> Array.map (Multivariate.map Dual.constant)
    let x = Array.map2 (fun x f -> Dual(x, f)) case.X (at case.Field case.X)
    let a = Array.map2 (fun a (f: Rational) -> Dual(a, -f)) case.A (pull case.Field case.X case.A)
    (Vector.dot a (at dual x)).Derivative

let private isBracket (case: Case) : Outcome = Check.equal "d(a·v)/dt against a·[F, v]" (Vector.dot case.A (bracket case)) (rate case)

let private isConserved (case: Case) : Outcome = Check.equal "d(a·v)/dt" Rational.Zero (rate case)

let private term (c: Rational) (exponents: int list) : Term<Rational> = Multivariate.term c exponents

/// c·x_i in n variables.
let private coordinate (n: int) (c: Rational) (i: int) : Term<Rational> = term c (List.init n (fun j -> if i = j then 1 else 0))

let private drawField (n: int) (stream: RandomStream) : Term<Rational>[][] =
    let drawn () =
        let variables = Array.init (stream.NextInt(0, 3)) (fun _ -> stream.NextInt(0, n - 1))
        term (Draws.fraction stream) (List.init n (fun v -> variables |> Array.filter ((=) v) |> Array.length))

    Array.init n (fun _ -> Array.init (stream.NextInt(1, 3)) (fun _ -> drawn ()))

let private any (stream: RandomStream) : Case =
    let n = stream.NextInt(1, 3)
    { Field = drawField n stream; Generator = drawField n stream; X = Draws.vector stream n; A = Draws.vector stream n }

/// (α + β|x|²)x + (γ + δ|x|²)Jx, which commutes with rotations.
let private rotational (α: Rational, β: Rational) (γ: Rational, δ: Rational) : Term<Rational>[][] = [|
    [| term α [ 1; 0 ]; term β [ 3; 0 ]; term β [ 1; 2 ]; term -γ [ 0; 1 ]; term -δ [ 2; 1 ]; term -δ [ 0; 3 ] |]
    [| term α [ 0; 1 ]; term β [ 2; 1 ]; term β [ 0; 3 ]; term γ [ 1; 0 ]; term δ [ 3; 0 ]; term δ [ 1; 2 ] |]
|]

let private rotation = [| [| term -Rational.One [ 0; 1 ] |]; [| term Rational.One [ 1; 0 ] |] |]

/// Fields with a symmetry: the field itself, a translation, a rotation, a diagonal scaling.
let private symmetric (stream: RandomStream) : Case =
    let fraction () = Draws.fraction stream

    match stream.NextInt(0, 3) with
    | 0 ->
        let case = any stream
        { case with Generator = case.Field }
    | 1 ->
        let case = any stream
        let n = case.X.Length
        let e = stream.NextInt(0, n - 1)
        let free = case.Field |> Array.map (Array.filter (fun term -> term.Exponents[e] = 0))
        let translation = Array.init n (fun i -> if i = e then [| term Rational.One (List.replicate n 0) |] else [||])
        { case with Field = free; Generator = translation }
    | 2 -> {
        Field = rotational (fraction (), fraction ()) (fraction (), fraction ())
        Generator = rotation
        X = Draws.vector stream 2
        A = Draws.vector stream 2
      }
    | _ ->
        let n = stream.NextInt(1, 3)
        let diagonal () = Array.init n (fun i -> [| coordinate n (fraction ()) i |])
        { Field = diagonal (); Generator = diagonal (); X = Draws.vector stream n; A = Draws.vector stream n }

let private shrink (case: Case) : Case seq =
    seq {
        for x in Draws.shrinkVector case.X do
            { case with X = x }

        for a in Draws.shrinkVector case.A do
            { case with A = a }
    }

let private shrinkAny (case: Case) : Case seq =
    seq {
        for field in Shrink.elements (Shrink.array 0 Shrink.none) case.Field do
            { case with Field = field }

        for v in Shrink.elements (Shrink.array 0 Shrink.none) case.Generator do
            { case with Generator = v }

        yield! shrink case
    }

let private show (case: Case) : (string * string) list =
    let names = Array.init case.X.Length (fun i -> $"x{i + 1}")
    let field f = f |> Array.map (Multivariate.show names) |> String.concat "; "
    [ "F", field case.Field; "v", field case.Generator; "x", Known.show case.X; "a", Known.show case.A ]

let private generator draw shrink = Generator.fromStream (fun _ stream -> draw stream) shrink show

/// F(x) = x + |x|²Jx at x = (1/2, −1/3) with a = (2, 5).
let private known (v: Term<Rational>[][]) : Case = {
    Field = rotational (Rational.One, Rational.Zero) (Rational.Zero, Rational.One)
    Generator = v
    X = Known.vector "1/2 -1/3"
    A = Known.vector "2 5"
}

let private turned = known rotation
let private moved = known [| [| term Rational.One [ 0; 0 ] |]; [||] |]

let claim: Claim =
    Paper.define
        "ruseckas.conservation.noether"
        Paper.reconstructed
        "d(a·v(x))/dt = a·[F, v] with [F, v] = v′F − F′v: a·v is conserved for every loss iff F commutes with v."
    |> Claim.hypothesis "H1" "[F, v] = 0 on the trajectory (for conservation)"
    |> Claim.exact "rate" (Instances.random (generator any shrinkAny) 100) isBracket
    |> Claim.exact "symmetric-fields" (Instances.random (generator symmetric shrink) 100) isConserved
    |> Known.exact "reference" [
        Known.value "[F, Jx] and the rate" "0 0 0" (fun () -> Array.append (bracket turned) [| rate turned |])
        Known.value "[F, (1, 0)] and the rate" "-4/3 -31/36 -251/36" (fun () -> Array.append (bracket moved) [| rate moved |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen show [ moved ]) isConserved
