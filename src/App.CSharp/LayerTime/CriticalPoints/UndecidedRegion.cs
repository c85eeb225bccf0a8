namespace LayerTime;

/// <summary>A part of the box about which a census proves less than it should.</summary>
public sealed record UndecidedRegion
{
    /// <summary>The part.</summary>
    public required Box Box { get; init; }

    /// <summary>What is missing.</summary>
    public required UndecidedReason Reason { get; init; }

    /// <summary>Whether a degenerate critical point is suspected: no box around this one was seen to have a regular Hessian.</summary>
    public required bool DegeneracySuspected { get; init; }

    /// <summary>The degree of the gradient on the part where it is known not to be zero, so that at least one critical point lies there; else null.</summary>
    public required int? Degree { get; init; }
}

/// <summary>Why a part of a box stayed undecided.</summary>
public enum UndecidedReason
{
    /// <summary>The budget was spent, or the census cancelled, before this part was looked at.</summary>
    NotExamined,

    /// <summary>The part is smaller than the tolerance and neither excluded nor proved to hold a critical point.</summary>
    ToleranceReached,

    /// <summary>At least one critical point lies in the part, as the degree is not zero; how many and of which index is not known.</summary>
    AtLeastOne,

    /// <summary>One critical point, but it lies on the boundary of the box or too near to tell.</summary>
    OnBoundary,

    /// <summary>One critical point, but the signs of the eigenvalues are not proved.</summary>
    IndexUnknown,

    /// <summary>One critical point, but perhaps it is one of the others.</summary>
    NotDistinguished,
}
