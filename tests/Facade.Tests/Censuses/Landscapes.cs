using System;
using System.Linq;

namespace LayerTime.Facade.Tests.Censuses;

/// <summary>The worked networks of the theory, and their critical points by an independent computation with 18 digits.</summary>
internal static class Landscapes
{
    /// <summary>2-4-1 with four critical points in [−2.5, 2.5]².</summary>
    internal static Network A241 { get; } = Network.FeedForward(
        Layer.Dense(new[,] { { -0.2, 1.7 }, { -2, 0.4 }, { 0.1, 0.7 }, { -1.6, 0.1 } }, [-0.6, 1.4, -0.5, -0.3], Activation.Tanh),
        Layer.Dense(new[,] { { -1.9, 1.2, 1.3, -0.8 } }, [0]));

    internal static (double[] Point, double Value, int Index)[] OfA241 { get; } =
    [
        ([0.13311935480624927, -0.4757504054158456], 2.1097588052668372, 2),
        ([0.39531619267845411, 1.1124032697079512], 0.29020355922899396, 1),
        ([1.6009298115290233, -0.26325339147152537], 0.69016065009860672, 1),
        ([2.0190599819920591, 1.4716890997224997], -1.2701420681240712, 0),
    ];

    /// <summary>2-3-2-1 with four critical points in [−2.5, 2.5]²; takes some two thousand boxes.</summary>
    internal static Network B2321 { get; } = Network.FeedForward(
        Layer.Dense(new[,] { { -1.2, -1.2 }, { 2, 1.9 }, { -1.5, 1.9 } }, [0.1, -0.9, -0.1], Activation.Tanh),
        Layer.Dense(new[,] { { 0.5, 1, 0.3 }, { -0.1, 0.8, 1.7 } }, [0.1, 0.2], Activation.Tanh),
        Layer.Dense(new[,] { { -1.7, 1.4 } }, [0]));

    internal static (double[] Point, double Value, int Index)[] OfB2321 { get; } =
    [
        ([-0.084756489797982735, 2.0755596847205793], 0.1688321102167391, 0),
        ([0.19172412183950083, -0.32360331869105351], -0.17919434755362646, 1),
        ([0.49711499574751543, -0.68456716767256779], -0.17001560522860444, 2),
        ([0.84489293291812683, 0.90470682950196132], 0.26825244442405389, 1),
    ];

    /// <summary>1-3-1 with four critical points in [−4, 4].</summary>
    internal static Network C131 { get; } = Network.FeedForward(
        Layer.Dense(new[,] { { 1.8 }, { -1.1 }, { 0.1 } }, [-1.4, 1.3, -0.3], Activation.Tanh),
        Layer.Dense(new[,] { { 1.3, 1.5, 0.4 } }, [0]));

    /// <summary>tanh 2x − 2 tanh x: its only critical point, 0, is degenerate.</summary>
    internal static Network Degenerate { get; } = Network.FeedForward(
        Layer.Dense(new double[,] { { 2 }, { 1 } }, [0, 0], Activation.Tanh),
        Layer.Dense(new double[,] { { 1, -2 } }, [0]));

    /// <summary>(x + 1)²/2, an exact network: one minimum, at −1.</summary>
    internal static Network Parabola { get; } = Network.FeedForward(
        Layer.Dense(new Fraction[,] { { 1 } }, [1], Activation.Square),
        Layer.Dense(new Fraction[,] { { new(1, 2) } }, [0]));

    internal static Box Square { get; } = Box.Cube(2, 2.5);

    /// <summary>A network of one neuron: x ↦ σ(x).</summary>
    internal static Network Neuron(Activation activation) => Network.FeedForward(Layer.Dense(new double[,] { { 1 } }, [0], activation));

    internal static double[] Middle(Box box) => [.. box.Select(side => side.Midpoint)];

    internal static string Everything(CensusResult result) => result.ToJson() + result.Paving.ToJson() + (result.Domain.Dimension <= 2 ? result.ToSvg() : "") + result;
}
