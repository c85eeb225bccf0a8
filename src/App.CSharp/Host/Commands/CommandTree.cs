using System.CommandLine;
using System.CommandLine.Help;

namespace LayerTime.Host.Commands;

/// <summary>Every command with its help. The root is a command like the others, so that its name is not that of a file.</summary>
internal static class CommandTree
{
    internal static Command Build(HostConsole console, IClaimLibrary claims)
    {
        var root = new Command("layertime", "Neural networks as difference equations, every theorem executable.")
        {
            VerifyCommand.Create(console, claims),
            ClaimsCommand.Create(console, claims),
            ReplayCommand.Create(console, claims),
            RunCommand.Create(console),
            ConservedCommand.Create(console),
            ExamineCommand.Create(console),
            CensusCommand.Create(console),
            CheckCommand.Create(console),
            ConvertCommand.Create(console),
            LimitCommand.Create(console),
        };
        root.Options.Add(new HelpOption { Action = new HelpWithExamples() });
        root.Options.Add(new VersionOption { Action = new VersionAction() });
        return root;
    }
}
