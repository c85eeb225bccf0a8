using System;
using System.Globalization;

namespace LayerTime.Host.Rendering;

/// <summary>Numbers and words for people.</summary>
internal static class Shown
{
    internal static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    internal static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("N2", CultureInfo.InvariantCulture);

    internal static string Tightness(double tightness) =>
        tightness is 0 or >= 0.001 and < 1000
            ? tightness.ToString("0.###", CultureInfo.InvariantCulture)
            : tightness.ToString("0.0e-0", CultureInfo.InvariantCulture);

    /// <summary>The shortest decimal that is read back as the same float.</summary>
    internal static string Float(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Three digits.</summary>
    internal static string Rounded(double number) => number == 0 ? "0" : number.ToString("0.00e-0", CultureInfo.InvariantCulture);

    /// <summary>Three digits, rounded upwards, so that a bound stays one.</summary>
    internal static string Upward(double number)
    {
        var text = Rounded(number);
        return !(double.Parse(text, CultureInfo.InvariantCulture) < number) ? text : Rounded(number + (0.005 * Math.Abs(number)));
    }

    internal static string Evidence(Evidence evidence) => evidence switch
    {
        LayerTime.Evidence.Exact => "exact",
        LayerTime.Evidence.Certified => "certified",
        LayerTime.Evidence.Bounded => "bounded",
        _ => "asymptotic",
    };

    internal static Cell Verdict(Verdict verdict) => verdict switch
    {
        LayerTime.Verdict.Holds => new("holds", Colour.Good),
        LayerTime.Verdict.Refuted => new("refuted", Colour.Bad),
        _ => new("undecided", Colour.Open),
    };

    internal static string Reading(Reading reading) => reading switch
    {
        LayerTime.Reading.Read => "read in the paper",
        LayerTime.Reading.Reconstructed => "reconstructed",
        _ => "our own",
    };

    internal static string Cases(CaseKind kind, int declared) => kind switch
    {
        CaseKind.Fixed => Page.Plural(declared, "chosen example"),
        CaseKind.Exhaustive => $"all {Count(declared)} cases",
        CaseKind.Ladder => Page.Plural(declared, "ladder"),
        _ => Page.Plural(declared, "draw"),
    };
}
