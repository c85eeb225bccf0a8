using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.Networks;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace LayerTime;

/// <summary>From the results of the core to values or exceptions.</summary>
internal static class Built
{
    internal static T OrThrow<T>(FSharpResult<T, FSharpList<Defect>> result) =>
        result.IsOk ? result.ResultValue : throw new InvalidNetworkException([.. result.ErrorValue.Select(NetworkDefect.OfCore)]);

    internal static FSharpOption<T>? Optional<T>(T? value)
        where T : class => value is null ? null : FSharpOption<T>.Some(value);

    internal static IReadOnlyList<NetworkDefect> Defects(IEnumerable<Defect> defects) => [.. defects.Select(NetworkDefect.OfCore)];
}
