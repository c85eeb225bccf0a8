using System;
using System.IO;
using System.Text;

namespace LayerTime;

/// <summary>A folder with one page, written whole or not at all: beside its place under another name, then renamed.</summary>
internal static class ReportFolder
{
    internal static void Write(string folder, string page)
    {
        try
        {
            if (ReportPlace.Obstacle(folder) is { } obstacle)
            {
                throw new IOException(obstacle);
            }

            Replace(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)), page);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new NetworkFileException(folder, $"Cannot write the report {folder}: {exception.Message}", exception);
        }
    }

    private static void Replace(string target, string page)
    {
        var temporary = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
        try
        {
            Directory.CreateDirectory(temporary);
            File.WriteAllText(Path.Combine(temporary, ReportPlace.Page), page, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            if (Directory.Exists(target))
            {
                // Nothing but an older page is in it.
                File.Delete(Path.Combine(target, ReportPlace.Page));
                Directory.Delete(target);
            }

            Directory.Move(temporary, target);
        }
        finally
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
    }
}
