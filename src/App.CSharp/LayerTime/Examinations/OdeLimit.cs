using System;
using System.Linq;
using System.Threading;

namespace LayerTime;

/// <summary>How far a network is from the solution of the differential equation that its layers are steps of.</summary>
internal static class OdeLimit
{
    private const string Topic = "depth as time";
    private const string Name = "ode limit";

    // A validated bound of one step costs some d³ operations.
    private const long LargestWork = 20_000_000;

    internal static Finding Of(Examined examined, CancellationToken cancellationToken)
    {
        var network = examined.Floats;
        return network.Architecture switch
        {
            Architecture.Residual => Residual(examined, cancellationToken),
            Architecture.FeedForward => Plain(examined),
            _ => Skipped($"Not computed: for networks that are {network.ArchitectureName} the bound of the limit asks for f on a whole neighbourhood of the solution; it is computed for residual networks and for plain ones near the identity."),
        };
    }

    // x(l+1) = x(l) + h·f_l(x(l)) is Euler's method for x′ = f_l(x), l·h < t ≤ (l+1)·h.
    private static Finding Residual(Examined examined, CancellationToken cancellationToken)
    {
        var network = examined.Floats;
        var width = network.Width;
        var work = (long)network.Depth * width * (width + network.MapsAt(0)[0].Layers.Max(layer => layer.OutputWidth)) * 40;
        if (work > LargestWork)
        {
            return Skipped($"Not computed: a proved bound along {Digits.Count(network.Depth)} layers of width {width} takes about {Digits.Count(work)} interval operations; {Digits.Count(LargestWork)} are done.");
        }

        var horizon = Fraction.FromDouble(network.Step) * new Fraction(network.Depth, 1);
        if (horizon.Sign <= 0)
        {
            return Skipped("There is no limit forward in time: the step is not positive.");
        }

        var ode = NeuralOde.PiecewiseConstant(horizon, [.. Enumerable.Range(0, network.Depth).Select(layer => network.MapsAt(layer)[0])]).WithLift(network.Lift).WithReadout(network.Readout);
        var solution = ode.Solve(examined.Places[0], new() { Method = OdeMethod.Euler, Steps = network.Depth }, cancellationToken: cancellationToken);
        var after = solution.Errors(cancellationToken).After;
        return after.Value is { } bound
            ? new()
            {
                Topic = Topic,
                Name = Name,
                Kind = FindingKind.Certified,
                Text = $"{Where(examined)}, the network is within {Digits.Up(bound)} (largest component of x(L)) of the solution of x′ = f(t, x), f = f_l for l·h < t ≤ (l+1)·h, "
                    + $"T = {Digits.Near(horizon.ToDouble())}; |x(L)|∞ is {Digits.Near(solution.State.Max(Math.Abs))}.",
                Numbers = [new("bound", bound), new("horizon", horizon.ToDouble())],
            }
            : Skipped($"No bound: {after.Reason}");
    }

    private static Finding Plain(Examined examined)
    {
        var network = examined.Network;
        var widths = Enumerable.Range(0, network.Depth + 1).Select(network.WidthAt).Distinct().Count();
        if (widths > 1)
        {
            return Skipped("No differential equation is behind it: the widths differ from layer to layer.");
        }

        try
        {
            var found = OdeConversions.ToOde(examined.Floats, new Fraction(1, 1), examined.Places[0]);
            return new()
            {
                Topic = Topic,
                Name = Name,
                Kind = FindingKind.Certified,
                Text = $"{Where(examined)}, the layers are near the identity (‖W_l − I‖ ≤ {Digits.Up(found.Distance)}) and x(L) is within {Digits.Up(found.Certificate ?? found.Bound)} of the solution of "
                    + $"x′ = w(t)x + b(t) + g(x), 0 ≤ t ≤ 1; measured {Digits.Near(found.Measured)}.",
                Numbers = [new("bound", found.Certificate ?? found.Bound), new("distance", found.Distance)],
            };
        }
        catch (Exception reason) when (reason is ConversionException or InvalidNetworkException)
        {
            return Skipped($"No differential equation behind it: {reason.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static string Where(Examined examined) => examined.Points.Count > 0 ? "From data point 1" : "From the middle of the box";

    private static Finding Skipped(string text) => new() { Topic = Topic, Name = Name, Kind = FindingKind.Skipped, Text = text };
}
