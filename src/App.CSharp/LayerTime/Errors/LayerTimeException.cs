using System;

namespace LayerTime;

/// <summary>The base of every exception that this library raises on purpose; its message is one sentence for a person.</summary>
public abstract class LayerTimeException : Exception
{
    private protected LayerTimeException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
