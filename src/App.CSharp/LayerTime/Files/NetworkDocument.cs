using System.Text;

namespace LayerTime;

/// <summary>What a document in the format layertime/1 holds: a network of layers or a neural ODE, for readers that take both.</summary>
public sealed class NetworkDocument
{
    private NetworkDocument(Network? network, NeuralOde? neuralOde) => (Network, NeuralOde) = (network, neuralOde);

    /// <summary>The network of layers; null if the document holds a neural ODE.</summary>
    public Network? Network { get; }

    /// <summary>The neural ODE; null if the document holds a network of layers.</summary>
    public NeuralOde? NeuralOde { get; }

    /// <summary>Reads a file: .onnx, .safetensors and .nnet, which hold networks of layers, by their extension, any other in the format layertime/1.</summary>
    /// <param name="path">The file.</param>
    /// <returns>What it holds.</returns>
    /// <exception cref="NetworkFormatException">The file holds neither; every defect is listed.</exception>
    /// <exception cref="NetworkFileException">The file cannot be read.</exception>
    public static NetworkDocument Load(string path) =>
        NetworkFormat.Of(path) == NetworkFileFormat.Json ? Read(NetworkFile.Read(Door.NotNull(path)), path) : new(LayerTime.Network.Load(path), null);

    /// <summary>Reads a text in the format layertime/1.</summary>
    /// <param name="json">The document.</param>
    /// <returns>What it holds.</returns>
    /// <exception cref="NetworkFormatException">The text holds neither; every defect is listed.</exception>
    public static NetworkDocument Parse(string json) => Read(Encoding.UTF8.GetBytes(Door.NotNull(json)), "The text");

    /// <summary>The document in the format layertime/1.</summary>
    /// <returns>The text, with a line feed at its end.</returns>
    /// <exception cref="NetworkFormatException">An exact weight has more digits than are read back.</exception>
    public string ToJson() => Network?.ToJson() ?? NeuralOde!.ToJson();

    internal static NetworkDocument Of(Network network) => new(network, null);

    internal static NetworkDocument Of(NeuralOde neuralOde) => new(null, neuralOde);

    private static NetworkDocument Read(byte[] bytes, string source)
    {
        var defects = NetworkReader.Read(bytes, out var network, out var ode);
        return network is null && ode is null ? throw new NetworkFormatException(source, defects) : new(network, ode);
    }
}
