using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using LayerTime.Facade.Tests.Files;
using Xunit;

namespace LayerTime.Facade.Tests.Censuses;

public sealed class CertificateTests
{
    private static CensusResult Census { get; } = Landscapes.A241.CriticalPoints(Landscapes.Square);

    private static string Example { get; } = CensusCertificate.Create(Census).ToJson();

    [Fact]
    public void A_certificate_states_the_census_and_is_confirmed()
    {
        var certificate = CensusCertificate.Create(Census);

        Assert.Null(certificate.Check());
        Assert.Equal(Landscapes.Square, certificate.Domain);
        Assert.Equal(Census.Points.Select(point => point.Index), certificate.Points.Select(point => point.Index));
        Assert.All(certificate.Points.Zip(Landscapes.OfA241), pair => Assert.True(pair.First.Home.Contains(pair.Second.Point)));
        Assert.All(certificate.Points, point => Assert.All(point.Point, side => Assert.True(side.Width < 1e-9)));
        Assert.Equal($"4 critical points in [-2.5, 2.5] x [-2.5, 2.5], the rest in {certificate.Boxes} boxes", certificate.ToString());
    }

    [Fact]
    public void Networks_of_every_kind_have_certificates()
    {
        var residual = Network.Residual(new Fraction(1, 1), Layer.Dense(new Fraction[,] { { 1 } }, [1], Activation.Square));
        foreach (var (network, box) in new[]
        {
            (Landscapes.B2321, Landscapes.Square), (Landscapes.C131, Box.Cube(1, 4)), (Landscapes.Parabola, Box.Parse("[-3,2]")), (residual, Box.Cube(1, 4)),
            (Landscapes.Neuron(Activation.Sine), Box.Cube(1, 9)), (Landscapes.Neuron(Activation.Softplus), Box.Cube(1, 9)),
        })
        {
            var census = network.CriticalPoints(box);
            var certificate = CensusCertificate.Parse(CensusCertificate.Create(census).ToJson());

            Assert.True(census.IsComplete);
            Assert.Null(certificate.Check());
            Assert.Equal(census.Points.Count, certificate.Points.Count);
        }
    }

