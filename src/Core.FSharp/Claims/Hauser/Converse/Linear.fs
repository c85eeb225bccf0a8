/// The converse for linear state spaces.
///
/// Statement: if y⁺ = My on R^{kd}, x = Cy ∈ R^d and O = [C; CM; …; CM^{k−1}] is invertible, then x obeys
/// x(l+1) = Σ_{n=1..k} A_n x(l+1−n) with [A_k … A_1] = CMᵏO⁻¹, and O conjugates M to delay coordinates (oldest first). It is a
/// smooth network iff A_j = (−1)^(j+1) C(k,j) I for j ≥ 2; then hᵏF = A_1 − kI.
/// Proof: O y(l) = (x(l); …; x(l+k−1)) and CMᵏ y(l) = x(l+k).
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Converse.Linear

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// x(l+1) = Σ Maps[n−1] x(l+1−n) seen through the state O·(x(l−k+1); …; x(l)) shifted by k − 1, and a start y.
type private Case = { Maps: Rational[][][]; Conjugacy: Rational[][]; Start: Rational[] }

let private maps (case: Case) = Array.map Matrix.ofRows case.Maps

/// The companion matrix of the recursion in delay coordinates, oldest first.
let private companion (maps: Matrix<Rational>[]) : Matrix<Rational> =
    let k, d = maps.Length, maps[0].Rows

    Matrix.ofBlocks (
        Array.init k (fun i ->
            Array.init k (fun j ->
                if i = k - 1 then maps[k - 1 - j]
                elif j = i + 1 then Matrix.identity d
                else Matrix.zero d d))
    )

/// M = O⁻¹·K_A·O and C = [I 0 … 0]·O.
let private stateSpace (case: Case) : Matrix<Rational> * Matrix<Rational> =
    let o = Matrix.ofRows case.Conjugacy
    let d = case.Maps[0].Length
    let inverse = Elimination.inverse o |> Option.get
    Matrix.ofRows (Array.take d case.Conjugacy), Matrix.multiply inverse (Matrix.multiply (companion (maps case)) o)

let private outputs (c: Matrix<Rational>) (m: Matrix<Rational>) (count: int) (y: Rational[]) : Rational[][] =
    Array.unfold (fun (l, y) -> if l = count then None else Some(Matrix.apply c y, (l + 1, Matrix.apply m y))) (0, y)

let private generator: Generator<Case> =
    let small (stream: RandomStream) = Rational.ofInt (stream.NextInt(-2, 2))

    let triangular (stream: RandomStream) lower size =
        Matrix.init size size (fun i j ->
            if i = j then Rational.One
            elif (i > j) = lower then small stream
            else Rational.Zero)

    let draw (stream: RandomStream) =
        let d = stream.NextInt(1, 3)
        let k = stream.NextInt(1, if d = 1 then 5 else 6 / d)
        let o = Matrix.multiply (triangular stream true (k * d)) (triangular stream false (k * d))

        let free: Matrix<Rational>[] =
            Binomial.pastWeights k |> Array.map (fun c -> Matrix.scale (Rational.ofBigInteger c) (Matrix.identity d))
        // Of three networks one is smooth, only A_1 being free; one is so but for one entry of one A_j, j ≥ 2; one is any.
        let sort = stream.NextInt(0, 2)
        let off = if sort = 1 && k > 1 then stream.NextInt(1, k - 1) else 0

        let map n =
            if sort = 2 || n = 0 then
                Array.init d (fun _ -> Draws.vector stream d)
            elif n = off then
                let moved = stream.NextInt(0, d - 1)
                let rise = Vector.unit d (stream.NextInt(0, d - 1))
                Matrix.toRows free[n] |> Array.mapi (fun i row -> if i = moved then Vector.add row rise else row)
            else
                Matrix.toRows free[n]

        { Maps = Array.init k map; Conjugacy = Matrix.toRows o; Start = Draws.vector stream (k * d) }

    let shrink (case: Case) =
        seq {
            for start in Shrink.elements Draws.shrinkFraction case.Start do
                { case with Start = start }

            for maps in Shrink.elements (Shrink.elements (Shrink.elements Draws.shrinkFraction)) case.Maps do
                { case with Maps = maps }

            let identity = Matrix.toRows (Matrix.identity case.Start.Length)

            if case.Conjugacy <> identity then
                { case with Conjugacy = identity }
        }

    let show (case: Case) = [
        for n in 0 .. case.Maps.Length - 1 do
            $"A_{n + 1}", Check.showBlocks case.Maps[n]
        "O", Check.showBlocks case.Conjugacy
        "y(0)", Draws.showVector case.Start
    ]

    Generator.fromStream (fun _ -> draw) shrink show

