namespace LayerTime.Core.Claims.Hauser.Smooth

open System.Numerics
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Claims.Hauser

/// Binomials by Pascal's rule C(n, r) = C(n−1, r−1) + C(n−1, r), additions only: the witness against the closed formulas.
[<RequireQualifiedAccess>]
module internal Pascal =
    let private below (row: BigInteger[]) _ : BigInteger[] =
        let inner = Array.pairwise row |> Array.map (fun (left, right) -> left + right)
        Array.concat [ [| BigInteger.One |]; inner; [| BigInteger.One |] ]

    let private rows: BigInteger[][] = Array.scan below [| BigInteger.One |] [| 1..60 |]

    /// C(n, r) for 0 ≤ n ≤ 60, and C(−1, 0) = 1.
    let choose (n: int) (r: int) : Rational =
        if n = -1 && r = 0 then Rational.One
        elif r < 0 || r > n then Rational.Zero
        else rows[n][r] |> Rational.ofBigInteger

/// What several claims on smooth networks share.
[<RequireQualifiedAccess>]
module internal Smooth =
    /// The network of an architecture that is right by construction.
    let network (architecture: Architecture<Rational>) : DifferenceEquation<Rational> = Architecture.equation architecture |> Defect.orFail

    /// x(1), x(2), … of an architecture from a history.
    let outputs (architecture: Architecture<Rational>) (history: Rational[][]) : Rational[][] =
        (Simulation.run (network architecture) history).Outputs

    /// x ↦ c
    let constant (value: Rational[]) : LayerMap<Rational> =
        LayerMap.dense (Matrix.zero value.Length value.Length) value Activation.Identity |> Defect.orFail

    /// (x(l), ∇x(l), …, ∇ᵏ⁻¹x(l)) by the definition of ∇.
    let differences (trajectory: Trajectory<Rational>) (l: int) : Rational[][] =
        let delay = trajectory.Delay l
        Array.init delay.Length (fun n -> Simulation.backwardDifference n delay)

    /// (−1)ʲ
    let sign (j: int) : Rational = if j % 2 = 0 then Rational.One else -Rational.One

    /// The drawn network with other maps from W and b of one activation.
    let withMaps (change: int -> DrawnMap -> DrawnMap) (drawn: Drawn) : Drawn = {
        drawn with
            Maps = drawn.Maps |> Array.mapi (fun l maps -> Array.map (change l) maps)
    }

    /// The map with W = 0: x ↦ σ(b).
    let unread (map: DrawnMap) : DrawnMap = { map with Weights = map.Weights |> Array.map (fun row -> Vector.zero row.Length) }

    /// Equality of two matrices.
    let matrices (quantity: string) (expected: Matrix<Rational>) (found: Matrix<Rational>) =
        LayerTime.Core.Claims.Outcome.equal quantity string expected found

    /// The free continuation of 3, 1, 0 at order 3: the triangular numbers C(l+3, 2).
    let triangular: Reference<Rational[][]> = {
        Quantity = "x(1) … x(5), order 3, no force, history 3, 1, 0"
        Expected = TestMaps.rows [ "6"; "10"; "15"; "21"; "28" ]
        Compute =
            fun () ->
                let maps = Array.replicate 5 (constant [| Rational.Zero |])
                outputs (Architecture.Smooth(3, Rational.One, maps)) (TestMaps.rows [ "3"; "1"; "0" ])
    }
