namespace LayerTime;

/// <summary>What the weights of a network are.</summary>
public enum NumberKind
{
    /// <summary>Floats (IEEE 754 binary64), rounded to nearest.</summary>
#pragma warning disable CA1720 // The word is the name of these numbers, not of a parameter's type.
    Float,
#pragma warning restore CA1720

    /// <summary>Exact fractions.</summary>
    Exact,
}
