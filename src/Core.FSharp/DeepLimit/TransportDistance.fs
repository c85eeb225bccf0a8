namespace LayerTime.Core.DeepLimit

open System.Numerics
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// <summary>The distance TL² of two sequences: each is a function on its own depth-times, (μ_n, f) with μ_n = (1/n) Σ_i δ_{i/n}.</summary>
/// <remarks>d² = min over couplings π of μ_n and μ_m of ∫ |t − s|² + |f(t) − g(s)|² dπ, the squared 2-Wasserstein distance of the graphs.</remarks>
[<RequireQualifiedAccess>]
module TransportDistance =
    /// The cheapest assignment of rows to columns of a square matrix of costs: the column of each row. Shortest augmenting paths with
    /// potentials (the Hungarian method), n³ operations on integers.
    let private assignment (cost: BigInteger[][]) : int[] =
        let n = cost.Length
        let none = -1
        // u_i + v_j ≤ cost_ij, with equality on the pairs assigned; column n is where a path starts.
        let u, v = Array.create n BigInteger.Zero, Array.create (n + 1) BigInteger.Zero
        let rowOf = Array.create (n + 1) none

        for row in 0 .. n - 1 do
            rowOf[n] <- row
            let reached = Array.create (n + 1) false
            let previous = Array.create n n
            let slack: BigInteger voption[] = Array.create n ValueNone
            let mutable column = n

            while rowOf[column] <> none do
                reached[column] <- true
                let i = rowOf[column]
                let mutable best = ValueNone
                let mutable next = none

                for j in 0 .. n - 1 do
                    if not reached[j] then
                        let reduced = cost[i][j] - u[i] - v[j]

                        match slack[j] with
                        | ValueSome s when s <= reduced -> ()
                        | _ ->
                            slack[j] <- ValueSome reduced
                            previous[j] <- column

                        match best, slack[j] with
                        | ValueSome b, ValueSome s when b <= s -> ()
                        | _, s ->
                            best <- s
                            next <- j

                let δ = best.Value

                for j in 0..n do
                    if reached[j] then
                        u[rowOf[j]] <- u[rowOf[j]] + δ
                        v[j] <- v[j] - δ
                    elif j < n then
                        slack[j] <- ValueOption.map (fun s -> s - δ) slack[j]

                column <- next

            while column <> n do
                rowOf[column] <- rowOf[previous[column]]
                column <- previous[column]

        let columnOf = Array.zeroCreate n

        for j in 0 .. n - 1 do
            columnOf[rowOf[j]] <- j

        columnOf

    let private leastCommonMultiple (a: BigInteger) (b: BigInteger) : BigInteger = a / BigInteger.GreatestCommonDivisor(a, b) * b

    /// d²_TL² of (μ_n, f) and (μ_m, g), exact: every atom is cut into equal parts so that both have lcm(n, m) of them; then an optimal coupling is
    /// an assignment (Birkhoff). The work grows like lcm(n, m)³.
    let squared (f: Rational[][]) (g: Rational[][]) : Rational =
        let parts = int (leastCommonMultiple (BigInteger f.Length) (BigInteger g.Length))

        let costs =
            Array.init parts (fun p ->
                let i = p / (parts / f.Length)

                Array.init parts (fun q ->
                    let j = q / (parts / g.Length)
                    let time = Rational.create i f.Length - Rational.create j g.Length
                    let difference = Vector.subtract f[i] g[j]
                    time * time + Vector.dot difference difference))

        // On one denominator the costs are integers.
        let denominator = costs |> Seq.collect (Seq.map _.Denominator) |> Seq.fold leastCommonMultiple BigInteger.One

        let integers = costs |> Array.map (Array.map (fun c -> c.Numerator * (denominator / c.Denominator)))

        let total = assignment integers |> Array.mapi (fun p q -> costs[p][q]) |> Array.reduce (+)
        total / Rational.ofInt parts

    /// The upper bound 1/(3n²) + ‖P_n f − g‖² of the squared TL² distance of (μ_n, f) from (λ, g): the coupling that keeps ⌊nt⌋ = i together.
    let boundToFunction (f: 'T[][]) (g: WeightFunction<'T>) : 'T :> IRing<'T> =
        let n = f.Length
        'T.Sum(Ring.ratio 1 (3 * n * n), WeightFunction.distanceSquared (WeightFunction.constant f) g)
