using System;

namespace LayerTime;

/// <summary>How far a census goes, in counted work and never in seconds, and on how many cores.</summary>
public sealed record CensusOptions
{
    private readonly double tolerance = Core.Rigour.ZeroSearch.defaults.Tolerance;
    private readonly long maxBoxes = Core.Rigour.ZeroSearch.defaults.MaxBoxes;
    private readonly int maxDegreeOfParallelism = Environment.ProcessorCount;

    /// <summary>Boxes narrower than this are not cut again; finite and positive, 2⁻¹⁰ unless told. Points found are much narrower.</summary>
    public double Tolerance
    {
        get => tolerance;
        init => tolerance = Door.Positive(value, nameof(Tolerance));
    }

    /// <summary>The largest number of boxes to look at, counted from the very start; 200,000 unless told. With 0 everything stays undecided.</summary>
    public long MaxBoxes
    {
        get => maxBoxes;
        init => maxBoxes = Door.AtLeast(value, 0L, nameof(MaxBoxes));
    }

    /// <summary>Whether a face of the box that has a critical point on it or too near to tell is moved outward a little; not unless told.</summary>
    public bool MoveFaces { get; init; }

    /// <summary>On how many cores the boxes are looked at, at least 1; all of them unless told. The result does not depend on it.</summary>
    public int MaxDegreeOfParallelism
    {
        get => maxDegreeOfParallelism;
        init => maxDegreeOfParallelism = Door.AtLeast(value, 1, nameof(MaxDegreeOfParallelism));
    }

    internal Core.Rigour.CensusOptions OfDoor => new(new(Tolerance, MaxBoxes), MoveFaces);
}
