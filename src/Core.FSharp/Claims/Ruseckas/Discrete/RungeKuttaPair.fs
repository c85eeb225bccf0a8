/// The exact adjoint of a Runge–Kutta layer, and the method that it is.
///
/// Statement: for X_i = x + dt Σ_j A_ij F(X_j), x⁺ = x + dt Σ β_i F(X_i), the adjoint of the layer is
/// ξ_i = F′(X_i)ᵀ(dt β_i a⁺ + dt Σ_{j&gt;i} A_ji ξ_j) for i = s..1, a = a⁺ + Σ ξ_i, and a·δx = a⁺·δx⁺. If no β_i is 0 it is the method with
/// Â_ij = β_j − β_j A_ji/β_i, and β_i Â_ij + β_j A_ji = β_i β_j: a symplectic pair.
/// Proof: differentiate the stages in reverse order; for β_i ≠ 0 the vectors p_i = a − dt Σ_j Â_ij F′(X_j)ᵀp_j have ξ_i = dt β_i F′(X_i)ᵀp_i.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Discrete.RungeKuttaPair

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

/// An explicit method: the rows of A below the diagonal, and β.
[<NoComparison>]
type private Method = {
    Name: string
    A: Rational[][]
    β: Rational[]
} with

    member method.Stages = method.β.Length

let private method (name: string) (rows: string list) (β: string) : Method =
    let β = Known.vector β
    let given = rows |> List.map Known.vector

    {
        Name = name
        A = Array.init β.Length (fun i -> Array.init β.Length (fun j -> if j < i then given[i - 1][j] else Rational.Zero))
        β = β
    }

let private euler = method "Euler" [] "1"
let private heun = method "Heun" [ "1" ] "1/2 1/2"
let private midpoint = method "midpoint" [ "1/2" ] "0 1"
let private ralston = method "Ralston" [ "1/2"; "0 3/4" ] "2/9 1/3 4/9"
let private rk4 = method "RK4" [ "1/2"; "0 1/2"; "0 0 1" ] "1/6 1/3 1/3 1/6"
let private methods = [ euler; heun; midpoint; ralston; rk4 ]

/// One layer with its method, its input, a tangent and the momentum behind it; the first layer of a network is the field.
[<NoComparison>]
type private Case = { Method: Method; Network: NetworkCase }

