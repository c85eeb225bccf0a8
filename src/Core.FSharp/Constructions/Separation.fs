namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics

/// A distance that two classes of histories keep at every depth of a smooth network.
type SeparationCertificate = {
    /// δ, the smallest distance between the classes at the start, ∞-norm of the scaled differences p.
    Start: Rational
    /// The closest two histories: their indices in the first and in the second class.
    Closest: int * int
    /// L_l, a Lipschitz constant of every layer map in the ∞-norm.
    Lipschitz: Rational[]
    /// What the distance is at least, at depths 0 … L.
    Guaranteed: Rational[]
}

/// Separation certificates: a smooth network of order k ≥ 2 cannot merge what its start keeps apart.
[<RequireQualifiedAccess>]
module Separation =
    /// 1 + h·max(1, L_f(1 + h)): the Lipschitz constant of the inverse of one layer, p_n⁺ ↦ p_n⁺ − h p_{n+1}⁺, p_k⁺ − h f(p₁⁺ − h p₂⁺).
    let expansion (h: Rational) (lipschitz: Rational) : Rational =
        Rational.One + h * Rational.max Rational.One (lipschitz * (Rational.One + h))

    /// δ/Π_{s&lt;l}(1 + h·max(1, L_s(1 + h))) for l = 0 … L.
    let guarantee (h: Rational) (lipschitz: Rational[]) (start: Rational) : Rational[] =
        Array.scan (fun distance constant -> distance / expansion h constant) start lipschitz

    /// The distance of two states of as many blocks: the largest over all blocks and coordinates.
    let distance (p: Rational[][]) (r: Rational[][]) : Rational = Vector.distanceInf (Array.concat p) (Array.concat r)

    let private newestMap (side: RightHandSide<Rational>) : LayerMap<Rational> option =
        match side with
        | RightHandSide.Additive [| term |] when term.Age = 1 -> Some term.Map
        | _ -> None

    let private lipschitz (equation: DifferenceEquation<Rational>) : Result<Rational[], Defect list> =
        equation.RightHandSides
        |> Array.mapi (fun l side ->
            match newestMap side |> Option.map LayerMap.lipschitz with
            | Some(Some constant) -> Ok constant
            | Some None -> Error [ Defect.create $"layer {l}" "an activation without a Lipschitz constant" "identity, relu or leaky-relu" ]
            | None -> Error [ Defect.create $"layer {l}" "a layer that reads older states" "one map of the newest state" ])
        |> Defect.all

    /// The certificate for two classes of histories [x(0); x(−1); …], both not empty.
    let certify
        (equation: DifferenceEquation<Rational>)
        (first: Rational[][][])
        (second: Rational[][][])
        : Result<SeparationCertificate, Defect list> =
        let h = equation.Step

        let defects =
            Defect.unless (equation.Order >= 2) "network" $"order {equation.Order}" "at least 2: a first-order layer may merge states"
            @ Defect.unless (h.Sign > 0) "step" $"{h}" "more than 0"
            @ Defect.unless (first.Length > 0 && second.Length > 0) "classes" "an empty class" "at least one history in each"

        match defects, lipschitz equation with
        | [], Ok lipschitz ->
            let scaled = Coordinates.toDifference >> Coordinates.toScaled h
            let starts, others = Array.map scaled first, Array.map scaled second

            let δ, i, j =
                Array.allPairs (Array.indexed starts) (Array.indexed others)
                |> Array.map (fun ((i, p), (j, r)) -> distance p r, i, j)
                |> Array.min

            Ok { Start = δ; Closest = (i, j); Lipschitz = lipschitz; Guaranteed = guarantee h lipschitz δ }
        | defects, Ok _ -> Error defects
        | defects, Error more -> Error(defects @ more)
