using System.Collections.Generic;

namespace LayerTime;

/// <summary>A text that is no certificate, or a census for which none can be made.</summary>
public sealed class CensusCertificateException : LayerTimeException
{
    internal CensusCertificateException(string message)
        : base(message)
    {
    }

    internal static CensusCertificateException OfDefects(string source, IReadOnlyList<NetworkDefect> defects) =>
        new(NetworkDefect.Describe($"{source} is not a certificate", defects));
}
