using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;

namespace LayerTime.Host.Commands;

/// <summary>The version of the program, and the catalogue that replay tokens have to belong to.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var version = typeof(VersionAction).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
        parseResult.InvocationConfiguration.Output.WriteLine($"layertime {version}, catalogue {ClaimCatalogue.Digest}");
        return 0;
    }
}
