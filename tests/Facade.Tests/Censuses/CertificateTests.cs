using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using LayerTime.Facade.Tests.Files;
using Xunit;

namespace LayerTime.Facade.Tests.Censuses;

public sealed class CertificateTests
{
    private static CensusCertificate A241 { get; } = CensusCertificate.Create(Landscapes.A241.CriticalPoints(Landscapes.Square));

    [Fact]
    public void A_complete_census_gets_a_certificate_that_is_confirmed()
    {
        foreach (var (network, box) in new[] { (Landscapes.A241, Landscapes.Square), (Landscapes.B2321, Landscapes.Square), (Landscapes.C131, Box.Cube(1, 4)), (Landscapes.Parabola, Box.Cube(1, 3)) })
        {
            var census = network.CriticalPoints(box);
            var certificate = CensusCertificate.Create(census);

            Assert.Null(certificate.Check());
            Assert.Equal(census.Points.Select(point => point.Index), certificate.Points.Select(point => point.Index));
            Assert.Equal(census.Domain.ToString(), certificate.Domain.ToString());
        }
    }

    [Fact]
    public void Certificates_hold_the_points_of_the_reference_table()
    {
        foreach (var ((expected, value, index), point) in Landscapes.OfA241.Zip(A241.Points))
        {
            // The digits are those of an independent computation, good to the last but one.
            Assert.All(expected.Zip(point.Point), pair => Assert.True(Math.Abs(pair.First - pair.Second.Midpoint) <= 1e-12));
            Assert.True(Math.Abs(value - point.Value.Midpoint) <= 1e-12 * Math.Abs(value));
            Assert.Equal(index, point.Index);
        }
    }

    [Fact]
    public void What_is_written_is_read_back_and_confirmed()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.json");
        A241.Save(path);
        var read = CensusCertificate.Load(path);

