using System.CommandLine;
using System.Linq;
using LayerTime.Host.Rendering;

namespace LayerTime.Host.Commands;

/// <summary>What the catalogue holds.</summary>
internal static class ClaimsCommand
{
    internal static Command Create(HostConsole console, IClaimLibrary claims)
    {
        var pattern = Options.Pattern("ID|PATTERN", "An id, which is shown in full, or a pattern with * and ?, which is listed.");
        var command = new Command("claims", "List the claims, or show one in full: statement, source, hypotheses, checks, controls.") { pattern };
        HelpWithExamples.Add(
            command,
            new("layertime claims", "The whole catalogue."),
            new("layertime claims \"*.dim.*\"", "The claims that fit a pattern."),
            new("layertime claims hauser.smooth.inverse", "One claim in full."));
        command.SetAction(parsed =>
        {
            var word = parsed.GetValue(pattern)!;
            var chosen = claims.Select(word);
            if (chosen.FirstOrDefault(claim => claim.Id == word) is { } claim)
            {
                ClaimText.Write(claim, console.Out, console.Paint);
            }
            else
            {
                ClaimText.WriteList(chosen, console.Out, console.Paint);
            }

            return (int)ExitCode.Success;
        });
        return command;
    }
}
