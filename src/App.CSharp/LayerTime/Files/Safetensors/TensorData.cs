using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;

namespace LayerTime.Safetensors;

/// <summary>The tensors of floats of a file, each byte read once, to where it stays; on all cores where the system can read the file anywhere.</summary>
internal static class TensorData
{
    // A block lives as long as one of its tensors is wanted as it stands in the file.
    private const long BlockBytes = 32 * HugePages.Size;

    /// <summary>The tensors by their names.</summary>
    internal static IReadOnlyDictionary<string, TensorNumbers> Read(Stream stream, SafetensorsHeader header)
    {
        TensorBlock[] blocks = [.. Runs(header.Tensors.Values).Select(entries => new TensorBlock(entries))];
        if (stream is FileStream file)
        {
            ReadAnywhere(file.SafeFileHandle, header.DataStart, blocks);
        }
        else
        {
            foreach (var (block, cell) in Cells(blocks))
            {
                block.Read(cell, (bytes, offset) =>
                {
                    stream.Position = header.DataStart + offset;
                    stream.ReadExactly(bytes);
                });
            }
        }

        return blocks.SelectMany(block => block.Tensors).ToDictionary(tensor => tensor.Entry.Name, StringComparer.Ordinal);
    }

    // Tensors of floats that follow one another, up to the size of a block.
    private static IEnumerable<IReadOnlyList<TensorEntry>> Runs(IEnumerable<TensorEntry> tensors)
    {
        List<TensorEntry> run = [];
        foreach (var tensor in tensors.Where(tensor => tensor.HoldsFloats && tensor.Count is > 0 and <= TensorReader.MaximumCount).OrderBy(tensor => tensor.Begin))
        {
            if (run.Count > 0 && (run[^1].End != tensor.Begin || tensor.End - run[0].Begin > BlockBytes))
            {
                yield return run;
                run = [];
            }

            run.Add(tensor);
        }

        if (run.Count > 0)
        {
            yield return run;
        }
    }

    private static IEnumerable<(TensorBlock Block, int Cell)> Cells(TensorBlock[] blocks) =>
        blocks.SelectMany(block => Enumerable.Range(0, block.Cells).Select(cell => (block, cell)));

    private static void ReadAnywhere(SafeFileHandle file, long start, TensorBlock[] blocks)
    {
        (TensorBlock Block, int Cell)[] cells = [.. Cells(blocks)];
        try
        {
            Parallel.For(0, cells.Length, i => cells[i].Block.Read(cells[i].Cell, (bytes, offset) => ReadExactly(file, bytes, start + offset)));
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.Flatten().InnerExceptions[0]);
        }
    }

    private static void ReadExactly(SafeFileHandle file, Span<byte> bytes, long offset)
    {
        while (!bytes.IsEmpty)
        {
            var count = RandomAccess.Read(file, bytes, offset);
            if (count == 0)
            {
                throw new EndOfStreamException();
            }

            bytes = bytes[count..];
            offset += count;
        }
    }
}
