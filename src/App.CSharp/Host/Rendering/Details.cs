using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace LayerTime.Host.Rendering;

/// <summary>What does not hold, in full: refutations, controls that found nothing, undecided parts; not what an interruption left undone.</summary>
internal static class Details
{
    internal static void Write(VerificationReport report, TextWriter writer, Paint paint)
    {
        foreach (var claim in report.Claims)
        {
            if (claim.Counterexample is { } counterexample)
            {
                Refuted(claim, counterexample, writer, paint);
            }

            foreach (var control in claim.Necessity.Where(control => !control.Needed && control.Verdict != NecessityVerdict.Interrupted))
            {
                NotNeeded(claim, control, writer, paint);
            }

            if (claim.Verdict == Verdict.Undecided && !report.Interrupted)
            {
                Undecided(claim, writer, paint);
            }
        }
    }

    internal static void Witness(Witness witness, TextWriter writer)
    {
        Page.WriteField(writer, "quantity", witness.Quantity, indent: 2);
        Page.WriteField(writer, "expected", witness.Expected, indent: 2);
        Page.WriteField(writer, "found", witness.Found, indent: 2);
        Instance(witness.Instance, writer);
    }

    internal static void Instance(IReadOnlyList<NamedValue> instance, TextWriter writer) =>
        Page.WriteField(writer, "instance", instance.Count == 0 ? "the only one" : string.Join('\n', instance), indent: 2);

    internal static string Simplified(int? steps) => steps switch
    {
        null => "as it was drawn; the run ended before a simpler one was looked for",
        0 => "as it was drawn; no simpler one was found",
        _ => $"the smallest found, after {Page.Plural(steps.Value, "simplification")}",
    };

    private static void Refuted(ClaimResult claim, Counterexample counterexample, TextWriter writer, Paint paint)
    {
        Heading("refuted", Colour.Bad, claim.Id, writer, paint);
        var part = claim.Parts.FirstOrDefault(part => part.Name == counterexample.Part);
        Page.WriteField(
            writer, "part", part is null ? counterexample.Part : $"{part.Name} ({Shown.Count(part.Refuted)} of {Page.Plural(part.Decided, "case")})", indent: 2);
        Witness(counterexample.Witness, writer);
        Page.WriteField(writer, "", $"({Simplified(counterexample.Steps)})", indent: 2);
        Page.WriteField(writer, "replay", $"layertime replay {counterexample.ReplayToken}", indent: 2);
    }

    private static void NotNeeded(ClaimResult claim, NecessityResult control, TextWriter writer, Paint paint)
    {
        var isRefuted = control.Verdict == NecessityVerdict.FixedDidNotRefute;
        Heading(isRefuted ? "control fails" : "not shown necessary", isRefuted ? Colour.Bad : Colour.Open, claim.Id, writer, paint);
        Page.WriteField(writer, "hypothesis", control.Hypothesis, indent: 2);
        Page.WriteField(writer, "control", control.Control, indent: 2);
        if (isRefuted)
        {
            Page.WriteField(writer, "expected", "a counterexample, as the hypothesis is broken", indent: 2);
            Page.WriteField(writer, "found", control.Found ?? "", indent: 2);
            Instance(control.Instance, writer);
        }
        else
        {
            Page.WriteField(writer, "found", $"no counterexample in {Page.Plural(control.Tried ?? 0, "case")}", indent: 2);
        }
    }

    private static void Undecided(ClaimResult claim, TextWriter writer, Paint paint)
    {
        Heading("undecided", Colour.Open, claim.Id, writer, paint);
        foreach (var part in claim.Parts.Where(part => part.Verdict == Verdict.Undecided))
        {
            Page.WriteField(writer, "part", $"{part.Name} ({Shown.Count(part.Decided)} of {Page.Plural(part.Asked, "case")} decided)", indent: 2);
            Page.WriteField(writer, "reason", part.Reason ?? claim.Reason ?? "", indent: 2);
            foreach (var reason in part.Reasons)
            {
                Page.WriteField(writer, "", $"{Shown.Count(reason.Count)} × {reason.Reason}", indent: 2);
            }
        }
    }

    private static void Heading(string what, Colour colour, string id, TextWriter writer, Paint paint)
    {
        writer.WriteLine();
        writer.WriteLine($"{paint.Apply(colour, what)}: {id}");
    }
}
