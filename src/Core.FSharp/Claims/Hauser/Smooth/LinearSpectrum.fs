/// The spectrum of smooth networks with a linear force.
///
/// Statement: for f(x) = F·x the state map M has det(λI − M) = det((λ−1)ᵏ I − hᵏ λᵏ⁻¹ F), in delay and in difference coordinates;
/// for d = 1 this is (λ−1)ᵏ − hᵏφ λᵏ⁻¹. Among the companion matrices, a family of k parameters, the smooth ones for d = 1 are a line:
/// φ moves one coefficient.
/// Check: both sides are polynomials in λ of degree kd with leading coefficient 1, so kd + 1 values decide.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Smooth.LinearSpectrum

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// ∇ᵏx(l+1) = hᵏ F·x(l+1−age)
type private Linear = { Order: int; Step: Rational; Force: Rational[][]; Age: int }

let private show (linear: Linear) = [
    "order", string linear.Order
    "step", string linear.Step
    "F", Check.showBlocks linear.Force
    "age of the state that is read", string linear.Age
]

/// M in delay coordinates: the Jacobian of the network's step.
let private stateMatrix (linear: Linear) : Matrix<Rational> =
    let force = Matrix.ofRows linear.Force
    let d = force.Rows
    let map age = if age = linear.Age then LayerMap.linear force else Smooth.constant (Vector.zero d)

    let network =
        Smooth.network (Architecture.Master(linear.Order, linear.Step, [| Array.init linear.Age (fun i -> map (i + 1)) |]))

    Adjoint.stepJacobian network 0 (Array.init linear.Order (fun _ -> Vector.zero d))

/// det(λI − M) at kd + 1 values of λ.
let private characteristic (m: Matrix<Rational>) : Rational[] =
    Array.init (m.Rows + 1) (fun λ ->
        Elimination.determinant (Matrix.subtract (Matrix.scale (Rational.ofInt λ) (Matrix.identity m.Rows)) m))

/// det((λ−1)ᵏ I − hᵏ λᵏ⁻¹ F) at the same values.
let private stated (linear: Linear) : Rational[] =
    let k, d = linear.Order, linear.Force.Length

    Array.init (k * d + 1) (fun λ ->
        let entry i j =
            let free = if i = j then Rational.power (Rational.ofInt (λ - 1)) k else Rational.Zero
            free - Rational.power linear.Step k * Rational.power (Rational.ofInt λ) (k - 1) * linear.Force[i][j]

        Elimination.determinant (Matrix.init d d entry))

let private hasSpectrum (linear: Linear) : Outcome =
    Check.vectors "det(λI − M), λ = 0, 1, 2, …" (stated linear) (characteristic (stateMatrix linear))

/// Delay and difference coordinates, each matrix against the library's written one.
let private bothCoordinates (linear: Linear) : Outcome =
    let k, force = linear.Order, Matrix.ofRows linear.Force
    let d = force.Rows
    let m = stateMatrix linear

    let differences =
        Array.init k (fun _ -> Vector.zero d)
        |> ForwardMode.ofStep (SmoothState.closedForm (Dual.constant linear.Step) (ForwardMode.map (LayerMap.linear force)))

    Outcome.check [
        fun () -> hasSpectrum linear
        fun () -> Check.vectors "det(λI − M) in differences" (stated linear) (characteristic differences)
        fun () -> Smooth.matrices "(K⊗I) + hᵏ (e₁e₁ᵀ⊗F)" m (LinearSmooth.delayMatrix k linear.Step force)
        fun () -> Smooth.matrices "(U⊗I) + hᵏ (1e₁ᵀ⊗F)" differences (LinearSmooth.differenceMatrix k linear.Step force)
        fun () ->
            let found = Array.init (k * d + 1) (Rational.ofInt >> LinearSmooth.characteristicAt k linear.Step force)
            Check.vectors "det((λ−1)ᵏ I − hᵏ λᵏ⁻¹ F)" (stated linear) found
        fun () ->
            if d > 1 then
                Outcome.holds
            else
                let polynomial = LinearSmooth.characteristicPolynomial k linear.Step force[0, 0]
                let values = Array.init (k + 1) (Rational.ofInt >> Polynomial.evaluate polynomial)
                Check.vectors "(λ−1)ᵏ − hᵏφ λᵏ⁻¹" (stated linear) values
    ]

