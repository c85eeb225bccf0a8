using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using LayerTime.Host.Tests.Processes;
using Xunit;

namespace LayerTime.Host.Tests.Commands;

/// <summary>What the README shows of neural ODEs is what is printed.</summary>
public sealed class ReadmeOdeTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Readme.Root, "README.md")).ReplaceLineEndings("\n");

    [Fact]
    public async Task The_outputs_are_real()
    {
        using var folder = new TemporaryFolder();
        var odes = Regex.Matches(Text, "^```json\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)
            .Select(match => match.Groups[1].Value).Where(block => block.Contains("\"neural-ode\"", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, odes.Count);
        folder.Write("swirl.json", odes[0]);
        folder.Write("field.json", odes[1]);

        Assert.Contains($"```text\n{(await Line("run swirl.json --input")).Out}```\n", Text, StringComparison.Ordinal);
        Assert.Contains($"```text\n{(await Line("convert ode-to-ffn swirl.json")).Out}```\n", Text, StringComparison.Ordinal);
        Assert.Contains($"```text\n{(await Line("run swirl.json --enclose")).Out}```\n", Text, StringComparison.Ordinal);
        _ = await Line("convert ffn-to-ode layers.json");
        Assert.Contains($"```text\n…\n{(await Line("conserved swirl.json")).Out.Split("\n\n")[1]}```\n", Text, StringComparison.Ordinal);
        Assert.Contains($"```text\n{(await Line("convert vanilla field.json")).Out}```\n", Text, StringComparison.Ordinal);

        // The line of the README that starts like this, in the folder.
        async Task<HostRun> Line(string start)
        {
            var line = Text.Split('\n').Single(line => line.StartsWith($"layertime {start}", StringComparison.Ordinal));
            var words = Regex.Matches(line, "\"([^\"]*)\"|(\\S+)").Select(match => match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value).Skip(1);
            return (await HostRun.Of([.. words.Select(word => word.EndsWith(".json", StringComparison.Ordinal) || word.EndsWith(".svg", StringComparison.Ordinal) ? folder.File(word) : word)])).Succeeds();
        }
    }
}
