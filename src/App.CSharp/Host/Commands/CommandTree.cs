using System.CommandLine;
using System.CommandLine.Help;
using System.Linq;

namespace LayerTime.Host.Commands;

/// <summary>Every command with its help.</summary>
internal static class CommandTree
{
    internal static RootCommand Build(HostConsole console, IClaimLibrary claims)
    {
        var root = new RootCommand("Neural networks as difference equations, every theorem executable.")
        {
            VerifyCommand.Create(console, claims),
            ClaimsCommand.Create(console, claims),
            ReplayCommand.Create(console, claims),
            RunCommand.Create(console),
            ConvertCommand.Create(console),
        };
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction();
        root.Options.OfType<HelpOption>().Single().Action = new HelpWithExamples();
        return root;
    }
}