/// The state matrices of φ and φ + 1 differ in one entry, by hᵏ.
let private oneParameter (linear: Linear) : Outcome =
    let shifted = { linear with Force = linear.Force |> Array.map (Array.map (fun φ -> φ + Rational.One)) }
    let k = linear.Order
    let corner = Matrix.init k k (fun i j -> if i = 0 && j = 0 then Rational.power linear.Step k else Rational.Zero)
    Smooth.matrices "M(φ+1) − M(φ)" corner (Matrix.subtract (stateMatrix shifted) (stateMatrix linear))

let private forces (least: int) (largest: int) : Generator<Linear> =
    let draw _ (stream: RandomStream) =
        let k, d = stream.NextInt(least, 5), stream.NextInt(1, largest)
        { Order = k; Step = Draws.step stream; Force = Array.init d (fun _ -> Draws.vector stream d); Age = 1 }

    let shrink (linear: Linear) =
        seq {
            for k in Shrink.int least linear.Order do
                { linear with Order = k }

            for d in Shrink.int 1 linear.Force.Length do
                { linear with Force = linear.Force |> Array.truncate d |> Array.map (Array.truncate d) }

            if linear.Step <> Rational.One then
                { linear with Step = Rational.One }

            for force in Shrink.elements (Shrink.elements Draws.shrinkFraction) linear.Force do
                { linear with Force = force }
        }

    Generator.fromStream draw shrink show

/// f(x) = x at the oldest state, order 2 and 3: (λ−1)ᵏ − hᵏφ instead.
let private oldestRead =
    [ 2; 3 ] |> List.map (fun k -> { Order = k; Step = Rational.One; Force = TestMaps.rows [ "1" ]; Age = k })

/// Read at the oldest state, k ≥ 2, the force gives det((λ−1)ᵏ I − hᵏF) instead.
let private oldestSpectrum (linear: Linear) : Outcome =
    let k, d = linear.Order, linear.Force.Length
    let driven = Matrix.scale (Rational.power linear.Step k) (Matrix.ofRows linear.Force)

    let expected =
        Array.init (k * d + 1) (fun λ ->
            let free = Matrix.scale (Rational.power (Rational.ofInt (λ - 1)) k) (Matrix.identity d)
            Elimination.determinant (Matrix.subtract free driven))

    Check.vectors "det(λI − M), the oldest state read" expected (characteristic (stateMatrix { linear with Age = k }))

/// (λ−1)² − λ = λ² − 3λ + 1, whose start 1, 1 runs through every other Fibonacci number; (λ−1)² − 1 = λ² − 2λ read at the oldest.
let private references: Reference<Rational[]> list = [
    {
        Quantity = "the characteristic polynomial, order 2, h = φ = 1"
        Expected = TestMaps.rows [ "1 -3 1" ] |> Array.head
        Compute = fun () -> LinearSmooth.characteristicPolynomial 2 Rational.One Rational.One
    }
    {
        Quantity = "(λ−1)² − 1 at λ = 0, 1, 2, order 2, the oldest state read"
        Expected = TestMaps.rows [ "0 -1 0" ] |> Array.head
        Compute = fun () -> characteristic (stateMatrix oldestRead[0])
    }
]

let claim: Claim =
    Paper.define
        "hauser.smooth.linear-spectrum"
        Paper.reconstructed
        "∇ᵏx(l+1) = hᵏ F·x has the characteristic polynomial det((λ−1)ᵏ I − hᵏ λᵏ⁻¹ F), for d = 1 (λ−1)ᵏ − hᵏφ λᵏ⁻¹, in delay and in difference coordinates: for d = 1 one parameter within the k parameters of the companion matrices."
    |> Claim.hypothesis "H1" "the force reads the newest state x(l)"
    |> Claim.exact "spectrum" (Instances.random (forces 1 2) 50) bothCoordinates
    |> Claim.exact "one-parameter" (Instances.random (forces 1 1) 30) oneParameter
    |> Claim.exact "oldest-read-instead" (Instances.random (forces 2 2) 30) oldestSpectrum
    |> Check.references Check.vectors references "reference"
    |> Claim.neededBy "H1" (Instances.chosen show oldestRead) hasSpectrum
