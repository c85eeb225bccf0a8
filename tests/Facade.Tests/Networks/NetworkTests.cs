using System;
using System.Linq;
using Xunit;

namespace LayerTime.Facade.Tests.Networks;

public sealed class NetworkTests
{
    [Fact]
    public void The_reference_network_has_the_trajectory_of_the_theory()
    {
        var run = Samples.Reference.RunExact(Samples.History3);

        Assert.Equal(Samples.Row("1 -1/2"), run[0]);
        Assert.Equal(Samples.Row("0 1/4"), run[-2]);
        Assert.Equal(Samples.Row("245/128 -331/256"), run[1]);
        Assert.Equal(Samples.Row("856050533/100663296 -783720455/402653184"), run[4]);
        Assert.Equal(Samples.Row("176921277751/12884901888 -1074569739/2147483648"), run.Output);
    }

    [Fact]
    public void Floats_follow_the_exact_trajectory()
    {
        var network = Samples.Reference.ToFloat();
        var run = network.Run([.. Samples.History3.Select(x => x.ToDouble())]);

        Assert.Equal(13.7308983249435, run.Output[0], 11);
        Assert.Equal(-0.500385527964681, run.Output[1], 11);
        Assert.Equal(run.Output, run[5]);
        Assert.Equal(run.State(3).ToArray(), run[3]);
    }

    [Fact]
    public void The_facade_gives_what_the_core_gives()
    {
        var network = Samples.Reference.ToFloat();
        var run = network.Run([1, -0.5]);
        var history = Enumerable.Repeat(new[] { new Core.Numbers.Binary64(1), new Core.Numbers.Binary64(-0.5) }, 3).ToArray();
        var maps = Enumerable.Range(0, 5).Select(l => CoreMap(network.MapsAt(l)[0].Layers[0])).ToArray();
        var equation = Core.Networks.Architecture.equation(
            Core.Networks.Architecture<Core.Numbers.Binary64>.NewSmooth(3, new Core.Numbers.Binary64(0.5), maps)).ResultValue;
        var core = Core.Semantics.Simulation.run(equation, history);

        for (var layer = -2; layer <= 5; layer++)
        {
            Assert.Equal(core[layer].Select(x => BitConverter.DoubleToInt64Bits(x.Value)), run[layer].Select(BitConverter.DoubleToInt64Bits));
        }
    }

    [Fact]
    public void A_network_says_what_it_is()
    {
        var network = Samples.Reference;

        Assert.Equal(Architecture.Smooth, network.Architecture);
        Assert.Equal("smooth", network.ArchitectureName);
        Assert.Equal(NumberKind.Exact, network.Numbers);
        Assert.Equal(3, network.Order);
        Assert.Equal(3, network.Blocks);
        Assert.Equal(5, network.Depth);
        Assert.Equal(2, network.Width);
        Assert.Equal(6, network.StateDimension);
        Assert.Equal(30, network.ParameterCount);
        Assert.Equal(0.5, network.Step);
        Assert.Equal("smooth, order 3, depth 5, width 2, state dimension 6, 30 parameters, exact", network.ToString());
    }

    [Fact]
    public void Starts_from_one_vector_are_different_networks()
    {
        // Zero maps: at rest the state stays, with dropped skips it grows as C(l + k − 1, k − 1).
        var zero = Network.Smooth(4, 1.0, [.. Enumerable.Repeat((LayerMap)Samples.Constant(0, 1, 1), 6)]);

        Assert.Equal([1.0], zero.Run([1.0]).Output);
        Assert.Equal([4.0, 10, 20, 35, 56, 84], Enumerable.Range(1, 6).Select(l => zero.Run([1.0], StartConvention.ZeroPadding)[l][0]));
    }

    [Fact]
    public void A_full_history_at_rest_is_the_start_at_rest()
    {
        var network = Samples.Reference;

        Assert.Equal(network.RunExact(Samples.Row("1 2 1 2 1 2")).Output, network.RunExact(Samples.Row("1 2")).Output);
        Assert.Equal(network.RunExact(Samples.Row("1 2 0 0 0 0")).Output, network.RunExact(Samples.Row("1 2"), StartConvention.ZeroPadding).Output);
    }