/// ∇ᵏx(l+1) = F·x(l), 2k layers.
let private smooth (k: int) (force: Matrix<Rational>) : Architecture<Rational> =
    Architecture.Smooth(k, Rational.One, Array.create (2 * k) (LayerMap.linear force))

let private isRecursion (case: Case) : Outcome =
    let k, d = case.Maps.Length, case.Maps[0].Length
    let c, m = stateSpace case

    match LinearRecursion.ofStateSpace k c m with
    | Error problem -> Outcome.refuted "the recursion behind (M, C)" "exists" (string problem)
    | Ok recursion ->
        let x = outputs c m (3 * k) case.Start

        Outcome.check [
            fun () -> Outcome.equal "A_1 … A_k" (Array.map string >> String.concat ", ") (maps case) recursion.Maps
            fun () -> Outcome.equal "O" string (Matrix.ofRows case.Conjugacy) recursion.Conjugacy
            fun () ->
                let state l = Seq.fold (fun y _ -> Matrix.apply m y) case.Start (seq { 1..l })
                let delay l = Array.sub x l k |> Array.concat
                let image l = Matrix.apply recursion.Conjugacy (state l)
                Outcome.all (seq { for l in 0..k -> Check.vectors $"O y({l})" (delay l) (image l) })
            fun () ->
                let network = LinearRecursion.network (2 * k) recursion.Maps |> Defect.orFail
                let trajectory = Simulation.run network.Equation (Array.rev (Array.take k x))
                Check.blocks "x(k) … x(3k − 1)" (Array.skip k x) trajectory.Outputs
            fun () ->
                // The difference ∇ᵏ of the outputs depends on x(l) alone iff ∇ᵏx(l+1) vanishes with x(l).
                let free = Simulation.run (Architecture.equation (smooth k (Matrix.zero d d)) |> Defect.orFail)
                let dense = Simulation.run (LinearRecursion.network 1 (maps case) |> Defect.orFail).Equation

                let agree j i =
                    let history = Array.init k (fun b -> if b = j then Vector.unit d i else Vector.zero d)
                    (free history)[1] = (dense history)[1]

                let isSmooth = Seq.forall (fun (j, i) -> agree j i) (Seq.allPairs (seq { 1 .. k - 1 }) (seq { 0 .. d - 1 }))

                let force = LinearRecursion.smoothForce recursion.Maps
                Outcome.equal "whether it is a smooth network" string isSmooth force.IsSome
            fun () ->
                match LinearRecursion.smoothForce recursion.Maps with
                | None -> Outcome.holds
                | Some force ->
                    let trajectory = Simulation.run (Architecture.equation (smooth k force) |> Defect.orFail) (Array.rev (Array.take k x))
                    Check.blocks "x(k) … x(3k − 1) of ∇ᵏx(l+1) = (A_1 − kI)x(l)" (Array.skip k x) trajectory.Outputs
        ]

let private rows (lines: string list) = Matrix.ofRows (TestMaps.rows lines)

