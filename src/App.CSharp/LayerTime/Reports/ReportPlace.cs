using System.IO;
using System.Linq;

namespace LayerTime;

/// <summary>Where a report may be written: only over an older one.</summary>
internal static class ReportPlace
{
    internal const string Page = "index.html";

    /// <summary>What stands in the way of a report in this folder; null if nothing does.</summary>
    internal static string? Obstacle(string folder)
    {
        if (folder.Length == 0)
        {
            return "the path is empty.";
        }

        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return File.Exists(full) ? "it is a file."
            : !Directory.Exists(Path.GetDirectoryName(full)) ? $"there is no folder {Path.GetDirectoryName(full)}."
            : Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any(entry => Path.GetFileName(entry) != Page) ? "it holds other files."
            : null;
    }
}
