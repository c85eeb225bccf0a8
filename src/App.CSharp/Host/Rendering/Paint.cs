namespace LayerTime.Host.Rendering;

/// <summary>Colours, or none.</summary>
internal sealed record Paint(bool On)
{
    internal static Paint Plain { get; } = new(false);

    internal string Apply(Colour colour, string text) => On && colour != Colour.None ? $"\e[{(int)colour}m{text}\e[0m" : text;
}

/// <summary>What a colour means, as its code on terminals.</summary>
internal enum Colour
{
    None = 0,
    Heading = 1,
    Faint = 2,
    Bad = 31,
    Good = 32,
    Open = 33,
}
