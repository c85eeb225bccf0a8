using System;
using System.IO;
using System.Reflection;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Host.Tests.Processes;

/// <summary>The library and the tool as packages in a folder, packed once for all tests.</summary>
public sealed class PackedFolder : IAsyncLifetime, IDisposable
{
    private static readonly string Configuration = typeof(PackedFolder).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    private readonly TemporaryFolder folder = new();

    /// <summary>A version that no one has installed: a package found where the machine keeps them would be taken for this one.</summary>
    internal string Version { get; } = $"0.1.0-test.{Environment.ProcessId}";

    internal string Packages => folder.File("packages");

    // What the tests were built with is packed, so that nothing is built behind the back of another test.
    public async Task InitializeAsync()
    {
        foreach (var project in new[] { "LayerTime", "Host" })
        {
            await ChildProcess.Succeeds(
                Readme.Root, "dotnet", "pack", Path.Combine("src", "App.CSharp", project), "--no-build", $"-p:PackageVersion={Version}", "-c", Configuration, "-o", Packages, "-v", "q");
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => folder.Dispose();

    /// <summary>
    /// An empty folder that knows the packages. Its cache is its own, so that no package of an earlier run is taken for this one;
    /// what others wrote is read where the machine has it.
    /// </summary>
    internal TemporaryFolder Neighbour()
    {
        var neighbour = new TemporaryFolder();
        neighbour.Write("nuget.config", $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="cache" /></config>
              <packageSources><clear /><add key="packed" value="{Packages}" /></packageSources>
              <fallbackPackageFolders><clear /><add key="machine" value="{MachineCache()}" /></fallbackPackageFolders>
            </configuration>
            """);
        return neighbour;
    }

    private static string MachineCache() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
