using System;
using System.Diagnostics;
using System.Linq;
using LayerTime.Core.Rigour;

namespace LayerTime;

/// <summary>Tells how far a census has come, now and then.</summary>
internal sealed class CensusClock(CensusOptions options, IProgress<CensusProgress>? progress)
{
    private const long MillisecondsBetweenReports = 50;

    private readonly Stopwatch stopwatch = Stopwatch.StartNew();
    private long nextReport;

    internal void Report(Search search, bool always)
    {
        if (progress is null || (!always && stopwatch.ElapsedMilliseconds < nextReport))
        {
            return;
        }

        nextReport = stopwatch.ElapsedMilliseconds + MillisecondsBetweenReports;
        progress.Report(new()
        {
            Boxes = search.Boxes,
            MaxBoxes = options.MaxBoxes,
            OpenBoxes = search.Open.Length,
            PointsFound = search.Found.Length,
            Explored = 1 - Math.Min(1, search.Open.Sum(box => Share(box, search.Domain))),
            Elapsed = stopwatch.Elapsed,
        });
    }

    // Sides halved, so that no width overflows; a side of width 0 is all there.
    private static double Share(CoreInterval[] box, CoreInterval[] domain) =>
        box.Zip(domain, (part, whole) => Half(whole) > 0 ? Half(part) / Half(whole) : 1).Aggregate(1.0, (share, side) => share * side);

    private static double Half(CoreInterval side) => (side.Upper / 2) - (side.Lower / 2);
}
