namespace LayerTime;

/// <summary>What a check of a claim is worth, the strongest kind first.</summary>
public enum Evidence
{
    /// <summary>Equality of fractions or integers; no tolerance.</summary>
    Exact,

    /// <summary>An inequality proven by outward-rounded enclosures.</summary>
    Certified,

    /// <summary>A measured value against a stated bound that allows for rounding.</summary>
    Bounded,

    /// <summary>An order of convergence measured over a ladder of resolutions.</summary>
    Asymptotic,
}

/// <summary>How a statement came to us.</summary>
public enum Reading
{
    /// <summary>It stands in the text of the paper.</summary>
    Read,

    /// <summary>It was worked out again from what is known of the paper.</summary>
    Reconstructed,

    /// <summary>It is our own, or the user's.</summary>
    Own,
}

/// <summary>Which sort of cases a part or a control has.</summary>
public enum CaseKind
{
    /// <summary>Chosen examples.</summary>
    Fixed,

    /// <summary>All there are.</summary>
    Exhaustive,

    /// <summary>Problems on ladders of resolutions.</summary>
    Ladder,

    /// <summary>Draws.</summary>
    Random,
}
