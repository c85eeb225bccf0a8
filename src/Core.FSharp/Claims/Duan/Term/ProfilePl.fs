/// How well a polygon follows the profile of a tanh term.
///
/// Statement: H(s) = asinh(q·sinh s), q = e^{κτ}, has max|H″| = 2|q² − 1|/(3√3), at sinh s = ±1/(q√2). So the polygon ψ̃ through ψ on a mesh η has sup|ψ − ψ̃| ≤ C_ψη²/8, C_ψ = 2|e^{2κτ} − 1|/(3√3|κ|),
/// 4|τ|/(3√3) for κ = 0, and s + κψ̃ increases. C_ψ = O(τ): the error per unit of time does not grow with the number of steps.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Term.ProfilePl

open LayerTime.Core.Numbers
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

/// One cell [s, s + η] of the mesh.
type private Cell = { Kappa: float; Tau: float; S: float; Width: float }

let private show (cell: Cell) : (string * string) list = [
    "κ", string cell.Kappa
    "τ", string cell.Tau
    "s", string cell.S
    "η", string cell.Width
]

let private profile (cell: Cell) : float -> float = TermFlow.tanhProfile cell.Kappa cell.Tau

/// The largest distance of ψ from its chord at 16 points of the cell.
let private error (cell: Cell) : float =
    let ψ = profile cell
    let a, b = ψ cell.S, ψ (cell.S + cell.Width)

    Seq.init 17 (fun k -> float k / 16.0)
    |> Seq.map (fun θ -> abs (ψ (cell.S + θ * cell.Width) - (a + θ * (b - a))))
    |> Seq.max

/// 16 ulp of |τ| in each of three values of ψ, a few more for the chord and for s.
let private rounding (cell: Cell) : float =
    64.0 * Fields.unit * abs cell.Tau * (1.0 + max 1.0 (Elementary.exp (cell.Kappa * cell.Tau)) * (abs cell.S + cell.Width))

/// C_ψη²/8 with this mesh.
let private isWithin (η: Cell -> float) (cell: Cell) : Outcome =
    let bound = TermFlow.tanhProfileCurvature cell.Kappa cell.Tau * η cell * η cell / 8.0
    Outcome.atMost "sup |ψ − ψ̃|" (bound + rounding cell) (error cell)

/// s + κψ̃ increases on the cell: its slope is a mean of H′, which lies between 1 and q.
let private increases (cell: Cell) : Outcome =
    let ψ = profile cell
    let slope = 1.0 + cell.Kappa * (ψ (cell.S + cell.Width) - ψ cell.S) / cell.Width
    let q = Elementary.exp (cell.Kappa * cell.Tau)
    let tolerance = rounding cell * abs cell.Kappa / cell.Width

    Outcome.all [
        Outcome.atLeast "the slope of s + κψ̃" (min 1.0 q - tolerance) slope
        Outcome.atMost "the slope of s + κψ̃" (max 1.0 q + tolerance) slope
    ]

/// The bound is attained on short cells about sinh s = 1/(q√2): within η²/4 of it, relatively, as |H⁗| is of the size of |H″|.
let private isSharp (κ: float, τ: float) : Outcome =
    let y = Elementary.exp (-κ * τ) / sqrt 2.0
    let s = Elementary.log (y + sqrt (y * y + 1.0))
    let η = 1.0 / 16.0
    let cell = { Kappa = κ; Tau = τ; S = s - 0.5 * η; Width = η }
    Outcome.atLeast "sup |ψ − ψ̃|" (TermFlow.tanhProfileCurvature κ τ * η * η / 8.0 * (1.0 - 0.25 * η) - rounding cell) (error cell)

let claim: Claim =
    let cells =
        let draw (stream: RandomStream) =
            let scalar =
                match stream.NextInt(1, 5) with
                | 1 -> 0.0
                | 2 -> stream.NextFloat(-1e-8, 1e-8)
                | _ -> stream.NextFloat(-3.0, 3.0)

            {
                Kappa = scalar
                Tau = stream.NextFloat(-2.0, 2.0)
                S = if stream.NextInt(1, 5) = 1 then stream.NextFloat(-40.0, 40.0) else stream.NextFloat(-4.0, 4.0)
                Width = stream.NextFloat(0.05, 1.0)
            }

        Generator.fromStream (fun _ -> draw) Shrink.none show

    let curvature κ () = [| TermFlow.tanhProfileCurvature κ 0.5 |]

    let times = [
        for κ in [ -1.0; -0.375; 0.0; 0.375; 1.0 ] do
            for τ in [ -1.0; 0.125; 0.5 ] -> κ, τ
    ]
    // At the steepest bend, on one cell of twice the width.
    let wide = { Kappa = 0.375; Tau = 0.5; S = 0.45; Width = 0.2 }

    Paper.define
        "duan.term.profile-pl"
        Paper.reconstructed
        "The polygon through ψ on a mesh η is within C_ψη²/8 of ψ, C_ψ = 2|e^{2κτ} − 1|/(3√3|κ|), and s + κψ̃ increases; C_ψ is the least such constant."
    |> Claim.hypothesis "H1" "the mesh is at most η"
    |> Claim.bounded "within" (Instances.random cells 300) (isWithin _.Width)
    |> Claim.bounded "increasing" (Instances.random cells 200) increases
    |> Claim.bounded "sharp" (Instances.chosen (fun (κ: float, τ: float) -> [ "κ", string κ; "τ", string τ ]) times) isSharp
    |> Known.bounded "reference" [
        Known.floats "C_ψ for κ = 3/8, τ = 1/2" "0.46700340570451054" (curvature 0.375)
        Known.floats "C_ψ for κ = −3/8, τ = 1/2" "0.3209664338995808" (curvature -0.375)
        Known.floats "C_ψ for κ = 0, τ = 1/2" "0.3849001794597505" (curvature 0.0)
    ]
    |> Claim.neededBy "H1" (Instances.chosen show [ wide ]) (isWithin (fun cell -> 0.5 * cell.Width))
