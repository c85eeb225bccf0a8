using System;
using System.IO;
using System.Linq;
using System.Threading;
using LayerTime.Facade.Tests.Files;
using Xunit;

namespace LayerTime.Facade.Tests.Censuses;

/// <summary>Censuses of neural ODEs: the worked one of the theory, interrupted, resumed, certified and checked.</summary>
public sealed class NeuralOdeCensusTests
{
    /// <summary>N12: one input, two states; two critical points in [−3, 3].</summary>
    private static NeuralOde N12 { get; } = NeuralOde.Of(1, Layer.Dense(new[,] { { 0.4, -0.7 }, { 0.4, 1 } }, [-0.3, -0.1], Activation.Tanh))
        .WithLift(Layer.Dense(new double[,] { { -1.5 }, { -1 } }, [-0.9, -0.9]))
        .WithReadout(Layer.Dense(new[,] { { -1.7, 1.6 } }, [0]));

    private static Box Line { get; } = Box.Cube(1, 3);

    [Fact]
    public void The_points_of_N12_are_those_of_the_theory()
    {
        var census = N12.CriticalPoints(Line);

        // Decimal weights are rounded to floats: points move by at most some 1e-15.
        Assert.True(census.IsComplete);
        Assert.Equal((0, 0), (census.Degree, census.SignedCount));
        Assert.Equal([1, 0], census.Points.Select(point => point.Index));
        Assert.Equal(-1.5212672483434083, census.Points[0].Point[0].Midpoint, 1e-12);
        Assert.Equal(-0.163096700169654, census.Points[1].Point[0].Midpoint, 1e-12);
        Assert.Equal(0.88772980727068571, census.Points[0].Value.Midpoint, 1e-12);
        Assert.Equal(-1.9614975084785882, census.Points[1].Value.Midpoint, 1e-12);
    }

    [Fact]
    public void A_resumed_census_is_the_census_that_was_taken_in_one_go()
    {
        var whole = Landscapes.Everything(N12.CriticalPoints(Line));
        foreach (var budget in new long[] { 0, 1, 10, 30 })
        {
            var part = N12.CriticalPoints(Line, new() { MaxBoxes = budget });
            Assert.False(part.IsComplete);
            Assert.True(whole == Landscapes.Everything(N12.CriticalPoints(CensusPaving.Parse(part.Paving.ToJson()))), $"resumed after {budget} boxes");
        }
    }

    [Fact]
    public void The_same_bytes_on_any_number_of_cores() =>
        Assert.Equal(
            Landscapes.Everything(N12.CriticalPoints(Line, new() { MaxDegreeOfParallelism = 1 })),
            Landscapes.Everything(N12.CriticalPoints(Line, new() { MaxDegreeOfParallelism = 4 })));

    [Fact]
    public void A_cancelled_census_is_partial_and_goes_on_later()
    {
        var part = N12.CriticalPoints(Line, cancellationToken: new CancellationToken(canceled: true));

        Assert.True(part.Interrupted && !part.IsComplete);
        Assert.Equal(Landscapes.Everything(N12.CriticalPoints(Line)), Landscapes.Everything(N12.CriticalPoints(part.Paving)));
        Assert.Throws<CensusPavingException>(() => Landscapes.C131.CriticalPoints(part.Paving));
    }

    [Fact]
    public void A_certificate_is_written_read_and_confirmed_and_a_changed_one_refused()
    {
        using var folder = new TemporaryFolder();
        var certificate = CensusCertificate.Create(N12.CriticalPoints(Line));
        certificate.Save(folder.File("n12.json"));
        var read = CensusCertificate.Load(folder.File("n12.json"));

        Assert.NotNull(read.Network.NeuralOde);
        Assert.Equal(certificate.ToJson(), File.ReadAllText(folder.File("n12.json")));
        Assert.Null(read.Check());

        // Another weight, another function: the boxes prove nothing of it.
        var changed = certificate.ToJson().Replace("-1.7", "1.7", StringComparison.Ordinal);
        Assert.NotEqual(certificate.ToJson(), changed);
        Assert.NotNull(CensusCertificate.Parse(changed).Check());
    }

    [Fact]
    public void Degenerate_lifts_and_readouts_are_never_called_complete()
    {
        var forgetful = N12.WithLift(Layer.Dense(new double[,] { { -1.5, 0 }, { -1, 0 } }, [-0.9, -0.9]));
        var lines = forgetful.CriticalPoints(Box.Cube(2, 2), new() { MaxBoxes = 300 });
        Assert.False(lines.IsComplete);
        Assert.Empty(lines.Points);

        var constant = N12.WithReadout(Layer.Dense(new double[,] { { 0, 0 } }, [0]));
        var flat = constant.CriticalPoints(Line, new() { MaxBoxes = 300 });
        Assert.False(flat.IsComplete);
        Assert.Empty(flat.Points);
    }

    [Fact]
    public void What_has_no_census_is_refused_with_every_reason()
    {
        var relu = NeuralOde.Of(1, Layer.Dense(new double[,] { { 1, 0 }, { 0, 1 } }, [0, 0], Activation.Relu));
        var refused = Assert.Throws<UnsuitableNetworkException>(() => relu.CriticalPoints(Box.Cube(2, 1)));

        Assert.Contains("2 outputs", refused.Message, StringComparison.Ordinal);
        Assert.Contains("relu", refused.Message, StringComparison.Ordinal);
        Assert.Contains("dimension 2", Assert.Throws<ArgumentException>(() => N12.CriticalPoints(Box.Cube(2, 1))).Message, StringComparison.Ordinal);

        var large = NeuralOde.Of(1, Layer.Dense(new double[40, 40], new double[40], Activation.Tanh))
            .WithLift(Layer.Dense(new double[40, 1], new double[40]))
            .WithReadout(Layer.Dense(new double[1, 40], [0]));
        Assert.Contains("at most 32", Assert.Throws<UnsuitableNetworkException>(() => large.CriticalPoints(Line)).Message, StringComparison.Ordinal);
    }
}
