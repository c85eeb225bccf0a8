using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Host.Tests;

/// <summary>What a run of the host inside this process left behind.</summary>
internal sealed record HostRun(int Code, string Out, string Error)
{
    internal string[] Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    internal string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    internal static Task<HostRun> Of(params string[] arguments) => Of(new LibraryClaims(), console => console, arguments);

    internal static Task<HostRun> Of(IClaimLibrary claims, params string[] arguments) => Of(claims, console => console, arguments);

    internal static async Task<HostRun> Of(IClaimLibrary claims, Func<HostConsole, HostConsole> change, params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        // No progress unless a test is about it: a slow machine would print lines that a fast one does not.
        var code = await Application.RunAsync(arguments, change(new(output, error) { Patience = TimeSpan.FromHours(1) }), claims);
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>Nothing on standard output, a clear message on the other, no stack trace.</summary>
    internal HostRun Fails(ExitCode code, params string[] says)
    {
        Assert.Equal((int)code, Code);
        Assert.Equal("", Out);
        Assert.All(says, text => Assert.Contains(text, Error, StringComparison.Ordinal));
        Assert.EndsWith("\n", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("(Parameter", Error, StringComparison.Ordinal);
        return this;
    }

    internal HostRun Succeeds()
    {
        Assert.Equal("", Error);
        Assert.Equal(0, Code);
        return this;
    }

    internal HostRun FitsThePage()
    {
        Assert.DoesNotContain(Lines, line => line.Length > 100);
        Assert.DoesNotContain(Lines, line => line.EndsWith(' '));
        return this;
    }

    /// <summary>The line that starts with this word, without it.</summary>
    internal string Field(string label) => Lines.First(line => line.TrimStart().StartsWith(label + " ", StringComparison.Ordinal)).Trim()[label.Length..].Trim();
}
