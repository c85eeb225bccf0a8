using System;
using System.Collections.Generic;
using System.Linq;

namespace LayerTime;

/// <summary>One thing that is wrong with a network: where, what was found there and what was expected.</summary>
public sealed record NetworkDefect
{
    /// <summary>The place in words, such as "layer 3, map 2, bias"; empty for the network as a whole.</summary>
    public required string Where { get; init; }

    /// <summary>What stands there.</summary>
    public required string Found { get; init; }

    /// <summary>What should stand there.</summary>
    public required string Expected { get; init; }

    /// <summary>The place in a JSON document, such as "$.layers[3].bias[0]"; null where there is no document.</summary>
    public string? JsonPath { get; init; }

    /// <summary>The line in a document that is not JSON at all, counted from 1; null otherwise.</summary>
    public long? Line { get; init; }

    /// <summary>The byte within the line, counted from 1; null where there is no line.</summary>
    public long? BytePosition { get; init; }

    /// <summary>The defect in one line: "layer 3, bias ($.layers[3].bias): found 2 numbers, expected 3".</summary>
    /// <returns>Place, what was found, what was expected.</returns>
    public override string ToString()
    {
        var position = Line is null ? JsonPath : $"line {Line}, byte {BytePosition}";
        var place = (Where.Length > 0, position) switch
        {
            (true, null or "$") => Where + ": ",
            (true, _) => $"{Where} ({position}): ",
            (false, null) => "",
            (false, _) => position + ": ",
        };
        return $"{place}found {Found}, expected {Expected}";
    }

    /// <summary>The most defects that a message lists; all of them are in the exception.</summary>
    private const int Shown = 20;

    internal static string Describe(string start, IReadOnlyList<NetworkDefect> defects) =>
        defects.Count == 1
            ? $"{start}: {defects[0]}."
            : $"{start} ({defects.Count} defects):{string.Concat(defects.Take(Shown).Select(defect => $"{Environment.NewLine}  {defect}"))}"
                + (defects.Count > Shown ? $"{Environment.NewLine}  and {defects.Count - Shown} more." : "");

    internal static NetworkDefect OfCore(Core.Networks.Defect defect) =>
        new() { Where = defect.Where, Found = defect.Found, Expected = defect.Expected };
}
