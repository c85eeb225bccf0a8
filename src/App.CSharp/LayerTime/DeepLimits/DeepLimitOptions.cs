using System;

namespace LayerTime;

/// <summary>Which networks are trained, with which penalties, and how: everything but the data.</summary>
/// <remarks>X(i+1) = X(i) + σ(K_i X(i) + b_i)/n with the mean logarithmic loss and α(∫|K′|² + τ|K(0)|²), the same for b, and α|W|² + α|c|² for the readout.</remarks>
public sealed record DeepLimitOptions
{
    private readonly int? width;
    private readonly Activation activation = Activation.Tanh;
    private readonly double alpha = 1e-3;
    private readonly double tau = 1;
    private readonly int firstDepth = 4;
    private readonly int lastDepth = 256;
    private readonly double tolerance = 1e-8;
    private readonly int iterations = 2000;
    private readonly int starts = 8;
    private readonly int maxDegreeOfParallelism = Environment.ProcessorCount;

    /// <summary>d, the width of the networks, at least the number of features; null for just that. Further components start at 0.</summary>
    public int? Width
    {
        get => width;
        init => width = value is { } d ? Door.AtLeast(d, 1, nameof(Width)) : null;
    }

    /// <summary>σ; tanh unless told.</summary>
    public Activation Activation
    {
        get => activation;
        init => activation = Door.NotNull(value, nameof(Activation));
    }

    /// <summary>α, how strongly all weights are penalised; 0.001 unless told. With 0 the limit theorem does not apply: see <see cref="WithoutTheorem"/>.</summary>
    public double Alpha
    {
        get => alpha;
        init => alpha = Door.NotNegative(value, nameof(Alpha));
    }

    /// <summary>τ, how strongly the weights at depth-time 0 are penalised beside their slope; 1 unless told. With 0 the limit theorem does not apply.</summary>
    public double Tau
    {
        get => tau;
        init => tau = Door.NotNegative(value, nameof(Tau));
    }

    /// <summary>Whether to train although α = 0 or τ = 0, where the weights need not converge as depth grows; not unless told.</summary>
    public bool WithoutTheorem { get; init; }

    /// <summary>The first depth, at least 1; 4 unless told.</summary>
    public int FirstDepth
    {
        get => firstDepth;
        init => firstDepth = Door.AtLeast(value, 1, nameof(FirstDepth));
    }

    /// <summary>The last depth: the first one doubled some times; 256 unless told.</summary>
    public int LastDepth
    {
        get => lastDepth;
        init => lastDepth = Door.AtLeast(value, 1, nameof(LastDepth));
    }

    /// <summary>Each depth is trained until the gradient, in the metric of the penalty, has at most this norm; 10⁻⁸ unless told.</summary>
    public double Tolerance
    {
        get => tolerance;
        init => tolerance = Door.Positive(value, nameof(Tolerance));
    }

    /// <summary>The most iterations at each depth; 2000 unless told.</summary>
    public int Iterations
    {
        get => iterations;
        init => iterations = Door.AtLeast(value, 1, nameof(Iterations));
    }

    /// <summary>From how many random weights the first depth is tried; the best result goes on. 8 unless told.</summary>
    public int Starts
    {
        get => starts;
        init => starts = Door.AtLeast(value, 1, nameof(Starts));
    }

    /// <summary>The seed of the random weights; 1 unless told.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>On how many cores the starts are tried and many points are evaluated; all unless told. The result does not depend on it.</summary>
    public int MaxDegreeOfParallelism
    {
        get => maxDegreeOfParallelism;
        init => maxDegreeOfParallelism = Door.AtLeast(value, 1, nameof(MaxDegreeOfParallelism));
    }
}
