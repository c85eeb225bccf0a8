using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using LayerTime.Core.Numbers;

namespace LayerTime.Safetensors;

/// <summary>Tensors that follow one another in a file, in one place of memory.</summary>
internal sealed class TensorBlock
{
    // Read and checked at once. Several huge pages long, so that two cores seldom clear the same one.
    private const int CellBytes = 2 * HugePages.Size;

    private readonly Binary64[] block;
    private readonly long[] ends;
    private readonly long begin;

    internal TensorBlock(IReadOnlyList<TensorEntry> entries)
    {
        begin = entries[0].Begin;
        var length = entries[^1].End - begin;
        Cells = (int)((length + CellBytes - 1) / CellBytes);
        block = GC.AllocateUninitializedArray<Binary64>((int)((length + 7) / 8), pinned: length >= HugePages.Size);
        if (length >= HugePages.Size)
        {
            HugePages.Ask(MemoryMarshal.AsBytes(block.AsSpan()));
        }

        Tensors = [.. entries.Select(entry => new TensorNumbers(entry, block, (int)(entry.Begin - begin)))];
        ends = [.. entries.Select(entry => entry.End)];
    }

    /// <summary>Bytes of the data from an offset on.</summary>
    internal delegate void Source(Span<byte> bytes, long offset);

    internal IReadOnlyList<TensorNumbers> Tensors { get; }

    /// <summary>The number of cells, which can be read in any order.</summary>
    internal int Cells { get; }

    /// <summary>Reads and checks the numbers that begin within a cell.</summary>
    internal void Read(int cell, Source source)
    {
        var from = begin + ((long)cell * CellBytes);
        var to = from + CellBytes;
        var found = Array.BinarySearch(ends, from + 1);
        var first = found < 0 ? ~found : found;
        var last = first;
        while (last + 1 < Tensors.Count && Tensors[last + 1].Entry.Begin < to)
        {
            last++;
        }

        var (start, end) = (Tensors[first].Number(from), Tensors[last].Number(to));
        var bytes = MemoryMarshal.AsBytes(block.AsSpan())[(int)(start - begin)..(int)(end - begin)];
        source(bytes, start);
        for (var i = first; i <= last; i++)
        {
            var tensor = Tensors[i];
            tensor.Check(bytes[(int)(tensor.Number(from) - start)..(int)(tensor.Number(to) - start)]);
        }
    }
}
