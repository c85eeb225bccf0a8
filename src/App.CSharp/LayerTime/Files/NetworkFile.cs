using System;
using System.IO;
using System.Text;

namespace LayerTime;

/// <summary>Files in and out: what the system refuses becomes one sentence.</summary>
internal static class NetworkFile
{
    internal static T Open<T>(string path, Func<FileStream, T> read)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            return read(stream);
        }
        catch (Exception exception) when (IsOfTheSystem(exception))
        {
            throw new NetworkFileException(path, Directory.Exists(path) ? $"Cannot read {path}: it is a folder." : $"Cannot read {path}: {exception.Message}", exception);
        }
    }

    /// <summary>The bytes of a document in a format of LayerTime's own.</summary>
    internal static byte[] Read(string path) => Open(path, stream => ByteLimit.TryReadAll(stream, NetworkFormat.MaximumBytes)
        ?? throw new NetworkFormatException(path, [TooLarge(stream.CanSeek ? $"{stream.Length} bytes" : "more")]));

    internal static NetworkDefect TooLarge(string found, int limit = NetworkFormat.MaximumBytes) =>
        new() { Where = "", Found = found, Expected = $"at most {limit} bytes, the largest document that is read" };

    internal static void Write(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    internal static void Write(string path, Action<Stream> write)
    {
        try
        {
            WholeFile.Write(path, write);
        }
        catch (Exception exception) when (IsOfTheSystem(exception))
        {
            throw new NetworkFileException(path, $"Cannot write {path}: {exception.Message}", exception);
        }
    }

    private static bool IsOfTheSystem(Exception exception) => exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;
}
