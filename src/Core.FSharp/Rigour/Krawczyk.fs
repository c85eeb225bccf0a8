namespace LayerTime.Core.Rigour

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// What the Krawczyk operator says of the zeros of F in a box.
[<RequireQualifiedAccess; NoComparison; NoEquality>]
type KrawczykVerdict =
    /// No zero in the box.
    | Excluded
    /// Exactly one zero in the box, and DF is regular all over the box; the zero lies in the given part of it.
    | Unique of zero: Box
    /// All zeros of the box lie in the given part of it.
    | Contracted of rest: Box
    /// The preconditioner does not exist or is not finite.
    | NoPreconditioner

/// The Krawczyk operator K(X) = m − C·F(m) + (I − C·DF(X))·(X − m), C near DF(m)⁻¹ (Krawczyk 1969, Moore 1977).
[<RequireQualifiedAccess>]
module Krawczyk =
    /// K(X) by its formula, from C, a centre m ∈ X, F(m), DF(X) and X.
    let operator (c: Matrix<Interval>) (m: Interval[]) (value: Interval[]) (jacobian: Matrix<Interval>) (x: Box) : Box =
        let rest = Matrix.subtract (Matrix.identity m.Length) (Matrix.multiply c jacobian)
        Vector.add (Vector.subtract m (Matrix.apply c value)) (Matrix.apply rest (Vector.subtract x m))

    /// One application of the operator to a box, and what follows from it.
    let step (system: ISquareSystem) (x: Box) : KrawczykVerdict =
        let struct (values, jacobian) = system.ValueAndJacobian x

        if Array.exists (fun value -> not (Interval.contains 0.0 value)) values then
            KrawczykVerdict.Excluded
        else
            match IntervalMatrix.approximateInverse jacobian with
            | None -> KrawczykVerdict.NoPreconditioner
            | Some c ->
                let m = Box.ofPoint (Box.midpoint x)
                let image = operator c m (system.Value m) jacobian x

                match Box.intersect image x with
                | None -> KrawczykVerdict.Excluded
                // K(X) ⊂ int X: |I − C·DF| < 1 in the maximum norm weighted by the radii, so DF is regular on X and there is one zero.
                | Some zero when Box.interior image x -> KrawczykVerdict.Unique zero
                | Some rest -> KrawczykVerdict.Contracted rest

    /// The box grown by a fraction of its widths and a little more: ε-inflation (Rump).
    let inflate (fraction: float) (x: Box) : Box =
        let grow (side: Interval) = Box.widen (fraction * Interval.width side + 1e-15 * Interval.magnitude side + 1e-300) side

        Array.map grow x

    /// A float point near a zero of F, by Newton's method from the middle of a box. It proves nothing.
    let newton (system: ISquareSystem) (box: Box) : float[] =
        let n = system.Dimension
        let matrix, inverse = Array.zeroCreate (n * n), Array.zeroCreate (n * n)

        let next (x: float[]) =
            let struct (value, jacobian) = system.ValueAndJacobian(Box.ofPoint x)
            Array.blit (IntervalMatrix.midpoints jacobian) 0 matrix 0 (n * n)

            if IntervalMatrix.invertInto n matrix inverse then
                let y = Array.init n (fun i -> x[i] - Seq.sum (Seq.init n (fun k -> inverse[i * n + k] * Interval.midpoint value[k])))

                if Array.forall Double.IsFinite y then y else x
            else
                x

        let rec iterate steps x =
            let y = if steps = 0 then x else next x
            if y = x then x else iterate (steps - 1) y

        iterate 8 (Box.midpoint box)

    /// Shrinks an enclosure by the operator until a step gains less than a tenth of the width.
    let rec private contract (system: ISquareSystem) (zero: Box) : Box =
        // A step needs room to be proper; what it returns lies within the enclosure it started from.
        match step system (inflate 0.01 zero) with
        | KrawczykVerdict.Unique smaller
        | KrawczykVerdict.Contracted smaller ->
            match Box.intersect smaller zero with
            | Some next when Box.width next < 0.9 * Box.width zero -> contract system next
            | Some next -> next
            | None -> zero
        | KrawczykVerdict.Excluded
        | KrawczykVerdict.NoPreconditioner -> zero

    /// A narrow enclosure of the one zero of `home`, from an enclosure `zero` within it: small boxes about the point where Newton's method
    /// ends are tried first, since a zero proved in a part of `home` is the one of `home`.
    let refine (system: ISquareSystem) (home: Box) (zero: Box) : Box =
        let p = newton system zero

        let around scale =
            let box =
                p
                |> Array.map (fun x ->
                    let r = scale * (1.0 + Math.Abs x)
                    Interval.ofBounds (x - r) (x + r))

            if Box.subset box home then
                match step system box with
                | KrawczykVerdict.Unique image -> Some image
                | KrawczykVerdict.Excluded
                | KrawczykVerdict.Contracted _
                | KrawczykVerdict.NoPreconditioner -> None
            else
                None

        match Seq.tryPick around [ 1e-13; 1e-11; 1e-9; 1e-7; 1e-5 ] with
        | Some image -> contract system (Box.intersect image zero |> Option.defaultValue image)
        | None -> contract system zero
