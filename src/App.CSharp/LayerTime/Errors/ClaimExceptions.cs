using System;
using System.Collections.Generic;
using LayerTime.Core.Claims;

namespace LayerTime;

/// <summary>A pattern that fits no claim.</summary>
public sealed class UnknownClaimException : LayerTimeException
{
    internal UnknownClaimException(string pattern, string message, IReadOnlyList<string> nearestIds)
        : base(message)
    {
        Pattern = pattern;
        NearestIds = nearestIds;
    }

    /// <summary>The pattern.</summary>
    public string Pattern { get; }

    /// <summary>The ids nearest to it, the nearest first.</summary>
    public IReadOnlyList<string> NearestIds { get; }
}

/// <summary>Claims of the user's own that cannot be run: every problem, not only the first.</summary>
public sealed class InvalidClaimException : LayerTimeException
{
    internal InvalidClaimException(IReadOnlyList<string> problems)
        : base(string.Join(' ', problems)) => Problems = problems;

    /// <summary>What is wrong, one sentence each; at least one.</summary>
    public IReadOnlyList<string> Problems { get; }
}

/// <summary>A replay token that cannot be read, or that belongs to another catalogue.</summary>
public sealed class ReplayTokenException : LayerTimeException
{
    internal ReplayTokenException(string token, string message)
        : base(message) => Token = token;

    /// <summary>The token.</summary>
    public string Token { get; }
}

/// <summary>A conclusion or a generator that threw: a fault of whoever wrote the claim, never a verdict.</summary>
public sealed class ClaimFaultException : LayerTimeException
{
    internal ClaimFaultException(ClaimFault fault)
        : base(fault.Message, fault.InnerException)
    {
        ClaimId = fault.Claim;
        Part = fault.Part;
        Seed = fault.Seed;
        Index = fault.Index;
    }

    /// <summary>The id of the claim.</summary>
    public string ClaimId { get; }

    /// <summary>The name of the part or of the control.</summary>
    public string Part { get; }

    /// <summary>The seed of the run.</summary>
    public ulong Seed { get; }

    /// <summary>The index of the case.</summary>
    public int Index { get; }
}