let private reference: Reference<Rational[][]> list =
    let m = rows [ "1 2 0 1"; "0 1 1 0"; "1 0 -1 2"; "2 1 0 0" ]
    let c = rows [ "1 0 0 0"; "0 1 0 0" ]

    let found =
        lazy
            (match LinearRecursion.ofStateSpace 2 c m with
             | Ok recursion -> recursion
             | Error problem -> invalidOp (string problem))

    [
        { Quantity = "A_1"; Expected = TestMaps.rows [ "1 2"; "2 0" ]; Compute = fun () -> Matrix.toRows found.Value.Maps[0] }
        { Quantity = "A_2"; Expected = TestMaps.rows [ "2 1"; "-1 -3" ]; Compute = fun () -> Matrix.toRows found.Value.Maps[1] }
        {
            Quantity = "det O"
            Expected = TestMaps.rows [ "-1" ]
            Compute = fun () -> [| [| Elimination.determinant found.Value.Conjugacy |] |]
        }
        {
            Quantity = "x(2) … x(5) from x(0) = (1, -1), x(1) = (-1, 1)"
            Expected = TestMaps.rows [ "2 0"; "1 2"; "9 0"; "13 11" ]
            Compute =
                fun () ->
                    let network = LinearRecursion.network 4 found.Value.Maps |> Defect.orFail
                    (Simulation.run network.Equation (TestMaps.rows [ "-1 1"; "1 -1" ])).Outputs
        }
        {
            Quantity = "x(0) … x(5) of y⁺ = My, x = Cy from y = (1, -1, 2, 0)"
            Expected = TestMaps.rows [ "1 -1"; "-1 1"; "2 0"; "1 2"; "9 0"; "13 11" ]
            Compute = fun () -> outputs c m 6 (Array.head (TestMaps.rows [ "1 -1 2 0" ]))
        }
    ]

/// C, M and two states.
[<NoComparison>]
type private Pair = { C: Matrix<Rational>; M: Matrix<Rational>; States: Rational[] * Rational[] }

/// O conjugates y⁺ = My to the delay coordinates of x = Cy: different states have different outputs.
let private areToldApart (pair: Pair) : Outcome =
    let y, other = pair.States
    let first, second = outputs pair.C pair.M 6 y, outputs pair.C pair.M 6 other

    if y = other then Outcome.undecided "it is the same state twice"
    elif first <> second then Outcome.holds
    else Outcome.refuted "x(0) … x(5) of the two states" "are different" (Check.showBlocks first)

/// y⁺ = 2y with the output c·y, and the states 0 and (−c₂, c₁): for every c both have the outputs 0, and x(l+1) = 2x(l) is
/// x(l+1) = 4x(l−1) as well.
let private doubling (c1: int) (c2: int) : Pair =
    let row (entries: int list) = entries |> List.map Rational.ofInt |> List.toArray
    { C = Matrix.ofRows [| row [ c1; c2 ] |]; M = rows [ "2 0"; "0 2" ]; States = row [ 0; 0 ], row [ -c2; c1 ] }

/// The same states where the second output tells them apart.
let private observed: Pair = { doubling 1 0 with M = rows [ "2 1"; "0 2" ] }

let claim: Claim =
    let show (pair: Pair) = [ "M", string pair.M; "C", string pair.C; "states", Check.showBlocks [| fst pair.States; snd pair.States |] ]

    Paper.define
        "hauser.converse.linear"
        Paper.reconstructed
        "y⁺ = My, x = Cy with O = [C; CM; …; CMᵏ⁻¹] invertible ⇒ x(l+1) = Σ_{n=1..k} A_n x(l+1−n) with [A_k … A_1] = CMᵏO⁻¹, and O y(l) = (x(l); …; x(l+k−1)) is the conjugacy to delay coordinates; smooth iff A_j = (−1)^(j+1) C(k,j) I for j ≥ 2, and then hᵏF = A_1 − kI."
    |> Claim.hypothesis "H1" "O = [C; CM; …; CMᵏ⁻¹] is invertible: k outputs determine the state"
    |> Claim.exact "recursion" (Instances.random generator 120) isRecursion
    |> Check.references Check.blocks reference "reference"
    |> Claim.exact "states-told-apart" (Instances.chosen show [ observed ]) areToldApart
    |> Claim.neededBy "H1" (Instances.chosen show [ doubling 1 0; doubling 1 1; doubling 3 -2 ]) areToldApart
