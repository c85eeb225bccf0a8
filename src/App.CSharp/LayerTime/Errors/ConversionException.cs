namespace LayerTime;

/// <summary>A network that has no equivalent of the wanted kind, or none whose distance can be bounded; the message says which hypothesis fails.</summary>
public sealed class ConversionException : LayerTimeException
{
    internal ConversionException(string message)
        : base(message)
    {
    }
}
