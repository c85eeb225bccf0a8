namespace LayerTime.Core.Semantics

open LayerTime.Core.Numbers

/// Weights of a lower order on the same stages, whose difference to the weights of the step estimates its error.
type EmbeddedWeights<'C> = {
    /// The order of the step with these weights.
    Order: int
    /// b̂₁ … b̂_s
    Weights: 'C[]
}

/// The solution inside a step, x(t + θh) ≈ x + h Σ b_i(θ) k_i, where the stages of the step may be joined by further ones.
type ContinuousExtension<'C> = {
    /// The order of the approximation, uniformly in θ.
    Order: int
    /// c of the further stages.
    Nodes: 'C[]
    /// The rows of the further stages: each may use all stages before it.
    Stages: 'C[][]
    /// b_i(θ) = p_i1 θ + p_i2 θ² + …, one row for every stage, the further ones included.
    Polynomials: 'C[][]
    /// The largest relative rounding of its coefficients as published; 0 where they are exact.
    Rounding: Rational
}

/// <summary>A Runge–Kutta method as data: k_i = f(t + c_i h, x + h Σ a_ij k_j), x⁺ = x + h Σ b_i k_i.</summary>
/// <remarks>
/// The orders are proved in the tests by the order conditions of all rooted trees: exactly, or up to the rounding of the published
/// digits where the literature gives decimals only, and then Rounding is not zero. Row i of an explicit method has i entries.
/// </remarks>
type Tableau<'C> = {
    /// The name of the method, with its order and that of its error estimate.
    Name: string
    /// The order of the step.
    Order: int
    /// c₁ … c_s
    Nodes: 'C[]
    /// a_ij, row by row.
    Stages: 'C[][]
    /// b₁ … b_s
    Weights: 'C[]
    /// The estimates of the error, none for a method of fixed steps. Of two, the first one of higher order leads.
    Embedded: EmbeddedWeights<'C>[]
    /// The solution inside a step, where the method has one of its own.
    Continuous: ContinuousExtension<'C> option
    /// The largest relative rounding of the coefficients as published; 0 where they are exact.
    Rounding: Rational
} with

    /// Whether every stage depends on earlier stages only.
    member t.IsExplicit: bool = t.Stages |> Array.indexed |> Array.forall (fun (i, row) -> row.Length <= i)

/// Tableaux in the number system of a computation, and how they are written down.
[<RequireQualifiedAccess>]
module Tableau =
    /// The same method with other coefficients.
    let map (f: 'C -> 'D) (tableau: Tableau<'C>) : Tableau<'D> =
        let rows = Array.map (Array.map f)

        let extension (c: ContinuousExtension<'C>) : ContinuousExtension<'D> = {
            Order = c.Order
            Nodes = Array.map f c.Nodes
            Stages = rows c.Stages
            Polynomials = rows c.Polynomials
            Rounding = c.Rounding
        }

        {
            Name = tableau.Name
            Order = tableau.Order
            Nodes = Array.map f tableau.Nodes
            Stages = rows tableau.Stages
            Weights = Array.map f tableau.Weights
            Embedded = tableau.Embedded |> Array.map (fun e -> { Order = e.Order; Weights = Array.map f e.Weights })
            Continuous = Option.map extension tableau.Continuous
            Rounding = tableau.Rounding
        }

    /// A tableau of fractions in any number system: exact, enclosed, or rounded.
    let over (tableau: Tableau<Rational>) : Tableau<'T> when 'T :> IRing<'T> =
        map (fun (c: Rational) -> 'T.OfRatio(c.Numerator, c.Denominator)) tableau

    /// The solution inside a step as a method of its own: a step of length h by it is x(t + θh). A method without continuous extension has
    /// the cubic through both ends, whose slopes are two further stages.
    let within (θ: 'T) (tableau: Tableau<'T>) : Tableau<'T> when 'T :> IRing<'T> =
        let times (a: 'T) (b: 'T) = 'T.Product(a, b)

        let nodes, stages, weights =
            match tableau.Continuous with
            | Some c ->
                // θ(p₁ + θ(p₂ + …))
                let value (p: 'T[]) = times θ (Array.reduceBack (fun p sum -> 'T.Sum(p, times θ sum)) p)
                c.Nodes, c.Stages, Array.map value c.Polynomials
            | None ->
                let rest = 'T.Difference('T.One, θ)
                let square = times θ θ
                let change = times square ('T.Sum('T.One, 'T.Sum(rest, rest)))
                let first, last = times θ (times rest rest), 'T.Negation(times square rest)

                [| 'T.Zero; 'T.One |],
                [| [||]; tableau.Weights |],
                Array.append (Array.map (times change) tableau.Weights) [| first; last |]

        {
            tableau with
                Nodes = Array.append tableau.Nodes nodes
                Stages = Array.append tableau.Stages stages
                Weights = weights
                Embedded = [||]
                Continuous = None
        }

    let private fraction (text: string) : Rational =
        match Rational.parse text with
        | Ok value -> value
        | Error problem -> invalidArg (nameof text) problem

    /// "1/2 -3/4 0.125" as three fractions.
    let internal row (text: string) : Rational[] = text.Split(' ', System.StringSplitOptions.RemoveEmptyEntries) |> Array.map fraction

    /// Weights for the stages named, zeros for the others: [1, "1/2"; 3, "1/2"] of three stages is 1/2 0 1/2. Stages count from 1.
    let internal sparse (count: int) (entries: (int * string) list) : Rational[] =
        let weights = Array.create count Rational.Zero

        for i, text in entries do
            weights[i - 1] <- fraction text

        weights

    /// A method without error estimate, written as its rows and its weights; the nodes are the sums of the rows.
    let internal create (name: string) (order: int) (rows: string list) (weights: string) : Tableau<Rational> =
        let rows = rows |> List.map row |> List.toArray

        {
            Name = name
            Order = order
            Nodes = rows |> Array.map (Array.fold (+) Rational.Zero)
            Stages = rows
            Weights = row weights
            Embedded = [||]
            Continuous = None
            Rounding = Rational.Zero
        }

    /// The same method with an error estimate.
    let internal withEmbedded (order: int) (weights: string) (tableau: Tableau<Rational>) : Tableau<Rational> = {
        tableau with
            Embedded = Array.append tableau.Embedded [| { Order = order; Weights = row weights } |]
    }

    /// The same method with a continuous extension on its own stages: one row of coefficients of θ, θ², … for each stage.
    let internal withContinuous (order: int) (polynomials: string list) (tableau: Tableau<Rational>) : Tableau<Rational> = {
        tableau with
            Continuous =
                Some {
                    Order = order
                    Nodes = [||]
                    Stages = [||]
                    Polynomials = polynomials |> List.map row |> List.toArray
                    Rounding = Rational.Zero
                }
    }
