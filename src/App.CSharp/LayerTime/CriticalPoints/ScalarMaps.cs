using System.Linq;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;
using LayerTime.Core.Rigour;
using Microsoft.FSharp.Core;

namespace LayerTime;

/// <summary>Networks as the functions that the core takes a census of.</summary>
internal static class ScalarMaps
{
    /// <summary>
    /// Plain networks by their formulas, others by the generic semantics, neural ODEs by the validated flow; weights are taken as the fractions they are.
    /// </summary>
    internal static IScalarMap Of(NetworkDocument document) =>
        document.Network is { } network ? Of(network) : OrThrow(NeuralOdeMap.create(document.NeuralOde!.Intervals));

    /// <summary>The same by the generic semantics over jets of intervals, which shares nothing with the formulas and kernels of a search.</summary>
    internal static IScalarMap Generic(NetworkDocument document) =>
        document.Network is { } network ? Generic(network) : OrThrow(NeuralOdeMap.generic(document.NeuralOde!.Intervals));

    internal static IScalarMap Of(Network network) =>
        network.Floats is not null
            ? Of(network.Floats, number => RationalModule.ofFloat(number.Value))
            : Of(network.Fractions!, number => number);

    /// <summary>Any network by the generic semantics over jets of intervals, which shares nothing with the formulas and kernels of a search.</summary>
    internal static IScalarMap Generic(Network network) =>
        OrThrow(ScalarMap.ofNetwork(Enclosed(network)));

    private static IScalarMap Of<T>(Network<T> network, System.Func<T, Rational> fraction)
        where T : IRing<T>
    {
        if (!network.Architecture.IsFeedForward)
        {
            return OrThrow(ScalarMap.ofNetwork(Enclosed(network, fraction)));
        }

        // Merged as fractions, so that merging costs no width.
        var exactly = FuncConvert.FromFunc(fraction);
        var perceptron = OrThrow(Perceptron.ofNetwork(exactly, exactly, network));
        return OrThrow(ScalarMap.ofPerceptron(Perceptron.map(FuncConvert.FromFunc<Rational, CoreInterval>(IntervalModule.ofRational), perceptron)));
    }

    /// <summary>The network over intervals, its weights as the exact numbers they are.</summary>
    internal static Network<CoreInterval> Enclosed(Network network) =>
        network.Floats is not null
            ? Enclosed(network.Floats, number => RationalModule.ofFloat(number.Value))
            : Enclosed(network.Fractions!, number => number);

    private static Network<CoreInterval> Enclosed<T>(Network<T> network, System.Func<T, Rational> fraction)
        where T : IRing<T>
    {
        var exactly = FuncConvert.FromFunc(fraction);
        var enclosure = FuncConvert.FromFunc((T number) => IntervalModule.ofRational(fraction(number)));
        var activation = FuncConvert.FromFunc((Activation<T> function) => ActivationKindModule.over<CoreInterval>(ActivationKindModule.ofActivation(exactly, function)));
        return NetworkModule.map(enclosure, activation, network);
    }

    private static T OrThrow<T>(FSharpResult<T, Microsoft.FSharp.Collections.FSharpList<Defect>> result) =>
        result.IsOk ? result.ResultValue : throw new UnsuitableNetworkException([.. result.ErrorValue.Select(NetworkDefect.OfCore)]);
}
