/// Finding the order of a linear network from its trajectories.
///
/// Statement: of x(l+1) = Σ_{n≤k} A_n x(l+1−n), tied and with A_k ≠ 0, let trajectories of N ≥ 1 layers be known whose histories
/// span R^{kd}. Solving x(l+1) = Σ_{n≤K} B_n x(l+1−n), l ≥ 0, for K = 1, 2, … first succeeds at K = k, and then with B = A only.
/// For K &lt; k a combination of the equations reads 0 = c with c ≠ 0.
/// Proof: at l = 0 the equations say Σ_{n≤k} A_n z_n = Σ_{n≤K} B_n z_n for all z: A_k = 0 if K &lt; k, and B = A if K = k.
/// Our own.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Beyond.MinimalOrderIdentification

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// A_1 … A_k, the histories [x(0); …; x(−k+1)] as rows, and N.
type private Case = { Maps: Rational[][][]; Histories: Rational[][]; Layers: int }

/// The trajectories x(−k+1), …, x(N), oldest first.
let private sequences (case: Case) : Rational[][][] =
    let network = LinearRecursion.network case.Layers (Array.map Matrix.ofRows case.Maps) |> Defect.orFail
    let k, d = case.Maps.Length, case.Maps[0].Length

    case.Histories
    |> Array.map (fun history ->
        let trajectory = Simulation.run network.Equation (Array.chunkBySize d history)
        Array.init (k + case.Layers) (fun i -> trajectory[i - k + 1]))

/// What a combination of the equations x(i) = Σ_{n≤K} B_n x(i−n), i ≥ max(K, k), leaves on either side, in one coordinate.
let private combine (k: int) (sequences: Rational[][][]) (exclusion: OrderExclusion) : Rational[] * Rational =
    let order = exclusion.Order

    let windows = [|
        for states in sequences do
            for i in max order k .. states.Length - 1 -> states, i
    |]

    let width = (Array.head sequences[0]).Length
    let right = windows |> Array.map (fun (states, i) -> states[i][exclusion.Coordinate])

    let left =
        Array.init (order * width) (fun c ->
            windows
            |> Array.mapi (fun e (states, i) -> exclusion.Combination[e] * states[i - 1 - c / width][c % width])
            |> Array.sum)

    left, Vector.dot exclusion.Combination right

let private isIdentified (case: Case) : Outcome =
    let sequences = sequences case
    let k = case.Maps.Length
    let showMaps = Array.map Check.showBlocks >> String.concat "; "

    match OrderIdentification.identify k sequences with
    | Error _ -> Outcome.refuted "the order" (string k) "no order explains the trajectories"
    | Ok found ->
        Outcome.check [
            fun () -> Outcome.equal "the order" string k found.Order
            fun () -> Outcome.equal "A_1 … A_k" showMaps case.Maps (Array.map Matrix.toRows found.Maps)
            fun () -> Outcome.equal "whether A is unique" string true found.Unique
            fun () ->
                Outcome.equal
                    "the excluded orders"
                    (List.map string >> String.concat ", ")
                    [ 1 .. k - 1 ]
                    (found.Excluded |> List.map _.Order)
            fun () ->
                Outcome.all (
                    seq {
                        for exclusion in found.Excluded do
                            let left, right = combine k sequences exclusion
                            Check.vectors $"the left-hand sides of order {exclusion.Order}" (Vector.zero left.Length) left
                            Outcome.isTrue "the right-hand sides" "do not cancel" (right.Sign <> 0 && right = exclusion.Gap)
                    }
                )
        ]

let private generator: Generator<Case> =
    let entry (stream: RandomStream) = Rational.create (stream.NextInt(-2, 2)) (stream.NextInt(1, 2))
    let square stream d = Array.init d (fun _ -> Array.init d (fun _ -> entry stream))

    let isZero (map: Rational[][]) = map |> Array.forall (Array.forall (fun a -> a.Sign = 0))

    let draw (stream: RandomStream) =
        let k, d = stream.NextInt(1, 3), stream.NextInt(1, 2)
        let maps = Array.init k (fun _ -> square stream d)
        let last = maps[k - 1]
        // A singular A_k in every other network of width 2: its second row is made a multiple of the first.
        let last = if d = 2 && stream.NextBool() then [| last[0]; Vector.scale (entry stream) last[0] |] else last
        let last = if isZero last then Matrix.toRows (Matrix.identity d) else last

        let triangular lower =
            Matrix.init (k * d) (k * d) (fun i j ->
                if i = j then Rational.One
                elif (i > j) = lower then entry stream
                else Rational.Zero)

        {
            Maps = Array.updateAt (k - 1) last maps
            Histories = Matrix.toRows (Matrix.multiply (triangular true) (triangular false))
            Layers = Draws.choice stream [| 1; 2; 2 * k |]
        }

    let shrink (case: Case) =
        seq {
            for layers in Shrink.int 1 case.Layers do
                { case with Layers = layers }

            let identity = Matrix.toRows (Matrix.identity case.Histories.Length)

            if case.Histories <> identity then
                { case with Histories = identity }

            for maps in Shrink.elements (Shrink.elements (Shrink.elements Draws.shrinkFraction)) case.Maps do
                if not (isZero (Array.last maps)) then
                    { case with Maps = maps }
        }

    let show (case: Case) = [
        for n in 0 .. case.Maps.Length - 1 do
            $"A_{n + 1}", Check.showBlocks case.Maps[n]
        "histories", Check.showBlocks case.Histories
        "layers", string case.Layers
    ]

    Generator.fromStream (fun _ -> draw) shrink show

