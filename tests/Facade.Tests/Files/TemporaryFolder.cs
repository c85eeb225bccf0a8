using System;
using System.IO;

namespace LayerTime.Facade.Tests.Files;

/// <summary>An empty folder that goes away again.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("layertime-").FullName;

    internal string File(string name) => Path + "/" + name;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
