using System;
using System.IO;

namespace LayerTime.Host.Terminals;

/// <summary>A stream whose reader may leave early, as in "layertime verify | head": what comes after is nobody's.</summary>
internal sealed class PipeStream(Stream inner) : Stream
{
    private bool closed;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() => Try(inner.Flush);

    public override void Write(byte[] buffer, int offset, int count) => Try(() => inner.Write(buffer, offset, count));

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Try(inner.Dispose);
        }

        base.Dispose(disposing);
    }

    // EPIPE, or ERROR_BROKEN_PIPE and ERROR_NO_DATA.
    private static bool IsBrokenPipe(IOException exception) =>
        OperatingSystem.IsWindows() ? (exception.HResult & 0xFFFF) is 109 or 232 : exception.HResult == 32;

    private void Try(Action write)
    {
        if (closed)
        {
            return;
        }

        try
        {
            write();
        }
        catch (IOException exception)
        {
            closed = true;
            if (!IsBrokenPipe(exception))
            {
                throw HostException.BadInput($"Cannot write the output: {exception.Message}");
            }
        }
    }
}
