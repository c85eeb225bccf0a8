using System;
using System.Numerics;

namespace LayerTime;

/// <summary>The weights of the past in ∇ʳx(l+1): x(l+1) = Σ_{n=1..r} (−1)ⁿ⁺¹·C(r,n)·x(l+1−n) + ….</summary>
internal static class Binomials
{
    /// <summary>(−1)ⁿ⁺¹·C(r,n) for n = 1 … r, each the float nearest to it.</summary>
    internal static double[] Weights(int order)
    {
        var (weights, binomial) = (new double[order], BigInteger.One);
        for (var n = 1; n <= order; n++)
        {
            binomial = binomial * (order + 1 - n) / n;
            weights[n - 1] = n % 2 == 1 ? (double)binomial : -(double)binomial;
        }

        return weights;
    }
}
