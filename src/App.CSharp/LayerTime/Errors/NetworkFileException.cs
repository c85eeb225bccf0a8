using System;

namespace LayerTime;

/// <summary>A file that could not be read or written; nothing was left behind.</summary>
public sealed class NetworkFileException : LayerTimeException
{
    internal NetworkFileException(string path, string message, Exception? innerException = null)
        : base(message, innerException) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }
}
