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
            WholeFile.Write(path, Encoding.UTF8.GetBytes(text));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw HostException.BadInput($"Cannot write {path}: {exception.Message}");
        }
    }
}
