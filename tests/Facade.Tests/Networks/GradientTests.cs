using System;
using System.Linq;
using Xunit;

namespace LayerTime.Facade.Tests.Networks;

public sealed class GradientTests
{
    [Fact]
    public void The_gradient_is_that_of_the_theory()
    {
        var network = Network.Smooth(3, new Fraction(1, 2), Samples.Maps(Activation.Square, 2, 4));
        var gradient = network.GradientExact(Samples.History3, [1, -2]);

        Assert.Equal(
            Samples.Row("-24053336099292306183704584895794333/23365335863406724328387233481490432 -5853592834283738544231180976168271969/124615124604835863084731911901282304"),
            gradient.Momentum(0));
        Assert.Equal(gradient.Momentum(0).Concat(gradient.Momentum(-1)).Concat(gradient.Momentum(-2)), gradient.Input);
        Assert.Equal(new Fraction[] { 1, -2 }, gradient.Momentum(4));
        Assert.Equal((4, -2), (gradient.Depth, gradient.FirstLayer));
    }

    /// <summary>Squares of quadratic networks are polynomials, so a central difference of fractions is exact up to the third derivative; here of degree 2.</summary>
    [Fact]
    public void Lift_readout_start_and_parameters_have_exact_gradients()
    {
        Network Build(Fraction lift, Fraction readout, Fraction weight, Fraction bias) =>
            Network.Smooth(2, new Fraction(1, 2), Layer.Dense(new[,] { { weight } }, [bias], Activation.Identity), Layer.Dense(new Fraction[,] { { 2 } }, [1]))
                .WithLift(Layer.Dense(new[,] { { lift }, { 3 } }, [0, 1]))
                .WithReadout(Layer.Dense(new[,] { { 1, readout } }, [0], Activation.Square));
        Fraction Value(Fraction lift, Fraction readout, Fraction weight, Fraction bias, Fraction x) => Build(lift, readout, weight, bias).RunExact([x]).Output[0];
        Fraction[] at = [new(2, 3), new(-1, 2), new(3, 4), new(1, 5), new(5, 7)];
        Fraction Slope(int i)
        {
            Fraction Moved(Fraction by)
            {
                var p = (Fraction[])at.Clone();
                p[i] += by;
                return Value(p[0], p[1], p[2], p[3], p[4]);
            }

            // The output is a polynomial of degree 2 in each: the central difference is the derivative.
            return (Moved(1) - Moved(-1)) / 2;
        }

        var gradient = Build(at[0], at[1], at[2], at[3]).GradientExact([at[4]], [1]);

        Assert.Equal(Slope(0), gradient.Lift[0].Weights[0, 0]);
        Assert.Equal(Slope(1), gradient.Readout[0].Weights[0, 1]);
        Assert.Equal(Slope(2), gradient.Layers[0][0][0].Weights[0, 0]);
        Assert.Equal(Slope(3), gradient.Layers[0][0][0].Bias[0]);
        Assert.Equal(Slope(4), gradient.Input[0]);
    }

    [Theory]
    [InlineData(StartConvention.Rest)]
    [InlineData(StartConvention.ZeroPadding)]
    public void The_input_gradient_knows_the_start(StartConvention start)
    {
        var network = Network.Smooth(3, new Fraction(1, 2), Samples.Maps(Activation.Identity, 1, 3));
        Fraction Value(Fraction x) => network.RunExact([x], start).Output[0];

        Assert.Equal(Value(1) - Value(0), network.GradientExact([new(1, 3)], [1], start).Input[0]);
    }

    [Fact]
    public void Floats_follow_fractions()
    {
        var exact = Samples.Reference.GradientExact(Samples.History3, [1, -2]);
        var floats = Samples.Reference.ToFloat().Gradient([.. Samples.History3.Select(x => x.ToDouble())], [1, -2]);

        Assert.Equal(exact.Input.Select(x => x.ToDouble()), floats.Input, (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal("lossGradientAtOutput", Assert.Throws<ArgumentException>(() => Samples.Reference.GradientExact(Samples.History3, [1])).ParamName);
    }
}
