using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using LayerTime.Core.Constructions;

namespace LayerTime;

/// <summary>A grid of points of the plane, carried by a flow and by the network that follows it: one picture for the end of some steps each.</summary>
internal static class CarriedGridFigure
{
    private const double Left = 80;
    private const double Top = 44;
    private const double Size = 300;
    private const double Between = 56;
    private const int PerRow = 3;

    /// <summary>The most pictures; the start and the end are among them.</summary>
    private const int Pictures = 6;

    /// <summary>Lines of the grid in each direction, and points on each.</summary>
    private const int Lines = 13;
    private const int Points = 49;

    internal static string Draw(CompiledNetwork found, VanillaPlan plan)
    {
        List<IReadOnlyList<FollowedState[]>> across = [.. Enumerable.Range(0, Lines).Select(line => Line(found.Box, plan, line, 0))];
        List<IReadOnlyList<FollowedState[]>> up = [.. Enumerable.Range(0, Lines).Select(line => Line(found.Box, plan, line, 1))];
        var last = across[0][0].Length - 1;
        int[] steps = [.. Enumerable.Range(0, Pictures).Select(i => (int)Math.Round(i * (double)last / (Pictures - 1), MidpointRounding.AwayFromZero)).Distinct()];
        List<FollowedState> all = [.. across.Concat(up).SelectMany(line => line).SelectMany(point => steps.Select(step => point[step]))];
        // A unit across is as long as one up: what looks stretched is stretched by the flow.
        var half = 9.0 / 16 * Math.Max(Extent(all, 0), Extent(all, 1));
        var rows = (steps.Length + PerRow - 1) / PerRow;
        var width = Left + (Math.Min(PerRow, steps.Length) * (Size + Left)) - Left + 24;
        var height = (rows * (Top + Size + Between)) + 30;
        var svg = new Svg(width, height, $"A grid over {found.Box}, carried by the flow and by a network of depth {found.Depth}");
        for (var i = 0; i < steps.Length; i++)
        {
            var (x, y) = (Left + (i % PerRow * (Size + Left)), Top + (i / PerRow * (Top + Size + Between)));
            var frame = new Frame(Over(all, 0, half, x, x + Size), Over(all, 1, half, y + Size, y));
            var step = steps[i];
            frame.Grid(svg);
            svg.Polylines(across.Concat(up).Select(line => Path(frame, line, step, state => state.Flow)), "fill=\"none\" stroke=\"#ccc\" stroke-width=\"5\" stroke-linejoin=\"round\"");
            svg.Polylines(across.Select(line => Path(frame, line, step, state => state.Network)), "fill=\"none\" stroke=\"#1f6fb4\" stroke-width=\"1.2\" stroke-linejoin=\"round\"");
            svg.Polylines(up.Select(line => Path(frame, line, step, state => state.Network)), "fill=\"none\" stroke=\"#c8322b\" stroke-width=\"1.2\" stroke-linejoin=\"round\"");
            frame.Axes(svg, "x₁", "x₂");
            var at = across[0][0][step];
            svg.Text(x, y - 10, string.Create(CultureInfo.InvariantCulture, $"t = {at.Time:0.###}, step {at.Steps:N0} of {last:N0}, layer {at.Layers:N0} of {found.Depth:N0}"));
        }

        // Two digits: 5 percent more are above whatever they round off.
        svg.Text(
            Left,
            height - 14,
            string.Create(CultureInfo.InvariantCulture, $"grey: the flow; blue and red: the network, {Splittings.Name(found.Splitting)}; at the end no farther apart than {1.05 * found.ErrorBound:0.0e-0}, certified"));
        return svg.End();
    }

    // A line of the grid, along the other component.
    private static IReadOnlyList<FollowedState[]> Line(Box box, VanillaPlan plan, int line, int component) =>
        [.. Enumerable.Range(0, Points).Select(point =>
        {
            var state = new double[2];
            state[component] = At(box[component], line, Lines);
            state[1 - component] = At(box[1 - component], point, Points);
            return VanillaTrajectory.follow(plan, state);
        })];

    private static double At(Interval side, int k, int count) => side.Lower + ((side.Upper - side.Lower) * k / (count - 1));

    private static IReadOnlyList<(double X, double Y)> Path(Frame frame, IReadOnlyList<FollowedState[]> line, int step, Func<FollowedState, double[]> of) =>
        [.. line.Select(point => of(point[step])).Select(state => (frame.Horizontal.Place(state[0]), frame.Vertical.Place(state[1])))];

    private static double Extent(List<FollowedState> states, int component) => states.Max(state => state.Flow[component]) - states.Min(state => state.Flow[component]);

    private static Axis Over(List<FollowedState> states, int component, double half, double start, double end)
    {
        var middle = (states.Min(state => state.Flow[component]) + states.Max(state => state.Flow[component])) / 2;
        return Axis.Over(middle - half, middle + half, start, end);
    }
}
