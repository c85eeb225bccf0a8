/// The cheapest linear transport of one sample is a logarithmic spiral.
///
/// Statement: one sample, linear layers without bias: min ½∫‖w‖² from x_0 to x_1 is (ϕ² + r²)/(2T), ϕ the angle in [0, π] and
/// r = ln(|x_1|/|x_0|). Residual twin with N layers of equal angle and ratio: E_N = N²/(2T)·(1 + e^{2r/N} − 2e^{r/N}cos(ϕ/N)), the least
/// cost among paths whose steps z_l = e^{ρ+iθ} have Re z_l &gt; 1/2.
/// Proof: the cheapest w with wx = x′ is x′xᵀ/|x|², so a layer costs |z − 1|²·N/(2T); its Hessian in (ρ, θ) is positive definite iff
/// e^ρ cos θ &gt; 1/2, a convex region in (ρ, θ); Jensen. A step outside of the region costs at least N/(8T), so it is the
/// global minimiser whenever E_N ≤ N/(8T); for smaller N that is open.
/// Beyond the paper.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.Beyond.SpiralEnergy

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

/// The steps (ρ_l, θ_l) of a path in the plane from (1, 0), and T.
[<NoComparison>]
type private Path = { Steps: (float * float)[]; Horizon: float }

/// E_N
let private formula (n: int) (r: float) (ϕ: float) (t: float) : float =
    let n = float n
    let grow = Elementary.exp (r / n)
    n * n / (2.0 * t) * (1.0 + grow * grow - 2.0 * grow * Elementary.cos (ϕ / n))

/// The points of the path as vectors, and Σ ½dt‖w_l‖² with w_l = (x_{l+1} − x_l)x_lᵀ/(dt|x_l|²).
let private cost (path: Path) : float =
    let h = path.Horizon / float path.Steps.Length

    let next (x: float, y: float) (ρ, θ) =
        let scale, c, s = Elementary.exp ρ, Elementary.cos θ, Elementary.sin θ
        scale * (c * x - s * y), scale * (s * x + c * y)

    Array.scan next (1.0, 0.0) path.Steps
    |> Array.pairwise
    |> Array.sumBy (fun ((x, y), (x', y')) ->
        let size = x * x + y * y
        let v, v' = (x' - x) / h, (y' - y) / h
        // ‖v xᵀ‖²/|x|⁴, entry by entry.
        let squares = [| v * x; v * y; v' * x; v' * y |] |> Array.sumBy (fun a -> a * a)
        0.5 * h * squares / (size * size))

let private isDearer (path: Path) : Outcome =
    let ρ, ϕ = Array.sumBy fst path.Steps, Array.sumBy snd path.Steps
    let found = cost path
    let slack = 8.0 * float (4 * path.Steps.Length + 4) * FloatNetworks.unit * 16.0 * found
    // ϕ is the angle walked; |Σθ| is at least the angle in [0, π], for which the formula is least.
    Outcome.atLeast "the cost of the path" (formula path.Steps.Length ρ ϕ path.Horizon - slack) found

let private isAttained (n: int, r: float, ϕ: float) : Outcome =
    let path = { Steps = Array.replicate n (r / float n, ϕ / float n); Horizon = 1.0 }
    let expected = formula n r ϕ 1.0
    // 4n + 4 terms, each after some dozen operations.
    Check.negligible "cost of the spiral − E_N" (8.0 * float (4 * n + 8) * FloatNetworks.unit * 16.0 * expected) (cost path - expected)

let private isRegular (path: Path) : bool = path.Steps |> Array.forall (fun (ρ, θ) -> Elementary.exp ρ * Elementary.cos θ > 0.5)

let private draw (stream: RandomStream) : Path =
    let one (stream: RandomStream) = {
        Steps = Array.init (stream.NextInt(2, 12)) (fun _ -> stream.NextFloat(-0.6, 1.0), stream.NextFloat(-1.2, 1.2))
        Horizon = stream.NextFloat(0.5, 3.0)
    }

    let regular (path: Path) = { path with Steps = path.Steps |> Array.filter (fun step -> isRegular { path with Steps = [| step |] }) }

    Draws.until (fun path -> path.Steps.Length >= 1) (one >> regular) stream

let private shrink (path: Path) : Path seq = Shrink.array 1 Shrink.none path.Steps |> Seq.map (fun steps -> { path with Steps = steps })

let private show (path: Path) : (string * string) list = [ "(ρ, θ)", sprintf "%A" path.Steps; "T", string path.Horizon ]

/// ϕ = π, r = 0, N = 2 by (1, 0) → ((1 − √5)/2, 0) → (−1, 0): the first step is −0.618, the second 1.618.
let private golden: Path =
    let first = (sqrt 5.0 - 1.0) / 2.0
    { Steps = [| Elementary.log first, Math.PI; -(Elementary.log first), 0.0 |]; Horizon = 1.0 }

let claim: Claim =
    let r = Elementary.log 2.0
    let generator = Generator.fromStream (fun _ stream -> draw stream) shrink show

    Paper.define
        "ruseckas.beyond.spiral-energy"
        Paper.own
        "min ½∫‖w‖² from x_0 to x_1 is (ϕ² + r²)/(2T); N layers with Re z_l > 1/2 cost at least E_N = N²/(2T)·(1 + e^{2r/N} − 2e^{r/N}cos(ϕ/N)), attained by the uniform spiral."
    |> Claim.hypothesis "H1" "every step z_l = x_{l+1}/x_l, in complex numbers, has Re z_l > 1/2"
    |> Claim.bounded "least" (Instances.random generator 200) isDearer
    |> Claim.bounded
        "attained"
        (Instances.chosen (fun (n: int, r, ϕ) -> [ "N", string n; "r", string r; "ϕ", string ϕ ]) [ 4, r, 1.5; 10, r, 3.0; 7, -0.5, 1.0 ])
        isAttained
    |> Known.bounded "reference" [
        Known.floats "x0 = (1, 0), x1 = (0, 2), T = 1: E" "1.473927057095271" (fun () -> [| (Math.PI * Math.PI / 4.0 + r * r) / 2.0 |])
        Known.floats "E_4, E_10, E_100" "1.734762683499801 1.57710247921411 1.484154455843448" (fun () ->
            [| 4; 10; 100 |] |> Array.map (fun n -> formula n r (Math.PI / 2.0) 1.0))
        Known.floats "the least N with E_N ≤ N/(8T): from there on no path at all is cheaper" "13" (fun () -> [|
            Seq.initInfinite (fun k -> k + 1) |> Seq.find (fun n -> formula n r (Math.PI / 2.0) 1.0 <= float n / 8.0) |> float
        |])
        Known.floats "ϕ = π, N = 2: the uniform path and the golden one" "4.0000000000 3.0000000000" (fun () -> [|
            formula 2 0.0 Math.PI 1.0
            cost golden
        |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen show [ golden ]) isDearer
