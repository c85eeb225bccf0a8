using System.IO;

namespace LayerTime;

/// <summary>All bytes of a stream, up to a limit.</summary>
internal static class ByteLimit
{
    internal static byte[]? TryReadAll(Stream stream, int limit)
    {
        if (stream.CanSeek && stream.Length - stream.Position > limit)
        {
            return null;
        }

        if (stream.CanSeek && stream.Length > stream.Position)
        {
            // A file that says how long it is is read into place.
            var whole = new byte[stream.Length - stream.Position];
            var length = stream.ReadAtLeast(whole, whole.Length, throwOnEndOfStream: false);
            return length == whole.Length ? whole : whole[..length];
        }

        // Counted and not asked for beforehand: not every file knows its length.
        using var bytes = new MemoryStream();
        var buffer = new byte[81920];
        while (stream.Read(buffer) is var count and > 0)
        {
            if (bytes.Length + count > limit)
            {
                return null;
            }

            bytes.Write(buffer, 0, count);
        }

        return bytes.ToArray();
    }
}
