using System;
using System.Linq;
using Xunit;

namespace LayerTime.Facade.Tests.Networks;

public sealed class StateSpaceTests
{
    private static readonly StateCoordinates[] Systems = Enum.GetValues<StateCoordinates>();

    [Fact]
    public void Difference_coordinates_are_those_of_the_theory()
    {
        var network = Samples.Reference;
        var space = StateSpace.Of(network);
        var run = network.RunExact(Samples.History3);

        Assert.Equal(Samples.Row("1 -1/2 2/3 -1/2 1/3 -1/4"), space.State(run, 0, StateCoordinates.Difference));
        Assert.Equal(
            Samples.Row("176921277751/12884901888 -1074569739/2147483648 22448936509/4294967296 9315818063/6442450944 25774743607/12884901888 8420571839/6442450944"),
            space.State(run, 5, StateCoordinates.Difference));
        Assert.Equal(Samples.Row("1 -1/2 4/3 -1 4/3 -1"), space.State(run, 0, StateCoordinates.ScaledDifference));
        Assert.Equal(Samples.History3, space.State(run, 0));
        Assert.Equal((3, 2, 6, true), (space.Blocks, space.BlockWidth, space.Dimension, space.IsInvertible));
    }

    [Fact]
    public void Every_step_forward_and_back_is_the_trajectory_in_every_coordinates()
    {
        var network = Samples.Reference;
        var space = StateSpace.Of(network);
        var run = network.RunExact(Samples.History3);

        foreach (var coordinates in Systems)
        {
            for (var layer = 0; layer < network.Depth; layer++)
            {
                var (before, after) = (space.State(run, layer, coordinates), space.State(run, layer + 1, coordinates));
                Assert.Equal(after, space.Step(before, layer, coordinates));
                Assert.Equal(before, space.StepBack(after, layer, coordinates));
            }
        }
    }

    [Fact]
    public void Coordinates_turn_into_one_another()
    {
        var space = StateSpace.Of(Samples.Reference);

        foreach (var from in Systems)
        {
            foreach (var to in Systems)
            {
                Assert.Equal(Samples.History3, space.Convert(space.Convert(Samples.History3, from, to), to, from));
            }
        }
    }

    [Fact]
    public void Dense_networks_step_in_every_coordinates_but_not_back()
    {
        var maps = Enumerable.Range(0, 4).Select(l => Enumerable.Range(1, 3).Select(n => Samples.Map(Activation.Relu, 2, n, l)).ToArray()).ToArray();
        var network = Network.AdditiveDense(maps);
        var space = StateSpace.Of(network);
        var run = network.RunExact(Samples.History3);

        Assert.Equal(Samples.Row("1619/384 919/1536"), run.Output);
        foreach (var coordinates in Systems)
        {
            Assert.Equal(space.State(run, 3, coordinates), space.Step(space.State(run, 2, coordinates), 2, coordinates));
        }

        Assert.False(space.IsInvertible);
        Assert.Throws<InvalidOperationException>(() => space.StepBack(Samples.History3, 0));
    }

    [Fact]
    public void Float_steps_follow_the_float_trajectory()
    {
        var network = Samples.Reference.ToFloat();
        var space = StateSpace.Of(network);
        var run = network.Run([1, -0.5]);

        Assert.Equal(space.State(run, 3), space.Step(space.State(run, 2), 2));
        Assert.Equal(run[3], space.Step(space.State(run, 2, StateCoordinates.Difference), 2, StateCoordinates.Difference)[..2], (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var space = StateSpace.Of(Samples.Reference.ToFloat());

        Assert.Equal("state", Assert.Throws<ArgumentException>(() => space.Step([1.0, 2], 0)).ParamName);
        Assert.Equal("layer", Assert.Throws<ArgumentOutOfRangeException>(() => space.Step(new double[6], 5)).ParamName);
        Assert.Equal("trajectory", Assert.Throws<ArgumentException>(() => space.State(Samples.Reference.ToFloat().Run([1, 2]), 0)).ParamName);
        Assert.Equal("network", Assert.Throws<ArgumentException>(() => StateSpace.Of(Network.FeedForward(Samples.Constant(1, 3, 2)))).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => space.Convert(new double[6], (StateCoordinates)7, StateCoordinates.Delay));
    }
}
