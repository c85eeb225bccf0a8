using System;
using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.Rigour;
using CoreFinding = LayerTime.Core.Rigour.Finding;
using CoreUndecided = LayerTime.Core.Rigour.Undecided;

namespace LayerTime;

/// <summary>From the census of the core to that of the door.</summary>
internal static class CensusReader
{
    internal static CensusResult Result(NetworkDocument network, Census census, CensusPaving paving, bool interrupted)
    {
        var points = new List<CriticalPoint>();
        var undecided = new List<UndecidedRegion>();
        foreach (var finding in census.Findings)
        {
            if (finding is CoreFinding.ExactlyOne one)
            {
                points.Add(Point(one.Item));
            }
            else
            {
                undecided.Add(Region(finding));
            }
        }

        return new(network, paving, Box.OfCore(census.Domain), points, undecided, [.. census.Search.Small.Select(Box.OfCore)])
        {
            Interrupted = interrupted,
            Degree = census.Degree is Degree.Known known ? known.Item : null,
            DegreeReason = census.Degree is Degree.Undefined undefined ? undefined.reason : null,
            Boxes = census.Search.Boxes,
        };
    }

    internal static CriticalPoint Point(Core.Rigour.CriticalPoint point) => new()
    {
        Point = Box.OfCore(point.Point),
        Value = Interval.OfCore(point.Value),
        Index = point.Index,
        Home = Box.OfCore(point.Home),
    };

    private static UndecidedRegion Region(CoreFinding finding) => finding switch
    {
        CoreFinding.AtLeastOne atLeast => Region(atLeast.box, UndecidedReason.AtLeastOne, degree: atLeast.degree),
        CoreFinding.OnBoundary boundary => Region(boundary.point, UndecidedReason.OnBoundary),
        CoreFinding.Undecided { reason: CoreUndecided.ToleranceReached reached } region =>
            Region(region.box, UndecidedReason.ToleranceReached, degenerate: reached.degeneracySuspected),
        CoreFinding.Undecided region => Region(region.box, Reason(region.reason)),
        _ => throw new ArgumentOutOfRangeException(nameof(finding), finding, "A finding is expected."),
    };

    private static UndecidedReason Reason(CoreUndecided reason) =>
        reason.IsBudgetSpent ? UndecidedReason.NotExamined
        : reason.IsIndexUnknown ? UndecidedReason.IndexUnknown
        : UndecidedReason.NotDistinguished;

    private static UndecidedRegion Region(CoreInterval[] box, UndecidedReason reason, bool degenerate = false, int? degree = null) =>
        new() { Box = Box.OfCore(box), Reason = reason, DegeneracySuspected = degenerate, Degree = degree };
}