    [Fact]
    public void A_certificate_is_written_and_read_without_a_change()
    {
        using var folder = new TemporaryFolder();
        CensusCertificate.Create(Census).Save(folder.File("a241.json"));
        var read = CensusCertificate.Load(folder.File("a241.json"));

        Assert.Equal(Example, File.ReadAllText(folder.File("a241.json")));
        Assert.Equal(Example, read.ToJson());
        Assert.Equal(Example, CensusCertificate.Parse(Example).ToJson());
        Assert.Null(read.Check());
        Assert.Equal(["a241.json"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void What_is_not_complete_has_no_certificate()
    {
        foreach (var census in new[]
        {
            Landscapes.A241.CriticalPoints(Landscapes.Square, new() { MaxBoxes = 5 }), Landscapes.Degenerate.CriticalPoints(Box.Cube(1, 1)), Landscapes.Parabola.CriticalPoints(Box.Parse("[-1,2]")),
        })
        {
            Assert.Equal("No certificate: the census is not complete.", Assert.Throws<CensusCertificateException>(() => CensusCertificate.Create(census)).Message);
        }
    }

    [Fact]
    public void A_proof_that_costs_more_than_its_budget_names_the_box()
    {
        var message = Assert.Throws<CensusCertificateException>(() => CensusCertificate.Create(Census, 10)).Message;

        Assert.StartsWith("No certificate within 10 boxes: neither excluded nor in the home of a critical point", message, StringComparison.Ordinal);
        Assert.Contains(", at [", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => CensusCertificate.Create(Census, 0));
    }

    [Fact]
    public void A_cancelled_proof_or_check_has_no_result()
    {
        Assert.Throws<OperationCanceledException>(() => CensusCertificate.Create(Census, cancellationToken: new(canceled: true)));
        Assert.Throws<OperationCanceledException>(() => CensusCertificate.Parse(Example).Check(new CancellationToken(canceled: true)));
    }

    [Fact]
    public void An_end_of_the_domain_that_is_moved_is_refused()
    {
        // Outward new ground is to be covered by the same boxes; inward points or homes stay, and cuts fall elsewhere.
        foreach (var (coordinate, end) in Ends(2))
        {
            Refused(json => Move(json["domain"]![coordinate]!, end, outward: true, 4));
        }
    }

    [Fact]
    public void A_point_that_is_removed_is_refused_in_its_home()
    {
        foreach (var k in Enumerable.Range(0, 4))
        {
            var home = CensusCertificate.Parse(Example).Points[k].Home;
            var objection = Refused(json =>
            {
                json["points"]!.AsArray().RemoveAt(k);
                string Renamed(string token) => !token.StartsWith('=') ? token : int.Parse(token[1..]) is var i && i == k ? "x" : $"={(i > k ? i - 1 : i)}";
                json["cover"] = string.Join(' ', ((string)json["cover"]!).Split(' ').Select(Renamed));
            });

            Assert.All(objection.Box.Zip(home), side => Assert.True(side.Second.Contains(side.First.Lower) && side.Second.Contains(side.First.Upper)));
        }
    }

    [Fact]
    public void A_point_that_is_listed_twice_is_refused() =>
        Assert.Contains("may be the same", Refused(json => json["points"]!.AsArray().Add(json["points"]![0]!.DeepClone())).Reason, StringComparison.Ordinal);

    [Fact]
    public void Points_in_another_order_are_refused() => Refused(json =>
    {
        var first = json["points"]![0]!;
        json["points"]!.AsArray().RemoveAt(0);
        json["points"]!.AsArray().Add(first);
    });

    [Fact]
    public void Another_index_is_refused_at_the_point()
    {
        foreach (var (k, index) in Enumerable.Range(0, 4).SelectMany(k => new[] { 0, 1, 2, 3, 17 }.Select(index => (k, index))).Where(pair => Census.Points[pair.k].Index != pair.index))
        {
            var objection = Refused(json => json["points"]![k]!["index"] = index);

            Assert.Equal($"the index {index} of points[{k}] is not confirmed", objection.Reason);
            Assert.Equal(CensusCertificate.Parse(Example).Points[k].Point, objection.Box);
        }
    }

    [Fact]
    public void Enclosures_and_values_that_are_moved_are_refused()
    {
        foreach (var k in Enumerable.Range(0, 4))
        {
            foreach (var (coordinate, end) in Ends(2))
            {
                // An enclosure without its far half, a home that is the other side of the point.
                Refused(json => Cross(json["points"]![k]!["point"]![coordinate]!, end));
                Refused(json => Cross(json["points"]![k]!["home"]![coordinate]!, end));
            }

            Refused(json => json["points"]![k]!["value"]![0] = json["points"]![k]!["value"]![1]!.DeepClone());
            Refused(json => json["points"]![k]!["value"]![1] = json["points"]![k]!["value"]![0]!.DeepClone());
        }
    }

    [Fact]
    public void A_home_that_holds_two_points_is_refused() =>
        Refused(json => json["points"]![1]!["home"] = json["domain"]!.DeepClone());

    [Fact]
    public void Any_leaf_of_the_cover_that_is_changed_to_another_statement_is_refused()
    {
        var tokens = ((string)JsonNode.Parse(Example)!["cover"]!).Split(' ');
        var homes = Enumerable.Range(0, tokens.Length).Where(i => tokens[i].StartsWith('=')).ToList();
        var excluded = Enumerable.Range(0, tokens.Length).Where(i => tokens[i] == "x").ToList();
        Assert.NotEmpty(homes);

        // A box in a home may be free of points itself, but the box with the point is among them.
        Assert.NotNull(Check(homes, _ => "x"));
        Assert.All(homes, i => Assert.NotNull(Check([i], home => $"={(home[1] - '0' + 1) % 4}")));
        Assert.All(homes, i => Assert.NotNull(Check([i], _ => "=4")));
        Assert.All(excluded.Where((_, i) => i % 7 == 0), i => Assert.NotNull(Check([i], _ => "=0")));

        CertificateObjection? Check(List<int> changed, Func<string, string> to) => CensusCertificate.Parse(Changed(json => json["cover"] =
            string.Join(' ', tokens.Select((token, i) => changed.Contains(i) ? to(token) : token)))).Check();
    }

    [Fact]
    public void Larger_boxes_than_were_confirmed_are_refused()
    {
        Refused(json => json["cover"] = "x");
        Refused(json => json["cover"] = "=0");
        Refused(json => json["cover"] = "0 x x");
        Assert.Contains("no coordinate 2", Refused(json => json["cover"] = "2 x x").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_weights_and_biases_are_refused()
    {
        foreach (var layer in new[] { 0, 1 })
        {
            // The points move by far more than their enclosures are wide.
            Refused(json => Add(json["network"]!["layers"]![layer]!["weights"]![0]!, 0, 1e-3));
        }

        Refused(json => Add(json["network"]!["layers"]![0]!["bias"]!, 0, 1e-3));
        Refused(json => Add(json["network"]!["layers"]![1]!["bias"]!, 0, 1e-3));
        Refused(json => json["network"]!["layers"]![0]!["activation"] = "logistic");
    }

    [Fact]
    public void A_network_of_another_dimension_is_refused() =>
        Assert.Contains("dimension 1", Refused(json => json["network"] = JsonNode.Parse(Landscapes.C131.ToJson())).Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData("", "an empty document")]
    [InlineData("[1]", "an array")]
    [InlineData("{", "cut off")]
    [InlineData("""{ "format": "layertime-certificate/2" }""", "layertime-certificate/1")]
    [InlineData("""{ "format": "layertime-certificate/1" }""", "$.cover")]
    [InlineData("""{ "points": 3 }""", "$.points")]
    [InlineData("""{ "domain": [] }""", "at least one")]
    [InlineData("""{ "domain": [["0x1p+0", "-0x1p+0"]] }""", "$.domain[0]")]
    [InlineData("""{ "domain": [["0x1p+0", "0x1p+9999"]] }""", "$.domain[0]")]
    [InlineData("""{ "domain": [[0, 1]] }""", "two hexadecimal floats")]
    [InlineData("""{ "points": [{ "index": 1.5 }] }""", "$.points[0].index")]
    [InlineData("""{ "cover": "0 x" }""", "in the middle of a box")]
    [InlineData("""{ "cover": 7 }""", "$.cover")]
    [InlineData("""{ "network": {} }""", "$.network")]
    public void What_is_no_certificate_is_told(string text, string says) =>
        Assert.Contains(says, Assert.Throws<CensusCertificateException>(() => CensusCertificate.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Files_that_cannot_be_read_or_written_are_told()
    {
        using var folder = new TemporaryFolder();

        Assert.Throws<NetworkFileException>(() => CensusCertificate.Load(folder.File("none")));
        Assert.Throws<NetworkFileException>(() => CensusCertificate.Parse(Example).Save(folder.File("none/here")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Nothing_may_be_null()
    {
        Assert.Equal("census", Assert.Throws<ArgumentNullException>(() => CensusCertificate.Create(null!)).ParamName);
        Assert.Equal("path", Assert.Throws<ArgumentNullException>(() => CensusCertificate.Load(null!)).ParamName);
        Assert.Equal("json", Assert.Throws<ArgumentNullException>(() => CensusCertificate.Parse(null!)).ParamName);
    }

    private static IEnumerable<(int Coordinate, int End)> Ends(int dimension) => Enumerable.Range(0, 2 * dimension).Select(i => (i / 2, i % 2));

    private static string Changed(Action<JsonNode> change)
    {
        var json = JsonNode.Parse(Example)!;
        change(json);
        return json.ToJsonString();
    }

    private static CertificateObjection Refused(Action<JsonNode> change)
    {
        var changed = Changed(change);
        var objection = CensusCertificate.Parse(changed).Check();
        Assert.True(objection is not null, changed[..Math.Min(400, changed.Length)]);
        Assert.NotEmpty(objection.Reason);
        return objection;
    }

    // One end times 2ᵏ: the ends of the domain are powers of two times 1.25, of either sign.
    private static void Move(JsonNode side, int end, bool outward, int exponent) =>
        side[end] = ((string)side[end]!).Replace("p+1", outward ? $"p+{1 + exponent}" : "p+0", StringComparison.Ordinal);

    // The interval becomes a point: one end takes the place of the other.
    private static void Cross(JsonNode side, int end) => side[end] = side[1 - end]!.DeepClone();

    private static void Add(JsonNode numbers, int i, double difference) => numbers[i] = (double)numbers[i]! + difference;
}
