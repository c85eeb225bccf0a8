using System.CommandLine;
using System.IO;
using System.Linq;
using LayerTime.Host.Rendering;

namespace LayerTime.Host.Commands;

/// <summary>One case again.</summary>
internal static class ReplayCommand
{
    internal static Command Create(HostConsole console, IClaimLibrary claims)
    {
        var token = new Argument<string>("TOKEN") { Description = "What a refutation printed behind 'replay', claim:part:seed:index:catalogue." };
        var command = new Command("replay", "Run one case again, exactly.") { token };
        HelpWithExamples.Add(command, () => [new($"layertime replay {Token(claims)}", "Case 17 of one part at seed 1; the last field is the catalogue.")]);
        command.SetAction(parsed =>
        {
            var result = claims.Replay(parsed.GetValue(token)!);
            Write(result, console.Out, console.Paint);
            return (int)Judge(result, claims);
        });
        return command;
    }

    // One that can be typed.
    private static string Token(IClaimLibrary claims)
    {
        var claim = claims.Select("*").First(claim => claim.Parts.Any(part => part.Cases == CaseKind.Random));
        return $"lt1:{claim.Id}:{claim.Parts.First(part => part.Cases == CaseKind.Random).Name}:1:17:{ClaimCatalogue.Digest}";
    }

    private static void Write(ReplayResult result, TextWriter writer, Paint paint)
    {
        var (word, colour) = result.Outcome.Match(_ => ("holds", Colour.Good), _ => ("refuted", Colour.Bad), _ => ("undecided", Colour.Open));
        if (result.IsControl)
        {
            colour = word == "refuted" ? Colour.Good : Colour.Bad;
        }

        writer.WriteLine($"{paint.Apply(colour, word)}: {result.ClaimId}");
        Page.WriteField(writer, result.IsControl ? "control" : "part", result.Part, indent: 2);
        var shown = result.Outcome.Match(
            tightness => tightness is { } number ? $"tightness {Shown.Tightness(number)}" : null,
            _ => null,
            reason => reason);
        if (shown is not null)
        {
            Page.WriteField(writer, word == "undecided" ? "reason" : "sharpness", shown, indent: 2);
        }

        if (result.Outcome.Match<Witness?>(_ => null, witness => witness, _ => null) is { } found)
        {
            Details.Witness(found, writer);
        }
        else
        {
            Details.Instance(result.Instance, writer);
        }

        if (result.Simplified is { } simplified && result.Steps > 0)
        {
            writer.WriteLine($"made simpler ({Details.Simplified(result.Steps)}):");
            Details.Witness(simplified, writer);
        }

        Page.WriteField(writer, "replay", result.ReplayToken, indent: 2);
        if (result.IsControl)
        {
            writer.WriteLine(word == "refuted" ? "The control found its counterexample, as it should." : "The control has to be refuted and is not.");
        }
    }

    // A control has to be refuted: a chosen case that is not is wrong, a drawn one shows nothing.
    private static ExitCode Judge(ReplayResult result, IClaimLibrary claims)
    {
        if (!result.IsControl)
        {
            return result.Outcome.Match(_ => ExitCode.Success, _ => ExitCode.Refuted, _ => ExitCode.Undecided);
        }

        var control = claims.Select(result.ClaimId).SelectMany(claim => claim.Controls).First(control => control.Name == result.Part);
        var idle = control.Cases == CaseKind.Fixed ? ExitCode.Refuted : ExitCode.Undecided;
        return result.Outcome.Match(_ => idle, _ => ExitCode.Success, _ => idle);
    }
}