        Assert.Null(read.Check());
        Assert.Equal(A241.ToJson(), read.ToJson());
        Assert.Equal(File.ReadAllText(path), read.ToJson());
        Assert.Equal(A241.ToString(), read.ToString());
        Assert.Equal(A241.Network.ToJson(), read.Network.ToJson());
    }

    [Fact]
    public void An_incomplete_census_gets_no_certificate()
    {
        var degenerate = Landscapes.Degenerate.CriticalPoints(new Box(new Interval(-1.1, 1.2)));
        Assert.Contains("not complete", Assert.Throws<CensusCertificateException>(() => CensusCertificate.Create(degenerate)).Message, StringComparison.Ordinal);

        var complete = Landscapes.B2321.CriticalPoints(Landscapes.Square);
        Assert.StartsWith("No certificate within 10 boxes:", Assert.Throws<CensusCertificateException>(() => CensusCertificate.Create(complete, 10)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => CensusCertificate.Create(complete, 0));
    }

    /// <summary>Every single change of the proof is refused, with a box inside the domain.</summary>
    [Theory]
    [InlineData("another index")]
    [InlineData("a point moved")]
    [InlineData("a point left out")]
    [InlineData("a point twice")]
    [InlineData("a home without its point")]
    [InlineData("a home as large as the domain")]
    [InlineData("another value")]
    [InlineData("a larger domain")]
    [InlineData("a domain that ends at a point")]
    [InlineData("everything excluded")]
    [InlineData("a leaf in the home of another point")]
    [InlineData("another weight")]
    [InlineData("another activation")]
    public void A_tampered_certificate_is_refused_with_the_box_that_fails(string change)
    {
        var json = JsonNode.Parse(A241.ToJson())!;
        var points = json["points"]!.AsArray();
        var layer = json["network"]!["layers"]![0]!;
        switch (change)
        {
            case "another index":
                points[1]!["index"] = 0;
                break;
            case "a point moved":
                points[0]!["point"]![0]![1] = points[0]!["point"]![0]![0]!.DeepClone();
                break;
            case "a point left out":
                points.RemoveAt(3);
                json["cover"] = ((string)json["cover"]!).Replace("=3", "x", StringComparison.Ordinal);
                break;
            case "a point twice":
                points.Add(points[3]!.DeepClone());
                break;
            case "a home without its point":
                points[2]!["home"] = points[1]!["home"]!.DeepClone();
                break;
            case "a home as large as the domain":
                points[2]!["home"] = json["domain"]!.DeepClone();
                break;
            case "another value":
                points[0]!["value"]![0] = points[0]!["value"]![1]!.DeepClone();
                break;
            case "a larger domain":
                json["domain"]![0]![1] = "0x1p+3";
                break;
            case "a domain that ends at a point":
                json["domain"]![0]![1] = points[3]!["point"]![0]![1]!.DeepClone();
                break;
            case "everything excluded":
                json["cover"] = "x";
                break;
            case "a leaf in the home of another point":
                json["cover"] = ((string)json["cover"]!).Replace("=0", "=1", StringComparison.Ordinal);
                break;
            case "another weight":
                layer["weights"]![0]![0] = -0.25;
                break;
            default:
                layer["activation"] = "logistic";
                break;
        }

        var tampered = CensusCertificate.Parse(json.ToJsonString());
        var objection = tampered.Check();

        Assert.NotNull(objection);
        Assert.NotEmpty(objection.Reason);
        Assert.Equal(2, objection.Box.Dimension);
    }

    /// <summary>A digit changed anywhere in the floats of the proof is refused, or the file still proves what it says.</summary>
    [Fact]
    public void No_changed_digit_makes_a_false_statement_pass()
    {
        var text = A241.ToJson();
        var random = new Random(1);
        var refused = 0;
        var (first, last) = (text.IndexOf("\"points\"", StringComparison.Ordinal), text.IndexOf("\"network\"", StringComparison.Ordinal));
        var digits = Enumerable.Range(first, last - first).Where(at => char.IsAsciiDigit(text[at])).ToArray();
        foreach (var _ in Enumerable.Range(0, 60))
        {
            var at = digits[random.Next(digits.Length)];
            var digit = (char)('0' + ((text[at] - '0' + 1 + random.Next(9)) % 10));
            var changed = $"{text[..at]}{digit}{text[(at + 1)..]}";
            try
            {
                var certificate = CensusCertificate.Parse(changed);
                if (certificate.Check() is null)
                {
                    // What was confirmed is true: as many points, each where it is known to be, of its index.
                    Assert.Equal(Landscapes.OfA241.Length, certificate.Points.Count);
                    Assert.All(
                        Landscapes.OfA241.Zip(certificate.Points),
                        pair =>
                        {
                            Assert.Equal(pair.First.Index, pair.Second.Index);
                            Assert.All(pair.First.Point.Zip(pair.Second.Point), c => Assert.True(c.Second.Lower - 1e-12 <= c.First && c.First <= c.Second.Upper + 1e-12));
                        });
                }
                else
                {
                    refused++;
                }
            }
            catch (CensusCertificateException)
            {
                refused++;
            }
        }

        Assert.True(refused > 20, refused.ToString(CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("", "line 1")]
    [InlineData("{}", "format")]
    [InlineData("[1]", "expected")]
    [InlineData("{ \"format\": \"layertime-certificate/2\" }", "layertime-certificate/1")]
    public void What_is_no_certificate_is_told(string text, string says) =>
        Assert.Contains(says, Assert.Throws<CensusCertificateException>(() => CensusCertificate.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_certificate_that_is_cut_off_anywhere_is_no_certificate()
    {
        var text = A241.ToJson();
        foreach (var length in Enumerable.Range(0, 40).Select(k => k * (text.Length - 2) / 40))
        {
            Assert.Throws<CensusCertificateException>(() => CensusCertificate.Parse(text[..length]));
        }
    }

    [Fact]
    public void Files_that_cannot_be_read_or_written_are_told()
    {
        using var folder = new TemporaryFolder();

        Assert.Throws<NetworkFileException>(() => CensusCertificate.Load(folder.File("none")));
        Assert.Throws<NetworkFileException>(() => A241.Save(Path.Combine(folder.File("none"), "a.json")));
    }

    [Fact]
    public void Nothing_may_be_null()
    {
        Assert.Throws<ArgumentNullException>(() => CensusCertificate.Create(null!));
        Assert.Throws<ArgumentNullException>(() => CensusCertificate.Load(null!));
        Assert.Throws<ArgumentNullException>(() => CensusCertificate.Parse(null!));
        Assert.Throws<ArgumentNullException>(() => A241.Save(null!));
    }
}
