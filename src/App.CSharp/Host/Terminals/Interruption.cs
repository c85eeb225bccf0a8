using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;

namespace LayerTime.Host.Terminals;

/// <summary>The first Ctrl-C, or the first request to terminate, cancels; the second ends the process as usual.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly List<PosixSignalRegistration> registrations = [];

    internal CancellationToken Listen()
    {
        if (registrations.Count == 0)
        {
            registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle));
            registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle));
        }

        return source.Token;
    }

    public void Dispose()
    {
        registrations.ForEach(registration => registration.Dispose());
        source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (!source.IsCancellationRequested)
        {
            context.Cancel = true;
            source.Cancel();
        }
    }
}
