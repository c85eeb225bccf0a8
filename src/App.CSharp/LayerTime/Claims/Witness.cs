using System.Collections.Generic;
using System.Linq;
using CoreWitness = LayerTime.Core.Claims.Witness;

namespace LayerTime;

/// <summary>What a refutation has in its hands: the quantity, what it should be, what it is, and where.</summary>
public sealed record Witness
{
    /// <summary>The quantity that was compared.</summary>
    public required string Quantity { get; init; }

    /// <summary>What the claim says of it.</summary>
    public required string Expected { get; init; }

    /// <summary>What it is.</summary>
    public required string Found { get; init; }

    /// <summary>The instance, as names and values.</summary>
    public required IReadOnlyList<NamedValue> Instance { get; init; }

    /// <summary>The witness in one line.</summary>
    /// <returns>"x(3): expected 1, found 2, at k = 2, v = 1".</returns>
    public override string ToString()
    {
        var place = Instance.Count == 0 ? "" : ", at " + string.Join(", ", Instance);
        return $"{Quantity}: expected {Expected}, found {Found}{place}";
    }

    internal static Witness OfCore(CoreWitness witness) => new()
    {
        Quantity = witness.Quantity,
        Expected = witness.Expected,
        Found = witness.Found,
        Instance = NamedValue.OfCore(witness.Instance),
    };
}

/// <summary>One part of an instance, as it is shown.</summary>
public sealed record NamedValue
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The value as text.</summary>
    public required string Value { get; init; }

    /// <summary>Name and value.</summary>
    /// <returns>"k = 2".</returns>
    public override string ToString() => $"{Name} = {Value}";

    internal static IReadOnlyList<NamedValue> OfCore(IEnumerable<System.Tuple<string, string>> pairs) =>
        [.. pairs.Select(pair => new NamedValue { Name = pair.Item1, Value = pair.Item2 })];
}
