using System.Collections.Generic;

namespace LayerTime;

/// <summary>How the flow of a neural ODE is enclosed.</summary>
public sealed record EncloseOptions
{
    /// <summary>Which derivatives in the inputs are enclosed beside the states.</summary>
    public EnclosedDerivatives Derivatives { get; init; } = EnclosedDerivatives.None;

    /// <summary>Times of 0 … T at which the states are wanted, besides the end.</summary>
    public IReadOnlyList<Fraction> Times { get; init; } = [];

    /// <summary>The order of the Taylor series, 1 … 60; null leaves it to the step control.</summary>
    public int? Order { get; init; }

    /// <summary>The most steps, rejected ones included.</summary>
    public int MaxSteps { get; init; } = 100_000;
}

/// <summary>Derivatives of the states in the inputs.</summary>
public enum EnclosedDerivatives
{
    /// <summary>None.</summary>
    None,

    /// <summary>The first ones, by the variational equation; the field is in C¹.</summary>
    First,

    /// <summary>First and second ones, by the second variation; the field is in C².</summary>
    Second,
}
