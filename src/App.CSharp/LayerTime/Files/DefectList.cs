using System.Collections.Generic;
using System.Text.Json;
using LayerTime.Core.Networks;

namespace LayerTime;

/// <summary>The defects of one document, in the order in which they were found.</summary>
internal sealed class DefectList
{
    private readonly List<NetworkDefect> defects = [];

    internal IReadOnlyList<NetworkDefect> All => defects;

    internal int Count => defects.Count;

    internal void Add(Place place, string found, string expected) =>
        defects.Add(new() { Where = place.Where, JsonPath = place.Path, Found = found, Expected = expected });

    internal void Add(Place place, JsonElement found, string expected) => Add(place, Described.Element(found), expected);

    /// <summary>Defects of the core, whose place is relative to a place in the document.</summary>
    internal void Add(Place place, IEnumerable<Defect> found)
    {
        foreach (var defect in found)
        {
            var where = place.Where.Length == 0 ? defect.Where : defect.Where.Length == 0 ? place.Where : $"{place.Where}, {defect.Where}";
            Add(new(place.Path + Path(defect.Where), where), defect.Found, defect.Expected);
        }
    }

    // The words of the core for places are few: "layer 3, map 2, …", "inner layer 1", "field, piece 2, coefficient 1", "weights".
    private static string Path(string where)
    {
        var path = "";
        foreach (var step in where.Split(", "))
        {
            path += step.Split(' ') switch
            {
                ["layer", var l] => $".layers[{l}]",
                ["map", var n] when int.TryParse(n, out var age) => $".maps[{age - 1}]",
                ["inner", "layer", var i] => $".inner[{i}]",
                ["piece", var i] => $"[{i}]",
                ["coefficient", var k] => $".coefficients[{k}]",
                [("field" or "weights" or "bias" or "activation" or "lift" or "readout") and var field] => $".{field}",
                _ => "",
            };
        }

        return path;
    }
}
