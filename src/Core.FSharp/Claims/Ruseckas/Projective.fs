namespace LayerTime.Core.Claims.Ruseckas

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared

/// The field F(x) = (k·x)x with start and target of the loss ½|x(1) − c|² (family E2).
[<NoComparison>]
type internal ProjectiveCase = { Direction: Rational[]; Start: Rational[]; Target: Rational[] }

/// The flow x/(1 − t k·x) of F(x) = (k·x)x, in closed form over any field.
[<RequireQualifiedAccess>]
module internal Projective =
    open Arithmetic

    /// (k·x)x
    let field (k: 'T[]) (x: 'T[]) : 'T[] when 'T :> IRing<'T> = Vector.scale (Vector.dot k x) x

    /// F′(x)ᵀa = (k·x)a + (x·a)k
    let pull (k: 'T[]) (x: 'T[]) (a: 'T[]) : 'T[] when 'T :> IRing<'T> =
        Vector.add (Vector.scale (Vector.dot k x) a) (Vector.scale (Vector.dot x a) k)

    /// s = 1 − t k·x
    let private scale (k: 'T[]) (t: 'T) (x: 'T[]) : 'T :> IRing<'T> = Ring.ratio 1 1 - t * Vector.dot k x

    /// φ_t(x) = x/s
    let flow (k: 'T[]) (t: 'T) (x: 'T[]) : 'T[] when 'T :> IField<'T> =
        let s = scale k t x
        x |> Array.map (fun x -> x / s)

    /// φ_t′(x) = I/s + t x kᵀ/s²
    let jacobian (k: 'T[]) (t: 'T) (x: 'T[]) : Matrix<'T> when 'T :> IField<'T> =
        let s = scale k t x
        Matrix.init x.Length x.Length (fun i j -> (if i = j then Ring.ratio 1 1 / s else Ring.ratio 0 1) + t * x[i] * k[j] / (s * s))

    /// φ_t′(x)⁻ᵀa = s(a − t (x·a) k)
    let carry (k: 'T[]) (t: 'T) (x: 'T[]) (a: 'T[]) : 'T[] when 'T :> IField<'T> =
        Vector.scale (scale k t x) (Vector.addScaled a (-(t * Vector.dot x a)) k)

    /// det φ_t′(x) = s^−(n+1)
    let determinant (k: 'T[]) (t: 'T) (x: 'T[]) : 'T :> IField<'T> =
        let s = scale k t x
        Array.fold (fun product _ -> product / s) (Ring.ratio 1 1 / s) x

    /// ½|φ_t(x) − c|²
    let loss (k: 'T[]) (t: 'T) (target: 'T[]) (x: 'T[]) : 'T :> IField<'T> =
        let missing = Vector.subtract (flow k t x) target
        Ring.ratio 1 2 * Vector.dot missing missing

    /// a(t) = φ_{1−t}′(x(t))ᵀ(x(1) − c)
    let momentum (case: ProjectiveCase) (t: Rational) : Rational[] =
        let x = flow case.Direction t case.Start
        let final = Vector.subtract (flow case.Direction Rational.One case.Start) case.Target
        Matrix.apply (Matrix.transpose (jacobian case.Direction (Rational.One - t) x)) final

    /// A vector of constants, in dual numbers.
    let constants (x: Rational[]) : Dual<Rational>[] = Array.map Dual.constant x

    /// The vector x + εe_i.
    let variable (x: Rational[]) (i: int) : Dual<Rational>[] =
        x |> Array.mapi (fun j x -> if i = j then Dual.variable x else Dual.constant x)

    /// The gradient of a function by dual numbers.
    let gradient (f: Dual<Rational>[] -> Dual<Rational>) (x: Rational[]) : Rational[] =
        Array.init x.Length (fun i -> (f (variable x i)).Derivative)

    /// k = (1/4, −1/3), x(0) = (2, 1), L = ½|x − (1, 0)|²: the known case.
    let known: ProjectiveCase = { Direction = Known.vector "1/4 -1/3"; Start = Known.vector "2 1"; Target = Known.vector "1 0" }

    let private half = Rational.create 1 2

    // The time of blow-up is at least twice the horizon, and the field moves the start.
    let rec private tame (k: Rational[]) (x: Rational[]) : Rational[] = if Vector.dot k x > half then tame (Vector.scale half k) x else k

    let private isAdmissible (case: ProjectiveCase) : bool =
        let kx = Vector.dot case.Direction case.Start
        kx.Sign <> 0 && kx <= half

    let private draw (stream: RandomStream) : ProjectiveCase =
        let one (stream: RandomStream) =
            let n = stream.NextInt(1, 3)
            let start = Draws.vector stream n
            { Direction = tame (Draws.vector stream n) start; Start = start; Target = Draws.vector stream n }

        Draws.until isAdmissible one stream

    let private shrink (case: ProjectiveCase) : ProjectiveCase seq =
        seq {
            for m in Shrink.int 1 case.Start.Length do
                {
                    Direction = Array.truncate m case.Direction
                    Start = Array.truncate m case.Start
                    Target = Array.truncate m case.Target
                }

            for target in Draws.shrinkVector case.Target do
                { case with Target = target }

            for start in Draws.shrinkVector case.Start do
                { case with Start = start }

            for k in Draws.shrinkVector case.Direction do
                { case with Direction = k }
        }
        |> Seq.filter isAdmissible

    /// A case as pairs of a name and a value.
    let show (case: ProjectiveCase) : (string * string) list = [
        "k", Known.show case.Direction
        "x(0)", Known.show case.Start
        "c", Known.show case.Target
    ]

    /// Random cases.
    let generator: Generator<ProjectiveCase> = Generator.fromStream (fun _ stream -> draw stream) shrink show
