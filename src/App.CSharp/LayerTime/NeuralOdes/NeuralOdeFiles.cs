using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace LayerTime;

public sealed partial class NeuralOde
{
    /// <summary>Reads a neural ODE from a file in the format layertime/1.</summary>
    /// <param name="path">The file, at most <see cref="NetworkFormat.MaximumBytes"/> long.</param>
    /// <returns>The neural ODE.</returns>
    /// <exception cref="NetworkFormatException">The file is not such a neural ODE; every defect is listed.</exception>
    /// <exception cref="NetworkFileException">The file cannot be read.</exception>
    public static NeuralOde Load(string path)
    {
        var bytes = NetworkFile.Read(Door.NotNull(path));
        return NetworkReader.TryReadOde(bytes, out var ode, out var defects) ? ode : throw new NetworkFormatException(path, defects);
    }

    /// <summary>Reads a neural ODE from a text in the format layertime/1.</summary>
    /// <param name="json">The document.</param>
    /// <returns>The neural ODE.</returns>
    /// <exception cref="NetworkFormatException">The text is not such a neural ODE; every defect is listed.</exception>
    public static NeuralOde Parse(string json) =>
        TryParse(json, out var ode, out var defects) ? ode : throw new NetworkFormatException("The text", defects);

    /// <summary>Reads what <see cref="Parse"/> reads, without an exception.</summary>
    /// <param name="json">The document.</param>
    /// <param name="ode">The neural ODE, or null.</param>
    /// <param name="defects">What is wrong with the text; empty if nothing is.</param>
    /// <returns>Whether the text is a neural ODE.</returns>
    public static bool TryParse(string json, [NotNullWhen(true)] out NeuralOde? ode, out IReadOnlyList<NetworkDefect> defects) =>
        NetworkReader.TryReadOde(Encoding.UTF8.GetBytes(Door.NotNull(json)), out ode, out defects);

    /// <summary>The neural ODE in the format layertime/1: reading it back gives the same one, writing that the same text.</summary>
    /// <returns>The document, with a line feed at its end.</returns>
    /// <exception cref="NetworkFormatException">An exact weight has more digits than are read back.</exception>
    public string ToJson() => NetworkWriter.Write(this);

    /// <summary>Writes the neural ODE to a file in the format layertime/1, whole or not at all.</summary>
    /// <param name="path">The file; it is replaced if it exists.</param>
    /// <exception cref="NetworkFormatException">An exact weight has more digits than are read back.</exception>
    /// <exception cref="NetworkFileException">The file cannot be written; nothing is left behind.</exception>
    public void Save(string path) => NetworkFile.Write(Door.NotNull(path), ToJson());
}
