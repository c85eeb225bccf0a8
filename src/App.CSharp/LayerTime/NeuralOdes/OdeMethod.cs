using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using LayerTime.Core.Semantics;

namespace LayerTime;

/// <summary>A method that solves neural ODEs. Two of the same name are equal.</summary>
public sealed class OdeMethod : IEquatable<OdeMethod>
{
    private OdeMethod(string name, FlowMethod core)
    {
        Name = name;
        Core = core;
    }

    /// <summary>The pair of orders 5 and 4 by Dormand and Prince, the usual choice.</summary>
    public static OdeMethod DormandPrince { get; } = Parse("dormand-prince");

    /// <summary>The pair of orders 5 and 4 by Tsitouras.</summary>
    public static OdeMethod Tsitouras { get; } = Parse("tsitouras");

    /// <summary>The pair of order 8 by Dormand and Prince, for small tolerances.</summary>
    public static OdeMethod DormandPrince8 { get; } = Parse("dormand-prince-8");

    /// <summary>Euler's method, x + h·f(t, x): a residual network. Fixed steps only.</summary>
    public static OdeMethod Euler { get; } = Parse("euler");

    /// <summary>The classical method of order 4. Fixed steps only.</summary>
    public static OdeMethod RungeKutta4 { get; } = Parse("rk4");

    /// <summary>The implicit midpoint rule, which keeps quadratic invariants. Fixed steps only.</summary>
    public static OdeMethod ImplicitMidpoint { get; } = Parse("implicit-midpoint");

    /// <summary>Störmer–Verlet for x = (q, p) with q′ = g(p), p′ = f(t, q). Fixed steps only.</summary>
    public static OdeMethod StörmerVerlet { get; } = Parse("störmer-verlet");

    /// <summary>The names of all methods; Taylor methods are taylor-1, taylor-2, …</summary>
    public static IReadOnlyList<string> Names { get; } = [.. FlowMethodModule.names];

    /// <summary>The name, such as "dormand-prince".</summary>
    public string Name { get; }

    /// <summary>The order of one step.</summary>
    public int Order => FlowMethodModule.order(Core);

    /// <summary>Whether the method can choose its steps by a tolerance; else it takes a number of steps of one length.</summary>
    public bool IsAdaptive => FlowMethodModule.isAdaptive(Core);

    /// <summary>The order of the solution between the steps: from the start of a step of length h it misses by O(h^(DenseOrder + 1)).</summary>
    public int DenseOrder => FlowMethodModule.denseOrder(Core);

    internal FlowMethod Core { get; }

    /// <summary>The Taylor method of an order.</summary>
    /// <param name="order">1 … 100.</param>
    /// <returns>The method.</returns>
    public static OdeMethod Taylor(int order)
    {
        Door.Within(order, 1, FlowMethodModule.maximumTaylorOrder);
        return new(FormattableString.Invariant($"taylor-{order}"), FlowMethod.NewTaylor(order));
    }

    /// <summary>The method of a name.</summary>
    /// <param name="name">One of <see cref="Names"/>, with the order in place of N.</param>
    /// <returns>The method.</returns>
    /// <exception cref="FormatException">There is no such method; the message lists those there are.</exception>
    public static OdeMethod Parse(string name) =>
        TryParse(name, out var method) ? method : throw new FormatException($"Found \"{name}\"; expected one of {string.Join(", ", Names)}.");

    /// <summary>Reads what <see cref="Parse"/> reads, without an exception.</summary>
    /// <param name="name">A name.</param>
    /// <param name="method">The method, or null.</param>
    /// <returns>Whether there is a method of this name.</returns>
    public static bool TryParse(string? name, [NotNullWhen(true)] out OdeMethod? method)
    {
        method = name is not null && FlowMethodModule.tryFind(name) is { } found ? new(name, found.Value) : null;
        return method is not null;
    }

    /// <summary>The same method.</summary>
    /// <param name="other">The other one.</param>
    /// <returns>Whether both have one name.</returns>
    public bool Equals(OdeMethod? other) => other is not null && Name == other.Name;

    /// <summary>The same method.</summary>
    /// <param name="obj">Anything.</param>
    /// <returns>Whether it is the same method.</returns>
    public override bool Equals(object? obj) => Equals(obj as OdeMethod);

    /// <summary>A hash code: equal methods have equal ones.</summary>
    /// <returns>The hash code.</returns>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <summary>The name.</summary>
    /// <returns>"dormand-prince".</returns>
    public override string ToString() => Name;
}