/// The trajectories also tell a smooth network, A_j = (−1)^(j+1) C(k,j)·I for j ≥ 2 and A_1 = kI + hᵏF, from any other.
let private isClassified (case: Case) : Outcome =
    let k, d = case.Maps.Length, case.Maps[0].Length
    let multiple (c: Rational) = Matrix.toRows (Matrix.scale c (Matrix.identity d))
    let past j = Rational.ofBigInteger (Binomial.choose k j) * (if j % 2 = 1 then Rational.One else -Rational.One)

    let smooth =
        Array.init k (fun i -> if i = 0 then Array.map2 Vector.add (multiple (past 1)) case.Maps[0] else multiple (past (i + 1)))
    // A_k + I/4 is not ±I.
    let other = Array.updateAt (k - 1) (Array.map2 Vector.add smooth[k - 1] (multiple (Rational.create 1 4))) smooth

    let force maps =
        match OrderIdentification.identify k (sequences { case with Maps = maps }) with
        | Ok found -> LinearRecursion.smoothForce found.Maps |> Option.map Matrix.toRows
        | Error _ -> None

    let show = Option.map Check.showBlocks >> Option.defaultValue "not smooth"

    Outcome.check [
        fun () -> Outcome.equal "hᵏF of the smooth network" show (Some case.Maps[0]) (force smooth)
        fun () -> if k = 1 then Outcome.holds else Outcome.equal "hᵏF of the other network" show None (force other)
    ]

let private ofNumbers (maps: int list) (histories: string list) : Case = {
    Maps = maps |> List.map (fun a -> [| [| Rational.ofInt a |] |]) |> List.toArray
    Histories = TestMaps.rows histories
    Layers = 4
}

let private tooFew = ofNumbers [ 2; -1 ] [ "1 1" ]

let private reference: Reference<Rational[][]> list = [
    {
        Quantity = "A_1 found from x = 1, 1, 1, … alone (A = (2, −1))"
        Expected = TestMaps.rows [ "1" ]
        Compute =
            fun () ->
                match OrderIdentification.identify 2 (sequences tooFew) with
                | Ok found -> found.Maps |> Array.map (fun map -> (Matrix.toRows map)[0])
                | Error _ -> [||]
    }
]

/// x(l+1) = diag(2, 3)·x(l) from (1, 0) alone says nothing of the second column of A_1.
let private halfSeen: Reference<bool> list = [
    {
        Quantity = "whether A is unique, A_1 = diag(2, 3), from (1, 0) alone"
        Expected = false
        Compute =
            fun () ->
                let case = { Maps = [| TestMaps.rows [ "2 0"; "0 3" ] |]; Histories = TestMaps.rows [ "1 0" ]; Layers = 4 }

                match OrderIdentification.identify 1 (sequences case) with
                | Ok found -> found.Unique
                | Error _ -> true
    }
]

let claim: Claim =
    Paper.define
        "hauser.beyond.minimal-order-identification"
        Paper.own
        "Of a tied linear network x(l+1) = Σ_{n≤k} A_n x(l+1−n), A_k ≠ 0, trajectories of at least one layer whose histories span R^{kd} fit a recursion of order K < k never and of order k with A only; smaller orders are excluded by a combination of equations 0 = c ≠ 0."
    |> Claim.hypothesis "H1" "A_k ≠ 0"
    |> Claim.hypothesis "H2" "the histories span R^{kd}"
    |> Claim.exact "identified" (Instances.random generator 150) isIdentified
    |> Claim.exact "class" (Instances.random generator 60) isClassified
    |> Check.references Check.blocks reference "reference"
    |> Check.references (fun quantity -> Outcome.equal quantity string) halfSeen "reference-unique"
    |> Claim.neededBy "H1" (Instances.chosen generator.Show [ ofNumbers [ 2; 0 ] [ "1 0"; "0 1" ] ]) isIdentified
    |> Claim.neededBy "H2" (Instances.chosen generator.Show [ tooFew ]) isIdentified