    [Fact]
    public void Lift_and_readout_stand_before_and_behind()
    {
        var lift = Layer.Dense(new double[,] { { 1 }, { 0 } }, [0, 5]);
        var readout = Layer.Dense(new double[,] { { 10, 100 } }, [1]);
        var network = Network.Smooth(2, 1.0, Samples.Constant(0, 1, 1)).WithLift(lift).WithReadout(readout);
        var run = network.Run([3]);

        // x(0) = 3, x(−1) = 5, x(1) = 2·3 − 5 = 1; the readout sees (1, 3).
        Assert.Equal([1.0], run[1]);
        Assert.Equal([311.0], run.Output);
        Assert.Equal((1, 1), (network.InputWidth, network.OutputWidth));
        Assert.Null(network.WithLift(null).Lift);
    }

    [Fact]
    public void Every_architecture_runs()
    {
        var x = Layer.Dense(new double[,] { { 2 } }, [0]);
        var sum = Layer.Dense(new double[,] { { 2, 3 } }, [0]);

        Assert.Equal([4.0], Network.FeedForward(x, x).Run([1]).Output);
        Assert.Equal([4.0], Network.Residual(0.5, x, x).Run([1]).Output);
        Assert.Equal([3.0], Network.Smooth(1, 1, x).Run([1]).Output);
        Assert.Equal([4.0], Network.AdditiveDense([x, x]).Run([1]).Output);
        Assert.Equal([13.0], Network.AdditiveDense([[x, LayerMap.Of(x, x)]]).Run([1.5, 2.5]).Output);
        Assert.Equal([5.0], Network.ConcatenationDense(2, sum).Run([1]).Output);
        Assert.Equal([5.0], Network.Master(1, 1, [[x, x]]).Run([1]).Output);
    }

    [Fact]
    public void Plain_networks_may_change_their_width()
    {
        var network = Network.FeedForward(Samples.Constant(1, 3, 2), Samples.Constant(1, 1, 3, Activation.Tanh));

        Assert.Equal([2, 3, 1], Enumerable.Range(0, 3).Select(network.WidthAt));
        Assert.Equal([Math.Tanh(9)], network.Run([1, 2]).Output.Select(y => Math.Round(y, 15)).ToArray(), (a, b) => Math.Abs(a - b) < 1e-14);
    }

    [Fact]
    public void Exact_and_float_networks_turn_into_one_another()
    {
        var exact = Samples.Reference;
        var again = exact.ToFloat().ToExact();

        // Weights and slopes are quarters and halves: floats hold them exactly.
        Assert.Equal(exact.ToJson(), again.ToJson());
        Assert.Same(exact, exact.ToExact());
    }

    [Fact]
    public void A_transcendental_network_has_no_exact_values_and_every_layer_says_so()
    {
        var tanh = Samples.Constant(1, 1, 1, Activation.Tanh);
        var network = Network.AdditiveDense([tanh, Samples.Constant(1, 1, 1)], [tanh, Samples.Constant(1, 1, 1, Activation.Sine)]);
        var exception = Assert.Throws<InvalidNetworkException>(() => network.ToExact());

        Assert.Equal(
            ["layer 0, map 1, activation", "layer 1, map 1, activation", "layer 1, map 2, activation"], exception.Defects.Select(defect => defect.Where));
        Assert.Contains("no exact values", exception.Message, StringComparison.Ordinal);
    }

    private static Core.Networks.LayerMap<Core.Numbers.Binary64> CoreMap(Layer layer)
    {
        var (weights, bias) = (layer.WeightsAsFloats(), layer.BiasAsFloats());
        var matrix = Core.Algebra.Matrix.ofRows(Enumerable.Range(0, 2).Select(i => new[] { new Core.Numbers.Binary64(weights[i, 0]), new(weights[i, 1]) }).ToArray());
        var activation = Core.Networks.Activation<Core.Numbers.Binary64>.NewLeakyRelu(new(0.25));
        return Core.Networks.LayerMap.dense(matrix, [.. bias.Select(b => new Core.Numbers.Binary64(b))], activation).ResultValue;
    }
}
