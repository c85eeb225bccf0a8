using System;
using System.IO;
using System.Text;

namespace LayerTime;

/// <summary>Bytes of files, in and out.</summary>
internal static class NetworkFile
{
    internal static byte[] Read(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            using var bytes = new MemoryStream();
            var buffer = new byte[81920];
            while (stream.Read(buffer) is var count and > 0)
            {
                // Counted and not asked for beforehand: not every file knows its length.
                if (bytes.Length + count > NetworkFormat.MaximumBytes)
                {
                    throw new NetworkFormatException(path, [TooLarge(stream.CanSeek ? $"{stream.Length} bytes" : "more")]);
                }

                bytes.Write(buffer, 0, count);
            }

            return bytes.ToArray();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new NetworkFileException(path, Directory.Exists(path) ? $"Cannot read {path}: it is a folder." : $"Cannot read {path}: {exception.Message}", exception);
        }
    }

    internal static NetworkDefect TooLarge(string found) =>
        new() { Where = "", Found = found, Expected = $"at most {NetworkFormat.MaximumBytes} bytes, the largest document that is read" };

    internal static void Write(string path, string text)
    {
        try
        {
            WholeFile.Write(path, Encoding.UTF8.GetBytes(text));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new NetworkFileException(path, $"Cannot write {path}: {exception.Message}", exception);
        }
    }
}
