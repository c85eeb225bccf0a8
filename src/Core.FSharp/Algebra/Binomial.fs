namespace LayerTime.Core.Algebra

open System.Numerics

/// Binomial coefficients as exact integers.
[<RequireQualifiedAccess>]
module Binomial =
    /// C(n, r): C(n, 0) = 1 for every n ≥ −1, and C(n, r) = 0 for r &lt; 0 or 0 ≤ n &lt; r. C(n, r) with n &lt; 0 &lt; r is
    /// never asked for by a difference equation and is refused.
    let choose (n: int) (r: int) : BigInteger =
        if r < 0 || (n >= 0 && r > n) then
            BigInteger.Zero
        elif r = 0 then
            BigInteger.One
        elif n < 0 then
            invalidArg (nameof n) $"C({n}, {r}) has two usual meanings: expected n ≥ 0 or r ≤ 0"
        else
            let mutable result = BigInteger.One

            for i in 1..r do
                result <- result * BigInteger(n - r + i) / BigInteger i

            result

    /// (−1)^(j+1) C(r, j), j = 1..r: the weights of the past states in x(l+1) = ∇ʳx(l+1) + Σⱼ (−1)^(j+1) C(r,j) x(l+1−j).
    let pastWeights (order: int) : BigInteger[] =
        Array.init order (fun i ->
            let j = i + 1
            if j % 2 = 1 then choose order j else -(choose order j))
