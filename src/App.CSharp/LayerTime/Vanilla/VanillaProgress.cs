using System;

namespace LayerTime;

/// <summary>How far the compilation of a flow has come.</summary>
public sealed record VanillaProgress
{
    /// <summary>What is being done, such as "certify the network".</summary>
    public required string Stage { get; init; }

    /// <summary>How many cells of the box this stage has been through.</summary>
    public required int Cells { get; init; }

    /// <summary>How many cells there are.</summary>
    public required int CellsTotal { get; init; }

    /// <summary>The time since the start.</summary>
    public required TimeSpan Elapsed { get; init; }
}
