using System.CommandLine;

namespace LayerTime.Host.Commands;

/// <summary>Networks as other networks.</summary>
internal static class ConvertCommand
{
    internal static Command Create(HostConsole console) =>
        new("convert", "Write a network in another form.")
        {
            FormatCommand.Create(console),
            RealiseCommand.Create(console),
            NormalFormCommand.Create(console),
            OdeToFfnCommand.Create(console),
            FfnToOdeCommand.Create(console),
            EmbedCommand.Create(console),
            VanillaCommand.Create(console),
            InvertCommand.Create(console),
            LeakyToOdeCommand.Create(console),
        };
}
