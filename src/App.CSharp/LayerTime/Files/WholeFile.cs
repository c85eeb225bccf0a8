using System;
using System.IO;

namespace LayerTime;

/// <summary>Files that appear whole or not at all: written beside their place under another name, then renamed.</summary>
internal static class WholeFile
{
    internal static void Write(string path, byte[] bytes) => Write(path, stream => stream.Write(bytes));

    internal static void Write(string path, Action<Stream> write) => Replace(Target(path), write);

    // Through a link, so that the link stays one.
    private static string Target(string path)
    {
        if (path.Length == 0)
        {
            throw new IOException("the path is empty.");
        }

        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            throw new IOException("it is a folder.");
        }

        if (!Directory.Exists(Path.GetDirectoryName(full)))
        {
            throw new DirectoryNotFoundException($"there is no folder {Path.GetDirectoryName(full)}.");
        }

        return (File.Exists(full) ? File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName : null) ?? full;
    }

    private static void Replace(string target, Action<Stream> write)
    {
        // A device such as /dev/null is written to, never replaced.
        if (!OperatingSystem.IsWindows() && target.StartsWith("/dev/", StringComparison.Ordinal))
        {
            using var device = new FileStream(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            write(device);
            return;
        }

        var temporary = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            Remove(temporary);
            throw;
        }
    }

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The first failure is the one to report.
        }
    }
}
