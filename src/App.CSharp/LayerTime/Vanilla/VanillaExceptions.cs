using System.Collections.Generic;
using System.Globalization;

namespace LayerTime;

/// <summary>A flow that cannot be compiled into a leaky-ReLU network: a hypothesis fails. Every one that does is listed with its numbers.</summary>
public sealed class UnsuitableFlowException : LayerTimeException
{
    internal UnsuitableFlowException(IReadOnlyList<NetworkDefect> defects)
        : base(NetworkDefect.Describe("The flow cannot be compiled", defects)) => Defects = defects;

    /// <summary>What is in the way, one entry for each place; at least one.</summary>
    public IReadOnlyList<NetworkDefect> Defects { get; }
}

/// <summary>An error that cannot be certified, because the budget of layers does not allow for it or because floats do not.</summary>
public sealed class NotCertifiableException : LayerTimeException
{
    private NotCertifiableException(string message, double reachable)
        : base(message) => Reachable = reachable;

    /// <summary>The smallest error that was certified within the budget, or twice what the rounding of floats amounts to; infinity where none was found.</summary>
    public double Reachable { get; }

    internal static NotCertifiableException OfBudget(double wanted, double reachable, long depth) => new(
        double.IsFinite(reachable)
            ? $"{Text(wanted)} cannot be certified with {depth.ToString("N0", CultureInfo.InvariantCulture)} layers, which is the budget: {Above(reachable)} was certified within it."
            : $"{Text(wanted)} cannot be certified with {depth.ToString("N0", CultureInfo.InvariantCulture)} layers, which is the budget, nor was any other error.",
        reachable);

    internal static NotCertifiableException OfPrecision(double wanted, double rounding) => new(
        $"{Text(wanted)} cannot be certified: the rounding of the weights and of a run in floats alone may amount to {Text(rounding)}.", 2 * rounding);

    /// <summary>Three digits, rounded upwards.</summary>
    private static string Above(double number) =>
        double.Parse(Text(number), CultureInfo.InvariantCulture) >= number ? Text(number) : Text(number * 1.005);

    private static string Text(double number) => number.ToString("G3", CultureInfo.InvariantCulture);
}
