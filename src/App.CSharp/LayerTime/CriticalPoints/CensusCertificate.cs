using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using LayerTime.Core.Rigour;
using Microsoft.FSharp.Collections;

namespace LayerTime;

/// <summary>
/// A proof that a box holds these critical points of a network or a neural ODE and no others, for anyone to check: every step is one evaluation of the network
/// by the generic semantics over intervals. Checking shares neither the search nor its fast kernels.
/// </summary>
public sealed class CensusCertificate
{
    internal CensusCertificate(NetworkDocument network, Certificate certificate)
    {
        Network = network;
        Certificate = certificate;
        Domain = Box.OfCore(certificate.Domain);
        Points = [.. certificate.Points.Select(CensusReader.Point)];
    }

    /// <summary>The network or neural ODE that the statement is about; the certificate carries it whole.</summary>
    public NetworkDocument Network { get; }

    /// <summary>The box that the statement is about.</summary>
    public Box Domain { get; }

    /// <summary>All critical points in it, with the homes and enclosures that the check confirms.</summary>
    public IReadOnlyList<CriticalPoint> Points { get; }

    /// <summary>How many boxes the rest of the domain is cut into.</summary>
    public long Boxes => CoverModule.leaves(Certificate.Cover);

    internal Certificate Certificate { get; }

    /// <summary>Proves a complete census once more, by the generic semantics alone, and keeps the steps.</summary>
    /// <param name="census">The census.</param>
    /// <param name="maximumBoxes">How many boxes the proof may look at, at least 1.</param>
    /// <param name="cancellationToken">Ends the proof without a certificate.</param>
    /// <returns>The certificate.</returns>
    /// <exception cref="CensusCertificateException">The census is not complete, or the proof fails within the budget; the message names the box.</exception>
    /// <exception cref="System.OperationCanceledException">The proof was cancelled.</exception>
    public static CensusCertificate Create(CensusResult census, long maximumBoxes = 2_000_000, CancellationToken cancellationToken = default)
    {
        if (!Door.NotNull(census).IsComplete)
        {
            throw new CensusCertificateException("No certificate: the census is not complete.");
        }

        var points = ListModule.OfSeq(census.Points.Select(point => new Core.Rigour.CriticalPoint(point.Home.OfDoor, point.Point.OfDoor, point.Value.OfDoor, point.Index)));
        var made = CertificateModule.create(new CancellableMap(ScalarMaps.Generic(census.Network), cancellationToken), Door.AtLeast(maximumBoxes, 1), census.Domain.OfDoor, points);
        return made.IsOk
            ? new(census.Network, made.ResultValue)
            : throw new CensusCertificateException($"No certificate within {maximumBoxes} boxes: {made.ErrorValue.Reason}, at {Box.OfCore(made.ErrorValue.Box)}.");
    }

    /// <summary>Reads what <see cref="Save"/> wrote. Nothing is believed yet: <see cref="Check"/> says whether it holds.</summary>
    /// <param name="path">The file, at most <see cref="NetworkFormat.MaximumBytes"/> long.</param>
    /// <returns>The certificate, unchecked.</returns>
    /// <exception cref="CensusCertificateException">The file is no certificate; every defect is listed.</exception>
    /// <exception cref="NetworkFileException">The file cannot be read.</exception>
    public static CensusCertificate Load(string path)
    {
        try
        {
            return CertificateReader.Read(NetworkFile.Read(Door.NotNull(path)), path);
        }
        catch (NetworkFormatException tooLarge)
        {
            throw CensusCertificateException.OfDefects(path, tooLarge.Defects);
        }
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The document.</param>
    /// <returns>The certificate, unchecked.</returns>
    /// <exception cref="CensusCertificateException">The text is no certificate; every defect is listed.</exception>
    public static CensusCertificate Parse(string json) => CertificateReader.Read(Encoding.UTF8.GetBytes(Door.NotNull(json)), "The text");

    /// <summary>Confirms every step of the proof, or finds the first box at which it fails.</summary>
    /// <param name="cancellationToken">Ends the check without a verdict.</param>
    /// <returns>Null if the statement is proved; otherwise what is in the way.</returns>
    /// <exception cref="System.OperationCanceledException">The check was cancelled.</exception>
    /// <exception cref="UnsuitableNetworkException">The network in the certificate has several outputs, or an activation with a kink.</exception>
    public CertificateObjection? Check(CancellationToken cancellationToken = default)
    {
        var checkedSteps = CertificateModule.check(new CancellableMap(ScalarMaps.Generic(Network), cancellationToken), Certificate);
        return checkedSteps.IsOk ? null : CertificateObjection.OfCore(checkedSteps.ErrorValue);
    }

    /// <summary>Writes the certificate to a file, whole or not at all.</summary>
    /// <param name="path">The file; it is replaced if it exists.</param>
    /// <exception cref="NetworkFileException">The file cannot be written; nothing is left behind.</exception>
    public void Save(string path) => NetworkFile.Write(Door.NotNull(path), ToJson());

    /// <summary>The certificate as one JSON document, its floats in hexadecimal digits: the same bytes on any machine.</summary>
    /// <returns>The document, with a line feed at its end.</returns>
    public string ToJson() => CertificateWriter.ToJson(this);

    /// <summary>The statement in one line.</summary>
    /// <returns>"4 critical points in [-2.5, 2.5] x [-2.5, 2.5], the rest in 321 boxes".</returns>
    public override string ToString() => $"{Points.Count} critical point{(Points.Count == 1 ? "" : "s")} in {Domain}, the rest in {Boxes} box{(Boxes == 1 ? "" : "es")}";
}

/// <summary>The first step of a certificate that is not confirmed.</summary>
public sealed record CertificateObjection
{
    /// <summary>The box at which the certificate proves nothing.</summary>
    public required Box Box { get; init; }

    /// <summary>What could not be confirmed there.</summary>
    public required string Reason { get; init; }

    internal static CertificateObjection OfCore(Objection objection) => new() { Box = Box.OfCore(objection.Box), Reason = objection.Reason };
}
