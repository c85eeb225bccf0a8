using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Host.Tests.Processes;

/// <summary>Ctrl-C and a reader that leaves, with a process of its own.</summary>
public sealed class InterruptionTests
{
    private const ulong SigInt = 1UL << (2 - 1);

    [Fact]
    public async Task Control_C_ends_a_run_with_its_valid_partial_result()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var host = ChildProcess.InterruptibleHost("verify", "--effort", "thorough", "--json");
        await IsAtWork(host.Id);
        await ChildProcess.Succeeds(AppContext.BaseDirectory, "sh", "-c", $"kill -INT {host.Id}");

        Assert.Equal(130, await host.EndAsync());
        Assert.Equal("Interrupted: the result is partial.\n", await host.Error);
        var report = JsonNode.Parse(await host.Out)!;
        Assert.True((bool)report["interrupted"]!);
        Assert.Equal(ClaimCatalogue.All.Count(claim => !claim.IsOpen), report["claims"]!.AsArray().Count);
        Assert.Contains(report["claims"]!.AsArray(), claim => (string?)claim!["verdict"] == "undecided");
        Assert.DoesNotContain(report["claims"]!.AsArray(), claim => (string?)claim!["verdict"] == "refuted");
    }

    [Fact]
    public async Task Control_C_ends_a_census_with_what_it_takes_to_go_on()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // Whole lines of degenerate points: never finished at this tolerance.
        using var folder = new TemporaryFolder();
        var net = folder.Write("net.json", """
            { "format": "layertime/1", "numbers": "float", "architecture": "feed-forward", "layers": [
              { "weights": [[1, 0.5]], "bias": [0.1], "activation": "tanh" },
              { "weights": [[3], [1]], "bias": [0, 0], "activation": "tanh" },
              { "weights": [[1, -2]], "bias": [0], "activation": "identity" }] }
            """);
        using var host = ChildProcess.InterruptibleHost(
            "census", net, "--box", "[-3,3]^2", "--tolerance", "1e-6", "--max-boxes", "1000000000", "--save", folder.File("paving"), "--certificate", folder.File("proof"), "--json");
        await IsAtWork(host.Id);
        await ChildProcess.Succeeds(AppContext.BaseDirectory, "sh", "-c", $"kill -INT {host.Id}");

        Assert.Equal(130, await host.EndAsync());
        Assert.Equal("No certificate: the census is not complete.\nInterrupted: the result is partial.\n", await host.Error);
        Assert.True((bool)JsonNode.Parse(await host.Out)!["interrupted"]!);
        Assert.Equal(["net.json", "paving"], folder.Names);
        Assert.True(CensusPaving.Load(folder.File("paving")).OpenBoxes > 0);
    }

    [Fact]
    public async Task A_second_Control_C_kills()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var host = ChildProcess.InterruptibleHost("verify", "--effort", "thorough", "--json");
        await Listens(host.Id);
        await ChildProcess.Succeeds(AppContext.BaseDirectory, "sh", "-c", $"kill -INT {host.Id}; sleep 0.05; kill -INT {host.Id} 2>/dev/null || true");

        // By the signal, or as interrupted if it was quick.
        Assert.Equal(130, await host.EndAsync());
        Assert.DoesNotContain("   at ", await host.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_leaves_early_is_no_fault()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var shell = ChildProcess.Start(AppContext.BaseDirectory, "sh", "-c", $"dotnet '{ChildProcess.HostPath}' claims | head -n 1");

        Assert.Equal(0, await shell.EndAsync());
        Assert.StartsWith("claim ", await shell.Out, StringComparison.Ordinal);
        Assert.Equal("", await shell.Error);
    }

    [Fact]
    public async Task A_full_disk_is_told()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var shell = ChildProcess.Start(AppContext.BaseDirectory, "sh", "-c", $"dotnet '{ChildProcess.HostPath}' claims > /dev/full");

        Assert.Equal(65, await shell.EndAsync());
        Assert.StartsWith("Cannot write the output: ", await shell.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", await shell.Error, StringComparison.Ordinal);
    }

    // Long past its start by its own clock: a busy machine gives it less of each second.
    private static async Task IsAtWork(int process)
    {
        await Listens(process);
        using var running = Process.GetProcessById(process);
        while (running.TotalProcessorTime < TimeSpan.FromSeconds(4))
        {
            await Task.Delay(50);
            running.Refresh();
        }
    }

    // Until then the signal would do what it does to anyone.
    private static async Task Listens(int process)
    {
        var line = "";
        var waited = Stopwatch.StartNew();
        while ((ulong.Parse(line.Length == 0 ? "0" : line, NumberStyles.HexNumber, CultureInfo.InvariantCulture) & SigInt) == 0)
        {
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(2), "The signal is not listened to.");
            await Task.Delay(50);
            line = File.ReadLines($"/proc/{process}/status").First(text => text.StartsWith("SigCgt:", StringComparison.Ordinal))[7..].Trim();
        }
    }
}
