using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Text;
using LayerTime.Core.Rigour;

namespace LayerTime;

/// <summary>
/// The state of a census from which it can be taken up again: what is open, what was found, what is small. It is no proof; a census that is
/// taken up with a larger budget gives the same result as one that had the larger budget from the start.
/// </summary>
public sealed class CensusPaving
{
    internal CensusPaving(string networkDigest, double tolerance, bool moveFaces, IReadOnlyList<Search> searches)
    {
        NetworkDigest = networkDigest;
        Tolerance = tolerance;
        MoveFaces = moveFaces;
        Searches = searches;
    }

    /// <summary>SHA-256 of the network as a document, in hexadecimal digits: the census goes on with this network only.</summary>
    public string NetworkDigest { get; }

    /// <summary>The box that was asked for.</summary>
    public Box Box => Box.OfCore(Searches[0].Domain);

    /// <summary>The tolerance of the census.</summary>
    public double Tolerance { get; }

    /// <summary>Whether faces may be moved.</summary>
    public bool MoveFaces { get; }

    /// <summary>How many boxes were looked at.</summary>
    public long Boxes => Searches[^1].Boxes;

    /// <summary>How many boxes wait to be looked at.</summary>
    public int OpenBoxes => Searches[^1].Open.Length;

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file, at most <see cref="NetworkFormat.MaximumBytes"/> long.</param>
    /// <returns>The paving.</returns>
    /// <exception cref="CensusPavingException">The file is no saved census, or it is damaged; every defect is listed.</exception>
    /// <exception cref="NetworkFileException">The file cannot be read.</exception>
    public static CensusPaving Load(string path)
    {
        try
        {
            return PavingReader.Read(NetworkFile.Read(Door.NotNull(path)), path);
        }
        catch (NetworkFormatException tooLarge)
        {
            throw CensusPavingException.OfDefects(path, tooLarge.Defects);
        }
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The document.</param>
    /// <returns>The paving.</returns>
    /// <exception cref="CensusPavingException">The text is no saved census, or it is damaged; every defect is listed.</exception>
    public static CensusPaving Parse(string json) => PavingReader.Read(Encoding.UTF8.GetBytes(Door.NotNull(json)), "The text");

    /// <summary>Writes the paving to a file, whole or not at all.</summary>
    /// <param name="path">The file; it is replaced if it exists.</param>
    /// <exception cref="NetworkFileException">The file cannot be written; nothing is left behind.</exception>
    public void Save(string path) => NetworkFile.Write(Door.NotNull(path), ToJson());

    /// <summary>The paving as one JSON document: the same bytes on any machine and any number of cores.</summary>
    /// <returns>The document, with a line feed at its end.</returns>
    public string ToJson() => PavingWriter.ToJson(this);

    /// <summary>The paving in one line.</summary>
    /// <returns>"[-3, 3] x [-3, 3]: 1234 boxes looked at, 56 open".</returns>
    public override string ToString() => $"{Box}: {Boxes} boxes looked at, {OpenBoxes} open";

    /// <summary>The search of each domain in turn: the one asked for, then those with moved faces; only the last may be unfinished.</summary>
    internal IReadOnlyList<Search> Searches { get; }

    internal static string Digest(NetworkDocument network) => Digest(network.ToJson());

    internal static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Nothing, or why a census with these options may not go on from here.</summary>
    internal string? Obstacle(string digest, CensusOptions options) =>
        digest != NetworkDigest ? $"The saved census is of another network: its digest is {NetworkDigest}, that of the network is {digest}."
        : options.Tolerance != Tolerance ? $"The saved census has tolerance {Text(Tolerance)}, not {Text(options.Tolerance)}; it goes on with its own only."
        : options.MoveFaces != MoveFaces ? $"The saved census {(MoveFaces ? "moves" : "does not move")} faces; it goes on that way only."
        : null;

    private static string Text(double number) => number.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}
