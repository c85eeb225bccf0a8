using System;
using System.IO;
using System.Text;
using LayerTime.Host.Rendering;
using Spectre.Console;

namespace LayerTime.Host.Terminals;

/// <summary>The console of the process: UTF-8 and line feeds everywhere, colours for terminals only.</summary>
internal sealed class ProcessConsole : IDisposable
{
    private readonly Interruption interruption = new();

    internal ProcessConsole()
    {
        var coloured = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        if (OperatingSystem.IsWindows() && !(System.Console.IsOutputRedirected && System.Console.IsErrorRedirected))
        {
            System.Console.OutputEncoding = Encoding.UTF8;
        }

        Console = new(Writer(System.Console.OpenStandardOutput()), Writer(System.Console.OpenStandardError()))
        {
            Paint = new(coloured && !System.Console.IsOutputRedirected && Screen(System.Console.Out, coloured).Profile.Capabilities.Ansi),
            Live = System.Console.IsErrorRedirected ? null : Screen(System.Console.Error, coloured),
            Interruption = interruption.Listen,
            Variable = Environment.GetEnvironmentVariable,
        };
    }

    internal HostConsole Console { get; }

    public void Dispose()
    {
        interruption.Dispose();
        Console.Out.Dispose();
        Console.Error.Dispose();
    }

    private static StreamWriter Writer(Stream stream) =>
        new(new PipeStream(stream), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true, NewLine = "\n" };

    private static IAnsiConsole Screen(TextWriter writer, bool coloured) => AnsiConsole.Create(new()
    {
        Out = new AnsiConsoleOutput(writer),
        ColorSystem = coloured ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
    });
}
