namespace LayerTime;

/// <summary>A fragment of the core as a sentence of its own.</summary>
internal static class Sentence
{
    internal static string From(string fragment)
    {
        if (fragment.Length == 0)
        {
            return fragment;
        }

        var start = char.ToUpperInvariant(fragment[0]) + fragment[1..];
        return start.EndsWith('.') ? start : start + ".";
    }
}