let private combination (start: 'T[]) (h: 'T) (weights: 'T[]) (slopes: 'T[][]) : 'T[] when 'T :> IField<'T> =
    Array.fold2 (fun x w k -> Vector.addScaled x ('T.Product(h, w)) k) start weights slopes

/// The stages X_i and x⁺, in any number system.
let private forward (lift: Rational -> 'T) (method: Method) (network: NearIdentity<'T>) (x: 'T[]) : 'T[][] * 'T[] when 'T :> IField<'T> =
    let weights i = method.A[i] |> Array.truncate i |> Array.map lift

    let stages, slopes =
        Array.fold
            (fun (stages, slopes) i ->
                let stage = combination x network.Step (weights i) slopes
                Array.append stages [| stage |], Array.append slopes [| NearIdentity.field network 0 stage |])
            ([||], [||])
            (Array.init method.Stages id)

    stages, combination x network.Step (method.β |> Array.map lift) slopes

let private dualStep (case: Case) : Dual<Rational>[] =
    let start = Array.map2 (fun x v -> Dual(x, v)) case.Network.Start case.Network.Tangent
    snd (forward Dual.constant case.Method (NearIdentity.map Dual.constant case.Network.Network) start)

/// a by the ξ-recursion.
let private adjoint (case: Case) : Rational[] =
    let method, network, final = case.Method, case.Network.Network, case.Network.Target
    let stages, _ = forward id method network case.Network.Start
    let ξ = Array.create method.Stages [||]

    for i in method.Stages - 1 .. -1 .. 0 do
        let force =
            Seq.fold
                (fun sum j -> Vector.addScaled sum (network.Step * method.A[j][i]) ξ[j])
                (Vector.scale (network.Step * method.β[i]) final)
                (seq { i + 1 .. method.Stages - 1 })

        ξ[i] <- NearIdentity.pull network 0 stages[i] force

    Array.fold Vector.add final ξ

let private pairings (case: Case) : Rational * Rational =
    Vector.dot (adjoint case) case.Network.Tangent, Vector.dot case.Network.Target (dualStep case |> Array.map _.Derivative)

let private isPaired (case: Case) : Outcome =
    let before, after = pairings case
    Check.equal "a·δx against a⁺·δx⁺" after before

/// Â_ij = β_j − β_j A_ji/β_i
let private partner (method: Method) : Rational[][] =
    Array.init method.Stages (fun i -> Array.init method.Stages (fun j -> method.β[j] - method.β[j] * method.A[j][i] / method.β[i]))

let private isSymplecticPair (adjoint: Method -> Rational[][]) (method: Method) : Outcome =
    let second = adjoint method

    seq {
        for i in 0 .. method.Stages - 1 do
            for j in 0 .. method.Stages - 1 do
                Check.equal
                    $"β_{i + 1}Â_{i + 1}{j + 1} + β_{j + 1}A_{j + 1}{i + 1}"
                    (method.β[i] * method.β[j])
                    (method.β[i] * second[i][j] + method.β[j] * method.A[j][i])
    }
    |> Outcome.all

/// a⁺ by the partner's stages p_i = a − dt Σ_j Â_ij F′(X_j)ᵀp_j, a⁺ = a − dt Σ β_i F′(X_i)ᵀp_i, from the a of the ξ-recursion.
/// The system for the stages is linear; its matrix has the blocks δ_ij I + dt Â_ij F′(X_j)ᵀ.
let private isPartner (case: Case) : Outcome =
    let method, network, n = case.Method, case.Network.Network, case.Network.Dimension

    if method.β |> Array.exists (fun b -> b.Sign = 0) then
        Outcome.undecided "a weight β_i is 0"
    else
        let stages, _ = forward id method network case.Network.Start
        let a = adjoint case
        let second = partner method

        // F′(X_j)ᵀ, column by column.
        let pulls = stages |> Array.map (fun x -> Array.init n (fun c -> NearIdentity.pull network 0 x (Vector.unit n c)))

        let size = method.Stages * n

        let system =
            Matrix.init size size (fun row column ->
                let i, r, j, c = row / n, row % n, column / n, column % n
                let identity = if row = column then Rational.One else Rational.Zero
                let pulled = pulls[j]
                let coupling = second[i][j] * pulled[c][r]
                identity + network.Step * coupling)

        match Elimination.inverse system with
        | None -> Outcome.undecided "the stages of the partner are not determined"
        | Some inverse ->
            let p = Array.init size (fun row -> a[row % n]) |> Matrix.apply inverse |> Array.chunkBySize n
            let slopes = Array.mapi (fun i p -> NearIdentity.pull network 0 stages[i] p) p
            combination a (-network.Step) method.β slopes |> Check.vectors "a⁺ by the partner" case.Network.Target

/// The momentum carried with the tableau of the states, Â = A: p_i = a − dt Σ_{j<i} A_ij F′(X_j)ᵀp_j, a⁺ = a − dt Σ β_i F′(X_i)ᵀp_i.
let private sameTableau (case: Case) : Outcome =
    let method, network, a = case.Method, case.Network.Network, case.Network.Target
    let stages, _ = forward id method network case.Network.Start

    let slopes =
        Array.fold
            (fun slopes i ->
                let p = combination a (-network.Step) (Array.truncate i method.A[i]) slopes
                Array.append slopes [| NearIdentity.pull network 0 stages[i] p |])
            [||]
            (Array.init method.Stages id)

    let final = combination a (-network.Step) method.β slopes
    Check.equal "a⁺·δx⁺ against a·δx" (Vector.dot a case.Network.Tangent) (Vector.dot final (dualStep case |> Array.map _.Derivative))

/// Another reading of the same tableau, run in reversed time over the stages in reversed order: for Heun and RK4 it is the exact adjoint, as
/// Â_ij = β_j A_ji/β_i is A read backward.
let private isOwnPartner (case: Case) : Outcome =
    let method, network, final = case.Method, case.Network.Network, case.Network.Target
    let stages, _ = forward id method network case.Network.Start
    let reversed = Array.rev stages

    let slopes =
        Array.fold
            (fun slopes i ->
                let p = combination final network.Step (Array.truncate i method.A[i]) slopes
                Array.append slopes [| NearIdentity.pull network 0 reversed[i] p |])
            [||]
            (Array.init method.Stages id)

    let a = combination final network.Step method.β slopes
    Check.equal "a·δx against a⁺·δx⁺" (snd (pairings case)) (Vector.dot a case.Network.Tangent)

let private show (case: Case) : (string * string) list = ("method", case.Method.Name) :: Networks.show case.Network

let private generator: Generator<Case> =
    // One layer; cubic fields of RK4 have stages with numerators of some thousand digits, so the plane is enough.
    let networks = Networks.generator { Networks.both with Deepest = 1; Accept = fun case -> case.Dimension <= 2 }

    let gen =
        FsCheck.FSharp.Gen.map2
            (fun network (stream: RandomStream) -> { Method = Draws.choice stream (List.toArray methods); Network = network })
            networks.Gen
            Generator.stream

    let shrink case = networks.Shrink case.Network |> Seq.map (fun network -> { case with Network = network })
    Generator.create gen shrink show

/// The stages of a leaky field must not lie on a kink either.
let private isOffKinks (case: Case) : bool =
    match case.Network.Network.Damping with
    | Damping.Cubic _ -> true
    | Damping.Leaky _ ->
        let stages, _ = forward id case.Method case.Network.Network case.Network.Start
        stages |> Array.forall (Array.forall (fun x -> x.Sign <> 0))

let private offKinks (conclude: Case -> Outcome) (case: Case) : Outcome =
    if isOffKinks case then conclude case else Outcome.undecided "a stage lies on a kink"

let private known (method: Method) : Case = { Method = method; Network = { Networks.p2 with Target = Known.vector "1 -3" } }

let claim: Claim =
    let showMethod (method: Method) = [ "method", method.Name ]
    let before method () = [| fst (pairings (known method)) |]

    Paper.define
        "ruseckas.discrete.rk-adjoint-pair"
        Paper.reconstructed
        "Explicit Runge–Kutta layer: ξ_i = F′(X_i)ᵀ(dt β_i a⁺ + dt Σ_{j>i} A_ji ξ_j), a = a⁺ + Σ ξ_i is its exact adjoint, a·δx = a⁺·δx⁺; if no β_i = 0 it is the method Â_ij = β_j − β_j A_ji/β_i with β_i Â_ij + β_j A_ji = β_i β_j."
    |> Claim.hypothesis "H1" "β_i ≠ 0 for all i (for the partner method)"
    |> Claim.hypothesis "H2" "the adjoint is run with Â, not with A"
    |> Claim.exact "pairing" (Instances.random generator 60) (offKinks isPaired)
    |> Claim.exact "partner" (Instances.random generator 40) (offKinks isPartner)
    |> Claim.drawsPerTrial 4
    |> Claim.exact "symplectic-pair" (Instances.chosen showMethod [ euler; heun; ralston; rk4 ]) (isSymplecticPair partner)
    |> Claim.exact "own-partner" (Instances.chosen show [ known heun; known rk4 ]) isOwnPartner
    |> Known.exact "reference" [
        Known.value "P2, dt = 1/4: a·δx, Euler" "-35/8" (before euler)
        Known.value "Heun" "-3.929646470811632" (before heun)
        Known.value "midpoint" "-3.966363169352214" (before midpoint)
        Known.value "Ralston" "-3.974719571457993" (before ralston)
        Known.value "RK4" "-3.977526447969189" (before rk4)
        Known.value "RK4: x_1, a" "0.7956726044950336 -0.83248542223864 1.452010629427117 -2.714768538698153" (fun () ->
            Array.append (dualStep (known rk4) |> Array.map _.Value) (adjoint (known rk4)))
    ]
    // Dividing by β_1 = 0 throws, which a control does not count: the witness is the tableau with the quotient left out, Â_ij = β_j.
    |> Claim.neededBy
        "H1"
        (Instances.chosen showMethod [ midpoint ])
        (isSymplecticPair (fun method -> Array.init method.Stages (fun _ -> method.β)))
    |> Claim.neededBy "H2" (Instances.chosen showMethod methods) (isSymplecticPair _.A)
    |> Claim.neededBy "H2" (Instances.chosen show (List.map known methods)) sameTableau
