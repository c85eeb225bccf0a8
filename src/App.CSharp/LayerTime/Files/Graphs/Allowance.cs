namespace LayerTime;

/// <summary>
/// How many weights may be made that a file does not hold: identities that carry a state past a layer, diagonals, zero maps. Bounded by
/// the size of the file, so that a small file cannot ask for a large network.
/// </summary>
internal sealed class Allowance(long fileBytes)
{
    private const long Always = 1 << 21;

    private long left = Always + fileBytes;

    internal void Take(long rows, long columns, string where)
    {
        if (rows > int.MaxValue || columns > int.MaxValue || rows * columns > left)
        {
            throw new Refusal(where, $"a layer of {rows}×{columns} weights that the file does not hold", "weights in proportion to the size of the file");
        }

        left -= rows * columns;
    }
}
