using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LayerTime.Safetensors;

/// <summary>
/// Memory that is filled for the first time: the system clears and maps it page by page, which takes several times as long as reading
/// numbers into it, and less than they do where the pages are of 2 MB. Linux takes advice on that; the numbers are the same either way.
/// </summary>
internal static partial class HugePages
{
    /// <summary>The size of such a page in bytes.</summary>
    internal const int Size = 1 << 21;

    private const int Advice = 14;

    /// <summary>Asks for huge pages wherever the bytes, which must not move, lie in them.</summary>
    internal static unsafe void Ask(ReadOnlySpan<byte> bytes)
    {
        if (OperatingSystem.IsLinux())
        {
            var start = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes));
            var first = start & -Size;
            _ = Advise(first, (nuint)(start + bytes.Length + Size - 1 - first) & ~(nuint)(Size - 1), Advice);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);
}
