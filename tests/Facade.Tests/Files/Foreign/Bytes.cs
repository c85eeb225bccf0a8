using System.IO;
using Xunit;

namespace LayerTime.Facade.Tests.Files.Foreign;

/// <summary>Networks as bytes and back.</summary>
internal static class Bytes
{
    internal static byte[] Of(Network network, NetworkFileFormat format)
    {
        using var stream = new MemoryStream();
        network.Write(stream, format);
        return stream.ToArray();
    }

    internal static Network Read(byte[] bytes, NetworkFileFormat format, string? layout = null)
    {
        using var stream = new MemoryStream(bytes);
        Assert.True(Network.TryRead(stream, format, out var network, out var defects, layout), string.Join("; ", defects));
        return network!;
    }

    internal static NetworkDefect Refused(byte[] bytes, NetworkFileFormat format, string? layout = null)
    {
        using var stream = new MemoryStream(bytes);
        Assert.False(Network.TryRead(stream, format, out _, out var defects, layout));
        return Assert.Single(defects);
    }
}
