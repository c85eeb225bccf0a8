using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Host.Tests.Processes;

/// <summary>Programs that are started for a test and ended with it.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private readonly Process process;

    private ChildProcess(ProcessStartInfo start)
    {
        process = Process.Start(start)!;
        Out = process.StandardOutput.ReadToEndAsync();
        Error = process.StandardError.ReadToEndAsync();
    }

    internal int Id => process.Id;

    internal Task<string> Out { get; }

    internal Task<string> Error { get; }

    /// <summary>The host beside this test.</summary>
    internal static string HostPath { get; } = Path.Combine(AppContext.BaseDirectory, "LayerTime.Host.dll");

    internal static ChildProcess Start(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };

        // What a surrounding test run tells its own build is none of the child's business, and no server may outlive the child with its pipes.
        foreach (var name in start.Environment.Keys.Where(key => key.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["UseSharedCompilation"] = "false",
            ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_SKIP_FIRST_TIME_EXPERIENCE"] = "1",
        })
        {
            start.Environment[name] = value;
        }

        return new(start);
    }

    internal static ChildProcess Host(params string[] arguments) => Start(AppContext.BaseDirectory, "dotnet", [HostPath, .. arguments]);

    /// <summary>The host on Linux with Ctrl-C as it is in a terminal: who runs the tests in the background has them ignore it, and their children too.</summary>
    internal static ChildProcess InterruptibleHost(params string[] arguments) =>
        Start(AppContext.BaseDirectory, "env", ["--default-signal=INT", "dotnet", HostPath, .. arguments]);

    /// <summary>Runs a program that has to succeed.</summary>
    internal static async Task<string> Succeeds(string folder, string program, params string[] arguments)
    {
        using var child = Start(folder, program, arguments);
        var code = await child.EndAsync();
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)} gave {code}:\n{await child.Out}\n{await child.Error}");
        return await child.Out;
    }

    internal async Task<int> EndAsync()
    {
        await Task.WhenAll(process.WaitForExitAsync(), Out, Error).WaitAsync(Limit);
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }
}
