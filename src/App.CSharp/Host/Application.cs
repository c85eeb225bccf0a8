using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Invocation;
using System.Linq;
using System.Threading.Tasks;
using LayerTime.Host.Commands;

namespace LayerTime.Host;

/// <summary>From arguments to an exit code; all the process does.</summary>
internal static class Application
{
    internal static async Task<int> RunAsync(IReadOnlyList<string> arguments, HostConsole console, IClaimLibrary claims)
    {
        try
        {
            // No file of arguments is read for an @ at the start: an input may begin with anything.
            var parsed = CommandTree.Build(console, claims).Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
            return parsed.Action is ParseErrorAction
                ? throw Usage(parsed)
                : await parsed.InvokeAsync(new()
                {
                    Output = console.Out,
                    Error = console.Error,
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                });
        }
        catch (Exception exception)
        {
            return (int)Failure.Report(exception, console);
        }
        finally
        {
            console.Out.Flush();
            console.Error.Flush();
        }
    }

    private static HostException Usage(ParseResult parsed)
    {
        var names = new List<string>();
        for (var result = parsed.CommandResult; result?.Parent is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
        {
            names.Insert(0, result.Command.Name);
        }

        var command = string.Join(' ', names.Prepend("layertime"));
        var problems = parsed.Errors.Select(error => error.Message).Distinct();
        return HostException.Usage($"{string.Join('\n', problems)}\nTry '{command} --help'.");
    }
}
