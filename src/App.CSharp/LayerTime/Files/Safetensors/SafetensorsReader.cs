using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Text;

namespace LayerTime.Safetensors;

/// <summary>A network from the tensors of a file and a layout, or what is wrong with them.</summary>
internal static class SafetensorsReader
{
    /// <summary>The key of the metadata under which a file holds its layout.</summary>
    internal const string LayoutKey = "layertime";

    internal static bool TryRead(Stream stream, string? layout, [NotNullWhen(true)] out Network? network, out IReadOnlyList<NetworkDefect> defects)
    {
        if (!stream.CanSeek)
        {
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            copy.Position = 0;
            return TryRead(copy, layout, out network, out defects);
        }

        network = null;
        var list = new DefectList();
        defects = list.All;
        if (SafetensorsHeader.Read(stream, list) is not { } header)
        {
            return false;
        }

        if ((layout ?? header.Metadata.GetValueOrDefault(LayoutKey)) is not { } text)
        {
            list.Add(Place.Root.Field("__metadata__"), "no layout", $"one under \"{LayoutKey}\", or in the file beside this one that ends in .layout.json");
            return false;
        }

        return NetworkReader.TryRead(Encoding.UTF8.GetBytes(text), new TensorReader(stream, header), out network, out defects);
    }
}
