using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;

namespace LayerTime;

/// <summary>A function of one variable that a layer applies to every coordinate.</summary>
public sealed class Activation : IEquatable<Activation>
{
    private readonly TranscendentalName? transcendental;
    private readonly double? slope;
    private readonly Fraction? exactSlope;

    private Activation(string name, TranscendentalName? transcendental = null, double? slope = null, Fraction? exactSlope = null)
    {
        Name = name;
        this.transcendental = transcendental;
        this.slope = slope;
        this.exactSlope = exactSlope;
    }

    /// <summary>σ(t) = t</summary>
    public static Activation Identity { get; } = new("identity");

    /// <summary>σ(t) = max(0, t), with σ′(0) = 0.</summary>
    public static Activation Relu { get; } = new("relu");

    /// <summary>σ(t) = t²</summary>
    public static Activation Square { get; } = new("square");

    /// <summary>σ(t) = t + t³/3: smooth, strictly increasing, and exact on fractions.</summary>
    public static Activation Cubic { get; } = new("cubic");

    /// <summary>The hyperbolic tangent; floats only.</summary>
    public static Activation Tanh { get; } = Of(TranscendentalName.Tanh);

    /// <summary>σ(t) = 1/(1 + e⁻ᵗ); floats only.</summary>
    public static Activation Logistic { get; } = Of(TranscendentalName.Logistic);

    /// <summary>σ(t) = log(1 + eᵗ); floats only.</summary>
    public static Activation Softplus { get; } = Of(TranscendentalName.Softplus);

    /// <summary>The sine in radians; floats only.</summary>
    public static Activation Sine { get; } = Of(TranscendentalName.Sine);

    /// <summary>The name under which files know the activation: identity, relu, leaky-relu, square, cubic, tanh, logistic, softplus, sin.</summary>
    public string Name { get; }

    /// <summary>Whether the activation has exact values on fractions.</summary>
    public bool IsExact => transcendental is null;

    /// <summary>The slope on the negative side of a leaky ReLU as a fraction, without rounding; null for the others.</summary>
    public Fraction? Slope => exactSlope ?? (slope is { } number ? Fraction.FromDouble(number) : null);

    /// <summary>σ(t) = max(0, t) + α·min(0, t), with σ′(0) = α. In an exact layer the float is taken as the fraction it is.</summary>
    /// <param name="slope">α, any finite number.</param>
    /// <returns>The activation.</returns>
    [OverloadResolutionPriority(1)]
    public static Activation LeakyRelu(double slope) => new("leaky-relu", slope: Door.Finite(slope));

    /// <summary>σ(t) = max(0, t) + α·min(0, t), with σ′(0) = α, for exact layers.</summary>
    /// <param name="slope">α, any fraction.</param>
    /// <returns>The activation.</returns>
    public static Activation LeakyRelu(Fraction slope) => new("leaky-relu", exactSlope: slope);

    /// <summary>The same function.</summary>
    /// <param name="other">The other activation.</param>
    /// <returns>Whether both are the same function with the same slope in the same numbers.</returns>
    public bool Equals(Activation? other) =>
        other is not null && Name == other.Name && Nullable.Equals(slope, other.slope) && Nullable.Equals(exactSlope, other.exactSlope);

    /// <summary>The same function.</summary>
    /// <param name="obj">Anything.</param>
    /// <returns>Whether it is the same activation.</returns>
    public override bool Equals(object? obj) => Equals(obj as Activation);

    /// <summary>A hash code: equal activations have equal ones.</summary>
    /// <returns>The hash code.</returns>
    public override int GetHashCode() => HashCode.Combine(Name, slope, exactSlope);

    /// <summary>The name, with the slope of a leaky ReLU.</summary>
    /// <returns>"tanh" or "leaky-relu 1/4".</returns>
    public override string ToString() =>
        exactSlope is { } fraction ? $"{Name} {fraction}"
        : slope is { } number ? string.Create(CultureInfo.InvariantCulture, $"{Name} {number:R}")
        : Name;

    internal Activation<Binary64> ToFloat(string parameter) => Name switch
    {
        "identity" => Activation<Binary64>.Identity,
        "relu" => Activation<Binary64>.Relu,
        "square" => Activation<Binary64>.Square,
        "cubic" => Activation<Binary64>.Cubic,
        "leaky-relu" => Activation<Binary64>.NewLeakyRelu(new Binary64(slope ?? throw new ArgumentException(
            $"The slope {exactSlope} is exact and the layer has floats; give the slope as a float.", parameter))),
        _ => ActivationModule.transcendental<Binary64>(transcendental!),
    };

    internal Activation<Rational> ToExact(string parameter) => Name switch
    {
        "identity" => Activation<Rational>.Identity,
        "relu" => Activation<Rational>.Relu,
        "square" => Activation<Rational>.Square,
        "cubic" => Activation<Rational>.Cubic,
        "leaky-relu" => Activation<Rational>.NewLeakyRelu(Slope!.Value.Rational),
        _ => throw new ArgumentException($"{Name} has no exact values on fractions; an exact layer takes identity, relu, leaky-relu, square or cubic.", parameter),
    };

    internal static Activation OfCore(Activation<Binary64> activation) =>
        activation is Activation<Binary64>.LeakyRelu leaky ? LeakyRelu(leaky.slope.Value) : ByName[ActivationModule.name(activation)];

    internal static Activation OfCore(Activation<Rational> activation) =>
        activation is Activation<Rational>.LeakyRelu leaky ? LeakyRelu(new Fraction(leaky.slope)) : ByName[ActivationModule.name(activation)];

    /// <summary>The activations without a parameter, by name.</summary>
    internal static IReadOnlyDictionary<string, Activation> ByName { get; } =
        new[] { Identity, Relu, Square, Cubic, Tanh, Logistic, Softplus, Sine }.ToDictionary(activation => activation.Name, StringComparer.Ordinal);

    private static Activation Of(TranscendentalName name) => new(ActivationModule.transcendentalName(name), name);
}
