namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics

/// The state of a network of order k from k consecutive outputs x(l), …, x(l+k−1), exactly: the outputs are coordinates of the
/// state space R^kd. (Hauser et al. 2018: "effective embedding dimension" kd; formulas reconstructed.)
[<RequireQualifiedAccess>]
module StateFromOutputs =
    /// The delay state m layers earlier: undoes ∇ᵏx(l+1) = hᵏ f^(l)(x(l)) for the maps f^(l), …, f^(l+m−1), the last one first;
    /// k ≥ 2, or no maps at all.
    let rewind (h: 'T) (maps: ('T[] -> 'T[])[]) (delay: 'T[][]) : 'T[][] when 'T :> IRing<'T> =
        Array.foldBack (SmoothState.delayInverse h) maps delay

    /// The delay state [x(l); x(l−1); …; x(l−k+1)] of a smooth network from the outputs x(l), …, x(l+k−1), oldest first, and the
    /// k − 1 maps f^(l), …, f^(l+k−2) between them.
    let smooth (h: 'T) (maps: ('T[] -> 'T[])[]) (outputs: 'T[][]) : Result<'T[][], Defect list> when 'T :> IRing<'T> =
        let defects =
            Defect.unless (outputs.Length > 0) "outputs" "none" "at least one"
            @ Defect.unless
                (maps.Length = outputs.Length - 1)
                "maps"
                $"{maps.Length} maps"
                $"{outputs.Length - 1}, one between neighbouring outputs"

        // The outputs, newest first, are the delay state at l + k − 1.
        if defects.IsEmpty then Ok(rewind h maps (Array.rev outputs)) else Error defects

    /// q_n(l) = x(l+n−1) − Σ_{j=1..n−1} f_j^(l+n−2)(x(l+n−1−j)), n = 1..k: the observer state of an additive dense network from the
    /// outputs x(l), …, x(l+k−1), oldest first. `map n l` is f_n^(l), or None beyond the last layer (the zero map).
    let observer (map: int -> int -> ('T[] -> 'T[]) option) (l: int) (outputs: 'T[][]) : 'T[][] when 'T :> IRing<'T> =
        let block n =
            seq { 1 .. n - 1 }
            |> Seq.choose (fun j -> map j (l + n - 2) |> Option.map (fun f -> f outputs[n - 1 - j]))
            |> Seq.fold Vector.subtract outputs[n - 1]

        Array.init outputs.Length (fun i -> block (i + 1))
