using System;
using System.Diagnostics;
using Xunit;

namespace LayerTime.Facade.Tests.Files.Foreign;

/// <summary>A test that needs PyTorch and onnx, and is skipped where Python does not find them.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PyTorchFactAttribute : FactAttribute
{
    public PyTorchFactAttribute()
    {
        if (Python.WithTorch.Value is null)
        {
            Skip = "It needs python3 with torch and onnx: apt-get install python3-torch python3-onnx.";
        }
    }
}

/// <summary>Python as a process.</summary>
internal static class Python
{
    // Debian's packages belong to Debian's Python, which need not be the first on the path.
    private static readonly string[] Candidates = ["python3", "/usr/bin/python3"];

    /// <summary>The Python that finds PyTorch and onnx; null where none does.</summary>
    internal static Lazy<string?> WithTorch { get; } = new(() => Array.Find(Candidates, Finds));

    internal static (int ExitCode, string Error) Run(params string[] arguments) => Run(WithTorch.Value!, arguments);

    /// <summary>A script that works in a folder.</summary>
    internal static (int ExitCode, string Error) RunIn(string folder, string script) => Run(WithTorch.Value!, [script], folder);

    private static bool Finds(string python)
    {
        try
        {
            return Run(python, ["-c", "import importlib.util, sys; sys.exit(not (importlib.util.find_spec('torch') and importlib.util.find_spec('onnx')))"]).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static (int ExitCode, string Error) Run(string python, string[] arguments, string folder = "")
    {
        using var process = Process.Start(new ProcessStartInfo(python, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = folder })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        output.Wait();
        process.WaitForExit();
        return (process.ExitCode, error);
    }
}
