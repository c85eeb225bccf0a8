using System;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Host.Tests.BadInput;

/// <summary>Inputs that are no input of the network, and outputs that cannot be written.</summary>
public sealed class BadNumbersTests
{
    [Theory]
    [InlineData("", "The input is empty")]
    [InlineData(" ; ", "The input is empty")]
    [InlineData("1,x", "Number 2 of the input")]
    [InlineData("1,", "Number 2 of the input")]
    [InlineData("NaN,1", "Number 1 of the input")]
    [InlineData("1,1/0", "Number 2 of the input")]
    [InlineData("1,2,3", "3 numbers")]
    [InlineData("1,2;3", "x(-1) of the input has 1 numbers; 2 are expected")]
    [InlineData("1,2;3,4", "4 numbers")]
    [InlineData("nowhere.csv", "Cannot read nowhere.csv")]
    [InlineData("nowhere.json", "Cannot read nowhere.json")]
    public async Task Wrong_inputs(string input, string says)
    {
        using var folder = new TemporaryFolder();
        var net = folder.Write("net.json", Sample.Exact);

        Assert.Single((await HostRun.Of("run", net, "--input", input, "--out", folder.File("out.json"))).Fails(ExitCode.BadInput, says).ErrorLines);
        Assert.Equal(["net.json"], folder.Names);
    }

    [Theory]
    [InlineData("in.csv", "", "The input is empty")]
    [InlineData("in.csv", "\n\n", "The input is empty")]
    [InlineData("in.json", "", "line 1")]
    [InlineData("in.json", "[]", "The input is empty")]
    [InlineData("in.json", "[1, 2", "is not JSON")]
    [InlineData("in.json", "{}", "found an object")]
    [InlineData("in.json", "[1, null]", "$[1]: found null")]
    [InlineData("in.json", "[[1, 2], 3]", "$[1]: found a number")]
    [InlineData("in.json", "[1, NaN]", "is not JSON")]
    public async Task Wrong_files(string name, string text, string says)
    {
        using var folder = new TemporaryFolder();
        var net = folder.Write("net.json", Sample.Exact);

        Assert.Single((await HostRun.Of("run", net, "--input", folder.Write(name, text))).Fails(ExitCode.BadInput, says).ErrorLines);
    }

    [Fact]
    public async Task Every_wrong_number_has_a_line()
    {
        using var folder = new TemporaryFolder();
        var run = (await HostRun.Of("run", folder.Write("net.json", Sample.Exact), "--input", "a,1;2,b;3,4")).Fails(ExitCode.BadInput, "Number 1 of x(0)", "Number 2 of x(-1)");

        Assert.Equal(2, run.ErrorLines.Length);
    }

    [Fact]
    public async Task A_number_of_10001_digits()
    {
        using var folder = new TemporaryFolder();
        var run = (await HostRun.Of("run", folder.Write("net.json", Sample.Exact), "--input", "1," + new string('7', 10_001))).Fails(ExitCode.BadInput, "Number 2 of the input", "more than 10");

        Assert.True(run.Error.Length < 1000);
    }

    [Fact]
    public async Task A_number_beyond_the_floats()
    {
        using var folder = new TemporaryFolder();
        (await HostRun.Of("run", folder.Write("net.json", Sample.Float), "--input", "1,1e400")).Fails(ExitCode.BadInput, "Number 2", "--exact");
    }

    [Fact]
    public async Task An_input_is_required()
    {
        using var folder = new TemporaryFolder();
        (await HostRun.Of("run", folder.Write("net.json", Sample.Exact))).Fails(ExitCode.Usage, "--input");
    }

    [Theory]
    [InlineData("missing/out.json")]
    [InlineData("folder")]
    [InlineData("net.json/out.json")]
    public async Task Outputs_that_cannot_be_written(string name)
    {
        using var folder = new TemporaryFolder();
        var net = folder.Write("net.json", Sample.Exact);
        System.IO.Directory.CreateDirectory(folder.File("folder"));

        Assert.Single((await HostRun.Of("run", net, "--input", "1,2", "--out", folder.File(name))).Fails(ExitCode.BadInput, "Cannot write", name).ErrorLines);
        Assert.Single((await HostRun.Of("convert", "realise", net, "--form", "delay", "--out", folder.File(name))).Fails(ExitCode.BadInput, "Cannot write", name).ErrorLines);
        Assert.Equal(["folder", "net.json"], folder.Names);
    }

    [Fact]
    public async Task A_device_is_written_to_and_stays_one()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var folder = new TemporaryFolder();
        (await HostRun.Of("run", folder.Write("net.json", Sample.Exact), "--input", "1,2", "--out", "/dev/null")).Succeeds();
        Assert.Empty(System.IO.File.ReadAllBytes("/dev/null"));
    }
}
