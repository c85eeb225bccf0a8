namespace LayerTime.Core.DeepLimit

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// Which loss it is.
[<RequireQualifiedAccess>]
type LossName =
    /// |z − y|²
    | Squared
    /// The logarithmic loss of one probability.
    | Logistic
    /// The logarithmic loss of softmax probabilities.
    | CrossEntropy
    /// Any other one.
    | Other of string

    /// The name under which commands and files know it.
    member name.Text: string =
        match name with
        | LossName.Squared -> "squared"
        | LossName.Logistic -> "logistic"
        | LossName.CrossEntropy -> "cross-entropy"
        | LossName.Other text -> text

/// A loss Φ(z) = ℓ(h(z), y) ≥ 0 of an output z and a target y of one length, with its gradient in z.
[<AbstractClass>]
type Loss<'T>(name: LossName) =
    /// Which one it is.
    member _.Name = name
    /// Φ(z)
    abstract Value: output: 'T[] * target: 'T[] -> 'T
    /// ∇Φ(z)
    abstract Gradient: output: 'T[] * target: 'T[] -> 'T[]

/// The losses.
[<RequireQualifiedAccess>]
module Loss =
    /// |z − y|², on any numbers.
    let squared<'T when 'T :> IRing<'T>> : Loss<'T> = {
        new Loss<'T>(LossName.Squared) with
            member _.Value(z, y) =
                let r = Vector.subtract z y
                Vector.dot r r

            member _.Gradient(z, y) = Vector.scale (Ring.ratio 2 1) (Vector.subtract z y)
    }

    /// For one output and y ∈ {0, 1}: log(1 + eᶻ) where y = 0 and log(1 + e⁻ᶻ) where y = 1, the logarithmic loss of the probability 1/(1 + e⁻ᶻ) of y = 1.
    let logistic<'T when 'T :> ITranscendental<'T>> : Loss<'T> =
        // ∓z without a comparison: (1 − 2y)·z
        let sign (y: 'T[]) = 'T.Difference('T.One, 'T.Product(Ring.ratio 2 1, y[0]))

        {
            new Loss<'T>(LossName.Logistic) with
                member _.Value(z, y) = 'T.Softplus('T.Product(sign y, z[0]))
                member _.Gradient(z, y) = [| 'T.Product(sign y, 'T.Logistic('T.Product(sign y, z[0]))) |]
        }

    /// log Σ_k eᶻᵏ by a ⊕ b = a + log(1 + eᵇ⁻ᵃ), which does not overflow.
    let private logSum (z: 'T[]) : 'T :> ITranscendental<'T> = Array.reduce (fun a b -> 'T.Sum(a, 'T.Softplus('T.Difference(b, a)))) z

    /// log Σ_k eᶻᵏ − y·z for several classes, y the unit vector of the class: the logarithmic loss of the softmax probabilities.
    let crossEntropy<'T when 'T :> ITranscendental<'T>> : Loss<'T> = {
        new Loss<'T>(LossName.CrossEntropy) with
            member _.Value(z, y) = 'T.Difference(logSum z, Vector.dot y z)

            member _.Gradient(z, y) =
                let total = logSum z
                Array.map2 (fun zk yk -> 'T.Difference('T.Exp('T.Difference(zk, total)), yk)) z y
    }
