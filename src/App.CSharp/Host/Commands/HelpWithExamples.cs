using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Linq;
using System.Runtime.CompilerServices;
using LayerTime.Host.Rendering;

namespace LayerTime.Host.Commands;

/// <summary>The usual help with the examples of the command below it.</summary>
internal sealed class HelpWithExamples : SynchronousCommandLineAction
{
    private const string ExitCodes =
        "0 all hold, 1 something refuted, 2 undecided or a hypothesis not shown necessary, 64 bad usage, 65 bad input, 70 a fault of layertime, 130 interrupted (the partial result is printed and valid)";

    private static readonly ConditionalWeakTable<Command, Func<Example[]>> Examples = [];

    private readonly HelpAction usual = new() { MaxWidth = Page.Width };

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        usual.Invoke(parseResult);
        var writer = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command;
        var examples = Of(command).ToList();
        if (examples.Count > 0)
        {
            writer.WriteLine("Examples:");
            foreach (var example in examples)
            {
                writer.WriteLine($"  {example.Line}");
                Page.WriteField(writer, "", example.Meaning, indent: 4, labelWidth: 2);
            }

            writer.WriteLine();
        }

        if (!command.Parents.Any())
        {
            writer.WriteLine("Exit codes:");
            Page.WriteField(writer, "", ExitCodes, labelWidth: 2);
        }

        return 0;
    }

    internal static void Add(Command command, params Example[] examples) => Add(command, () => examples);

    /// <summary>Examples that take some work, done when they are asked for.</summary>
    internal static void Add(Command command, Func<Example[]> examples) => Examples.Add(command, examples);

    // A command that only leads to others shows the first example of each.
    private static IEnumerable<Example> Of(Command command) =>
        Examples.TryGetValue(command, out var examples) ? examples() : command.Subcommands.SelectMany(inner => Of(inner).Take(1));
}

/// <summary>A line to type and what it does.</summary>
internal sealed record Example(string Line, string Meaning);
