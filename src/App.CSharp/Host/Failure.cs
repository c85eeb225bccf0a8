using System;
using System.Text.RegularExpressions;

namespace LayerTime.Host;

/// <summary>One clear message for everything that goes wrong.</summary>
internal static partial class Failure
{
    /// <summary>The environment variable that asks for the stack trace.</summary>
    internal const string DebugVariable = "LAYERTIME_DEBUG";

    internal static ExitCode Report(Exception exception, HostConsole console)
    {
        var (code, message) = Judge(exception);
        console.Error.WriteLine(ParameterName().Replace(message, "").ReplaceLineEndings("\n"));
        if (console.Variable(DebugVariable) == "1")
        {
            console.Error.WriteLine(exception);
        }

        return code;
    }

    private static (ExitCode Code, string Message) Judge(Exception exception) => exception switch
    {
        HostException ours => (ours.Code, ours.Message),
        UnknownClaimException => (ExitCode.Usage, exception.Message),
        ClaimFaultException fault => (
            ExitCode.Fault,
            $"{fault.Message}\nclaim {fault.ClaimId}, part {fault.Part}, seed {fault.Seed}, index {fault.Index}\n{Ours}"),
        OperationCanceledException => (ExitCode.Interrupted, "Interrupted: there is no result."),
        LayerTimeException => (ExitCode.BadInput, exception.Message),
        _ => (ExitCode.Fault, $"{exception.GetType().Name}: {exception.Message}\n{Ours}"),
    };

    // The name of a parameter of ours says nothing to anyone else.
    [GeneratedRegex(@" \(Parameter '[^']*'\)")]
    private static partial Regex ParameterName();

    private const string Ours = $"This is a fault of layertime and no verdict; {DebugVariable}=1 shows where.";
}
