using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.Examination;

namespace LayerTime;

/// <summary>The linear regions of a piecewise linear network on a line.</summary>
internal static class RegionFindings
{
    private const string Topic = "linear regions";

    internal static IEnumerable<Finding> Of(Examined examined)
    {
        if (!LineRegionsModule.isPiecewiseLinear(examined.Enclosed))
        {
            yield break;
        }

        var (start, finish, name) = examined.Points.Count > 1
            ? (examined.Points[0], examined.Points[1], "from data point 1 to data point 2")
            : ([.. examined.Box.Select(side => side.Lower)], [.. examined.Box.Select(side => side.Upper)], $"along the diagonal of {examined.BoxName}");
        var found = LineRegionsModule.along(examined.Scalar ?? examined.Enclosed, start, finish, examined.Options.MaxRegions);
        yield return new()
        {
            Topic = Topic,
            Name = "line",
            Kind = found.Complete ? FindingKind.Certified : FindingKind.Skipped,
            Text = found.Complete
                ? $"The segment {name} crosses {Digits.Count(found.Regions)} activation regions, and the slope of an output changes at {Digits.Count(found.Kinks)} of the borders; "
                    + (found.Hidden == 0 ? "there are no others." : $"others could hide only on a share {Digits.Up(found.Hidden)} of it, near the borders.")
                : $"The segment {name} crosses more than {Digits.Count(found.Regions)} activation regions; the rest was not followed.",
            Numbers = [new("regions", found.Regions), new("kinks", found.Kinks), new("hidden", found.Hidden)],
        };
    }
}
