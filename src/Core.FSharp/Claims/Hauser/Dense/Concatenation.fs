namespace LayerTime.Core.Claims.Hauser.Dense

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// Where the activation of a concatenation layer stands.
[<RequireQualifiedAccess>]
type internal ActivationPlace =
    | BeforeLinearMap
    | AfterLinearMap

/// A concatenation network: W_j^(l) are the drawn weights, b^(l) and σ^(l) those of the first drawn map.
[<NoComparison>]
type internal ConcatenationCase = { Place: ActivationPlace; Network: Drawn }

/// Drawing, building and writing out concatenation networks.
[<RequireQualifiedAccess>]
module internal Concatenation =
    /// φ_l([z_1; …; z_k])
    let layer (case: ConcatenationCase) (l: int) : LayerMap<Rational> =
        let drawn = case.Network
        let first = drawn.Maps[l][0]
        let w = Matrix.ofBlocks [| drawn.Maps[l] |> Array.map (fun map -> Matrix.ofRows map.Weights) |]
        let n = drawn.Order * drawn.Width

        match case.Place with
        | ActivationPlace.AfterLinearMap -> LayerMap.dense w first.Bias first.Activation |> Defect.orFail
        | ActivationPlace.BeforeLinearMap ->
            let activation = Layer.create (Matrix.identity n) (Vector.zero n) [| first.Activation |] |> Defect.orFail
            LayerMap.create [| activation; Layer.affine w first.Bias |> Defect.orFail |] |> Defect.orFail

    /// x(1) … x(L), the definition written out.
    let written (case: ConcatenationCase) : Rational[][] =
        let d = case.Network.Width

        let σ (first: DrawnMap) x =
            let identity = Array.init d (Vector.unit d)
            Written.value { first with Weights = identity; Bias = Vector.zero d } x

        let linear (map: DrawnMap) z = Written.value { map with Bias = Vector.zero d; Activation = Activation.Identity } z

        let next (past: Rational[] list) (maps: DrawnMap[]) =
            let sum argument = Written.sum d (Seq.append [ maps[0].Bias ] (Seq.map2 (fun map z -> linear map (argument z)) maps past))

            match case.Place with
            | ActivationPlace.BeforeLinearMap -> sum (σ maps[0]) :: past
            | ActivationPlace.AfterLinearMap -> σ maps[0] (sum id) :: past

        Array.fold next (List.ofArray case.Network.History) case.Network.Maps
        |> List.truncate case.Network.Depth
        |> List.rev
        |> List.toArray

    /// k ≤ 3: the number of points that decide about squares grows with (k·d)².
    let small (drawn: Drawn) : Drawn =
        let k = min 3 drawn.Order
        { drawn with Order = k; History = Array.truncate k drawn.History; Maps = drawn.Maps |> Array.map (Array.truncate k) }

    /// Row i of layer l keeps its weights in block (i + l) mod k only.
    let oneBlockPerRow (drawn: Drawn) : Drawn =
        let keep l j i (row: Rational[]) = if (i + l) % drawn.Order = j then row else Array.map (fun _ -> Rational.Zero) row

        {
            drawn with
                Maps =
                    drawn.Maps |> Array.mapi (fun l -> Array.mapi (fun j map -> { map with Weights = Array.mapi (keep l j) map.Weights }))
        }

    let affine (drawn: Drawn) : Drawn = {
        drawn with
            Maps = drawn.Maps |> Array.map (Array.map (fun map -> { map with Activation = Activation.Identity }))
    }

    /// The first layer alone, its activation not affine, the first weight of its first two blocks not zero.
    let twoBlocks (drawn: Drawn) : Drawn =
        let first (row: Rational[]) = if row[0].Sign = 0 then Array.updateAt 0 Rational.One row else row
        let weights j (map: DrawnMap) = if j < 2 then Array.updateAt 0 (first map.Weights[0]) map.Weights else map.Weights
        { drawn with Maps = [| drawn.Maps[0] |> Array.mapi (fun j map -> { map with Weights = weights j map }) |] }

    /// The draws of a shape, changed; the change is made again after every simplification.
    let changed (shape: Draws.Shape) (change: Drawn -> Drawn) : Generator<Drawn> =
        let generator = Draws.generator shape
        let change = small >> change

        {
            generator with
                Gen = FsCheck.FSharp.Gen.map change generator.Gen
                Shrink = fun drawn -> generator.Shrink drawn |> Seq.map change
        }

    /// k = 2, d = 1: x⁺ = σ(z_1 + z_2).
    let sumOfTwo (activation: Activation<Rational>) : Drawn =
        let map = { Weights = [| [| Rational.One |] |]; Bias = [| Rational.Zero |]; Activation = activation }

        {
            Order = 2
            Step = Rational.One
            Maps = [| [| map; map |] |]
            History = [| [| Rational.Zero |]; [| Rational.Zero |] |]
        }
