namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// A vector field v = Mx + c.
[<NoComparison>]
type AffineField = { Linear: Rational[][]; Constant: Rational[] }

/// The affine symmetries of F = wx + b + g(x): all v = Mx + c with [F, v] = v′F − F′v = 0, each of which gives the conserved a·v.
/// The bracket is (Mw − wM)x + (Mb − wc) + Mg(x) − g′(x)∘(Mx + c).
[<RequireQualifiedAccess>]
module AffineSymmetry =
    /// Mx + c
    let apply (v: AffineField) (x: Rational[]) : Rational[] = Vector.add (NearIdentity.apply v.Linear x) v.Constant

    let private ofUnknowns (n: int) (unknowns: Rational[]) : AffineField = {
        Linear = unknowns |> Array.truncate (n * n) |> Array.chunkBySize n
        Constant = Array.skip (n * n) unknowns
    }

    /// The basis of all pairs (M, c): the unknowns, row by row and then c.
    let private units (n: int) : AffineField[] = Array.init (n * n + n) (fun i -> ofUnknowns n (Vector.unit (n * n + n) i))

    /// [F, v](x) for F with any nonlinearity g given by value and slope.
    let bracket (w: Rational[][]) (b: Rational[]) (damping: Damping<Rational> option) (v: AffineField) (x: Rational[]) : Rational[] =
        let value = damping |> Option.map NearIdentity.damp |> Option.defaultValue (fun _ -> Rational.Zero)
        let slope = damping |> Option.map NearIdentity.dampSlope |> Option.defaultValue (fun _ -> Rational.Zero)
        let velocity = Vector.add (Vector.add (NearIdentity.apply w x) b) (Array.map value x)
        let moved = apply v x
        let pushed = Array.map3 (fun wv x v -> wv + slope x * v) (NearIdentity.apply w moved) x moved
        Vector.subtract (NearIdentity.apply v.Linear velocity) pushed

    // The linear conditions on v that no nonlinearity adds to: Mw = wM and Mb = wc.
    let private affineConditions (w: Rational[][]) (b: Rational[]) (v: AffineField) : Rational[] =
        let multiply a b = Matrix.multiply (Matrix.ofRows a) (Matrix.ofRows b)
        let commutator = Matrix.subtract (multiply v.Linear w) (multiply w v.Linear)

        Array.append (commutator.Entries.ToArray()) (Vector.subtract (NearIdentity.apply v.Linear b) (NearIdentity.apply w v.Constant))

    // Cubic γ ≠ 0: M = 0, c = 0. Leaky κ ≠ 0: M diagonal, c = 0.
    let private dampingConditions (damping: Damping<Rational> option) (v: AffineField) : Rational[] =
        let offDiagonal =
            v.Linear |> Array.mapi (fun i row -> row |> Array.mapi (fun j m -> if i = j then Rational.Zero else m)) |> Array.concat

        match damping with
        | Some(Damping.Cubic γ) when γ.Sign <> 0 -> Array.append (Array.concat v.Linear) v.Constant
        | Some(Damping.Leaky κ) when κ.Sign <> 0 -> Array.append offDiagonal v.Constant
        | _ -> [||]

    let private kernelOf (conditions: AffineField -> Rational[]) (n: int) : AffineField list =
        units n |> Array.map conditions |> Matrix.ofRows |> Matrix.transpose |> Elimination.kernel |> List.map (ofUnknowns n)

    /// A basis of the affine symmetries.
    let find (w: Rational[][]) (b: Rational[]) (damping: Damping<Rational> option) : AffineField list =
        kernelOf (fun v -> Array.append (affineConditions w b v) (dampingConditions damping v)) b.Length

    /// The number of affine fields whose bracket vanishes at all of these points: without knowledge of g's form.
    let dimensionAt (w: Rational[][]) (b: Rational[]) (damping: Damping<Rational> option) (points: Rational[][]) : int =
        kernelOf (fun v -> points |> Array.collect (bracket w b damping v)) b.Length |> List.length
