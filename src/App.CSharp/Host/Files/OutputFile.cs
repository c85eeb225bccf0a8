using System;
using System.IO;
using System.Text;

namespace LayerTime.Host.Files;

/// <summary>Results on their way out: a file appears whole or not at all.</summary>
internal static class OutputFile
{
    /// <summary>Writes to the file, or to standard output if there is no name.</summary>
    internal static void Write(string? path, string text, HostConsole console)
    {
        if (path is null)
        {
            console.Out.Write(text);
            return;
        }

        try
        {
            Replace(Target(path), Encoding.UTF8.GetBytes(text));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw HostException.BadInput($"Cannot write {path}: {exception.Message}");
        }
    }

    // Through a link, so that the link stays one.
    private static string Target(string path)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            throw new IOException("it is a folder.");
        }

        return (File.Exists(full) ? File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName : null) ?? full;
    }

    private static void Replace(string target, byte[] bytes)
    {
        // A device such as /dev/null is written to, never replaced.
        if (!OperatingSystem.IsWindows() && target.StartsWith("/dev/", StringComparison.Ordinal))
        {
            using var device = new FileStream(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            device.Write(bytes);
            return;
        }

        var temporary = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                stream.Write(bytes);
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
