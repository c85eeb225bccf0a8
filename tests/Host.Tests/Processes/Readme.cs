using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace LayerTime.Host.Tests.Processes;

/// <summary>The samples of the README, and where it stands.</summary>
internal static class Readme
{
    private const string CSharpSample = """
        using System;
        using LayerTime;

        Console.WriteLine(await Verifier.VerifyAsync("hauser.smooth.inverse", new() { Trials = 5 }));
        """;

    private const string FSharpSample = """
        open LayerTime.Core.Numbers

        printfn "%O" (Rational.create -3 7)
        """;

    /// <summary>The folder of the solution.</summary>
    internal static string Root { get; } = Find(AppContext.BaseDirectory);

    internal static string CSharp => Blocks("csharp", CSharpSample);

    internal static string FSharp => Blocks("fsharp", FSharpSample);

    // All blocks of a language are one program.
    private static string Blocks(string language, string otherwise)
    {
        var file = Path.Combine(Root, "README.md");
        var text = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        var blocks = Regex.Matches(text, $"^```{language}\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline).Select(match => match.Groups[1].Value).ToList();
        return blocks.Count == 0 ? otherwise : string.Join('\n', blocks);
    }

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "Mixed.sln")) ? folder : Find(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Not inside the solution."));
}
