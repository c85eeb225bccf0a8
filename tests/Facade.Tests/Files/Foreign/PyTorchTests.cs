using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Facade.Tests.Files.Foreign;

/// <summary>Networks trained and exported by PyTorch are read as what they are and compute the same; what LayerTime writes satisfies onnx and PyTorch.</summary>
public sealed class PyTorchTests
{
    private const double Single = 1.0 / (1 << 24);
    private const double Double = 1.0 / (1L << 53);
    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "pytorch.py");

    private sealed record Model(string Name, bool IsSingle, int Inputs, int Outputs, string Architecture);

    [PyTorchFact]
    public void Models_of_PyTorch_are_recognised_and_compute_the_same_on_a_thousand_inputs()
    {
        using var folder = new TemporaryFolder();
        Succeeds("export", folder.Path);
        var models = JsonSerializer.Deserialize<List<Model>>(File.ReadAllText(folder.File("models.json")), JsonSerializerOptions.Web)!;
        Assert.NotEmpty(models);
        foreach (var model in models)
        {
            var network = Network.Load(folder.File($"{model.Name}.onnx"));
            Assert.True(model.Architecture == network.ArchitectureName, $"{model.Name}: {network}");
            Compare(network, Rows(folder.File($"{model.Name}.in"), model.Inputs), Rows(folder.File($"{model.Name}.out"), model.Outputs), model.IsSingle ? Single : Double, model.Name);
        }
    }

    [PyTorchFact]
    public void Models_of_LayerTime_pass_the_checker_and_shape_inference_and_agree_with_PyTorch()
    {
        using var folder = new TemporaryFolder();
        var written = new Dictionary<string, (Network Network, double[][] Inputs)>();
        foreach (var (architecture, seed) in TameNetworks.Architectures.SelectMany(architecture => Enumerable.Range(0, 8).Select(seed => (architecture, seed))))
        {
            var networks = new TameNetworks(seed);
            var network = networks.Next(architecture);
            double[][] inputs = [.. Enumerable.Range(0, 1000).Select(_ => networks.Input(network))];
            var name = $"written.{architecture}-{seed}";
            network.Save(folder.File($"{name}.onnx"));
            File.WriteAllBytes(folder.File($"{name}.in"), MemoryMarshal.AsBytes<double>(inputs.SelectMany(x => x).ToArray()).ToArray());
            written.Add(name, (network, inputs));
        }

        Succeeds("check", folder.Path);
        foreach (var (name, (network, inputs)) in written)
        {
            Compare(network, inputs, Rows(folder.File($"{name}.torch"), network.OutputWidth), Double, name);
        }
    }

    [PyTorchFact]
    public async Task The_sample_trains_a_network_whose_critical_points_are_all_found()
    {
        using var folder = new TemporaryFolder();
        var (exitCode, error) = Python.RunIn(folder.Path, Path.Combine(AppContext.BaseDirectory, "own_network.py"));
        Assert.True(exitCode == 0, error);

        double[][] points = [.. File.ReadLines(folder.File("points.csv")).Select(line => line.Split(',').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray())];
        var examination = await Examination.RunAsync(Network.Load(folder.File("net.onnx")), new() { Points = points });

        Assert.Equal("feed-forward", examination.Network.ArchitectureName);
        Assert.True(examination.Census!.IsComplete);
        Assert.NotEmpty(examination.Census.Points);
        Assert.Equal(ClaimRelevance.DoesNotApply, Assert.Single(examination.Claims, claim => claim.Id == "kuehn-kuntz.mlp.no-critical-point").Relevance);
    }

    private static void Succeeds(string command, string folder)
    {
        var (exitCode, error) = Python.Run(Script, command, folder);
        Assert.True(exitCode == 0, error);
    }

    private static double[][] Rows(string path, int width) => [.. MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(path)).ToArray().Chunk(width)];

    // PyTorch works with the unit of the model, LayerTime with doubles.
    private static void Compare(Network network, double[][] inputs, double[][] outputs, double unit, string name)
    {
        Assert.Equal(1000, inputs.Length);
        for (var s = 0; s < inputs.Length; s++)
        {
            var (found, bound) = (network.Run(inputs[s]).Output, ErrorBound.Of(network, inputs[s], unit) + ErrorBound.Of(network, inputs[s], Double));
            for (var i = 0; i < found.Length; i++)
            {
                Assert.True(Math.Abs(found[i] - outputs[s][i]) <= bound, $"{name}, input {s}: {found[i]} and {outputs[s][i]}, bound {bound}");
            }
        }
    }
}
