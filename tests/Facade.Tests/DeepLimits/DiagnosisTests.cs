using System;
using System.Linq;
using Xunit;

namespace LayerTime.Facade.Tests.DeepLimits;

public sealed class DiagnosisTests
{
    private static Network Residual(int depth, double step, Func<int, double> weight) =>
        Network.Residual(step, [.. Enumerable.Range(0, depth).Select(k => (LayerMap)Layer.Dense(new[,] { { weight(k) } }, [0.0], Activation.Tanh))]);

    [Fact]
    public void Smooth_rough_and_alternating_weights_are_told_apart()
    {
        var smooth = DeepLimit.Diagnose(Residual(64, 1 / 64.0, k => Math.Sin(2.0 * k / 64)));
        Assert.Equal(DepthRegime.OrdinaryEquation, smooth.Regime);
        Assert.Contains("smooth in depth", smooth.Sentence, StringComparison.Ordinal);
        var state = 1L;
        var rough = DeepLimit.Diagnose(Residual(64, 1, _ => ((state = ((1103515245 * state) + 12345) % (1L << 31)) / (double)(1L << 31)) - 0.5));
        Assert.Equal(DepthRegime.StochasticEquation, rough.Regime);
        Assert.Equal(DepthRegime.Relaxed, DeepLimit.Diagnose(Residual(64, 1, k => k % 2)).Regime);
        // Linear weights i/n: ν = 12/(n(n + 1)), whatever their scale.
        var linear = DeepLimit.Diagnose(Residual(20, 0.3, k => k / 20.0));
        Assert.Equal(12.0 / (20 * 21), linear.Neumann, 1e-14);
    }

    [Fact]
    public void A_family_of_sampled_functions_approaches_an_ordinary_equation()
    {
        Network[] family = [.. new[] { 16, 32, 64, 128 }.Select(n => Residual(n, 1.0 / n, k => 1 + Math.Cos(3.0 * k / n)))];
        var diagnosis = DeepLimit.Diagnose(family);
        Assert.Equal(DepthRegime.OrdinaryEquation, diagnosis.Regime);
        Assert.Equal([16, 32, 64, 128], diagnosis.Depths);
        Assert.Throws<DeepLimitException>(() => DeepLimit.Diagnose([.. family.Take(2)]));
    }

    [Fact]
    public void Networks_without_depth_time_are_refused()
    {
        var plain = Network.FeedForward(Layer.Dense(new[,] { { 1.0 } }, [0.0], Activation.Tanh));
        Assert.Contains("found feed-forward", Assert.Throws<DeepLimitException>(() => DeepLimit.Diagnose(plain)).Message, StringComparison.Ordinal);
        Assert.Contains("at least 8", Assert.Throws<DeepLimitException>(() => DeepLimit.Diagnose(Residual(4, 1, k => k))).Message, StringComparison.Ordinal);
        Assert.Contains("same weights", Assert.Throws<DeepLimitException>(() => DeepLimit.Diagnose(Residual(16, 1, _ => 2))).Message, StringComparison.Ordinal);
    }
}
