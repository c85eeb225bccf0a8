using System.IO;
using System.Text;
using System.Threading;

namespace LayerTime.Host.Tests;

/// <summary>Interrupts at the end of the first line that is written, be the machine fast or slow.</summary>
internal sealed class InterruptingWriter(TextWriter inner, CancellationTokenSource source) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value)
    {
        inner.Write(value);

        if (value == '\n')
        {
            source.Cancel();
        }
    }
}
