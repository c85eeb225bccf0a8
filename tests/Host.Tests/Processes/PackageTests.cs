using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Host.Tests.Processes;

/// <summary>The packages as a stranger uses them: installed, referenced, run.</summary>
[Trait("Category", "Package")]
public sealed class PackageTests(PackedFolder packed) : IClassFixture<PackedFolder>
{
    [Fact]
    public void The_packages_hold_what_they_promise()
    {
        var library = Entries($"LayerTime.{packed.Version}.nupkg");
        Assert.Contains("lib/net10.0/LayerTime.dll", library);
        Assert.Contains("lib/net10.0/LayerTime.xml", library);
        Assert.Contains("lib/net10.0/LayerTime.Core.dll", library);
        Assert.Contains("lib/net10.0/LayerTime.Core.xml", library);
        Assert.Contains("README.md", library);

        var tool = Entries($"LayerTime.Tool.{packed.Version}.nupkg");
        Assert.Contains("tools/net10.0/any/LayerTime.Host.dll", tool);
        Assert.Contains("tools/net10.0/any/LayerTime.Core.dll", tool);
        Assert.Contains("tools/net10.0/any/DotnetToolSettings.xml", tool);
        Assert.Contains("README.md", tool);
        Assert.Contains("tools/net10.0/any/LayerTime.Host.pdb", Entries($"LayerTime.Tool.{packed.Version}.snupkg"));

        foreach (var name in new[] { "LayerTime", "LayerTime.Tool" })
        {
            var text = Nuspec(name);
            Assert.Contains("<license type=\"expression\">MIT</license>", text, StringComparison.Ordinal);
            Assert.Contains("<authors>LayerTime contributors</authors>", text, StringComparison.Ordinal);
            Assert.Contains("<readme>README.md</readme>", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("FSharp.Core", "10.0.111")]
    [InlineData("FsCheck", "3.6.0")]
    [InlineData("Google.Protobuf", "3.25.1")]
    [InlineData("MathNet.Numerics", "5.0.0")]
    public void The_library_names_what_it_needs_and_from_which_version_on(string dependency, string version) =>
        Assert.Contains($"<dependency id=\"{dependency}\" version=\"{version}\"", Nuspec("LayerTime"), StringComparison.Ordinal);

    [Fact]
    public void What_only_builds_the_library_is_no_dependency() => Assert.DoesNotContain("Grpc.Tools", Nuspec("LayerTime"), StringComparison.Ordinal);

    [Fact]
    public async Task The_installed_tool_runs()
    {
        using var folder = packed.Neighbour();
        await ChildProcess.Succeeds(
            folder.Path, "dotnet", "tool", "install", "LayerTime.Tool", "--version", packed.Version, "--tool-path", folder.File("tools"), "--configfile", folder.File("nuget.config"));
        var tool = folder.File(Path.Combine("tools", OperatingSystem.IsWindows() ? "layertime.exe" : "layertime"));

        Assert.StartsWith("layertime 0.1.0, catalogue ", await ChildProcess.Succeeds(folder.Path, tool, "--version"), StringComparison.Ordinal);
        Assert.EndsWith("Everything holds.\n", await ChildProcess.Succeeds(folder.Path, tool, "verify", "hauser.smooth.inverse", "--effort", "quick"), StringComparison.Ordinal);
        folder.Write("net.json", Sample.Exact);
        Assert.Contains("9/8", await ChildProcess.Succeeds(folder.Path, tool, "run", "net.json", "--input", "1,-1/2"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("csproj", "Program.cs")]
    [InlineData("fsproj", "Program.fs")]
    public async Task A_consumer_compiles_and_runs(string kind, string source)
    {
        using var folder = packed.Neighbour();
        folder.Write(source, kind == "csproj" ? Readme.CSharp : Readme.FSharp);
        folder.Write($"Consumer.{kind}", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <OutputType>Exe</OutputType>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                {(kind == "fsproj" ? $"<Compile Include=\"{source}\" />" : "")}
                <PackageReference Include="LayerTime" Version="{packed.Version}" />
              </ItemGroup>
            </Project>
            """);
        await ChildProcess.Succeeds(folder.Path, "dotnet", "build", $"Consumer.{kind}", "-o", folder.File("out"), "-v", "q");

        Assert.NotEqual("", (await ChildProcess.Succeeds(folder.Path, "dotnet", folder.File(Path.Combine("out", "Consumer.dll")))).Trim());
    }

    private string Nuspec(string name)
    {
        using var package = ZipFile.OpenRead(Path.Combine(packed.Packages, $"{name}.{packed.Version}.nupkg"));
        using var reader = new StreamReader(package.GetEntry($"{name}.nuspec")!.Open());
        return reader.ReadToEnd();
    }

    private string[] Entries(string package)
    {
        using var archive = ZipFile.OpenRead(Path.Combine(packed.Packages, package));
        return [.. archive.Entries.Select(entry => entry.FullName)];
    }
}
