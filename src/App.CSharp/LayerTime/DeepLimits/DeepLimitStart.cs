using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using LayerTime.Core.Claims;
using LayerTime.Core.DeepLimit;
using LayerTime.Core.Numbers;
using Microsoft.FSharp.Core;

namespace LayerTime;

/// <summary>Where a ladder starts: the best of some random weights after a rough training, each on whichever core is free.</summary>
internal static class DeepLimitStart
{
    /// <summary>Shallower networks differ too much from deeper ones to choose between basins for them.</summary>
    private const int LeastDepth = 16;

    /// <summary>Rough: enough to tell one basin from another.</summary>
    private const int RoughIterations = 300;

    private const double RoughTolerance = 1e-4;

    internal static ResidualWeights<Binary64>? Find(DeepLimitProblem study, CancellationToken cancellationToken)
    {
        var first = study.Options.FirstDepth;
        var depth = Math.Max(LeastDepth, first);
        var settings = new LbfgsSettings(study.Minimiser.Memory, RoughTolerance, RoughIterations, study.Minimiser.LargestNorm);
        var tried = new (double Value, ResidualWeights<Binary64> Weights)?[study.Options.Starts];

        void Try(int i)
        {
            var stream = new RandomStream(Seed.at(study.Options.Seed, i));
            var draw = FuncConvert.FromFunc(() => stream.NextFloat(-1, 1));
            var function = new TrainingFunction(study.Problem, depth, WeightCoordinates.Increments);
            var state = Lbfgs.start(settings, function, function.OfWeights(ResidualWeights.random(draw, depth, study.Width, study.Problem.Outputs)));
            while (state.Stop is null && !cancellationToken.IsCancellationRequested)
            {
                state = Lbfgs.step(settings, function, state);
            }

            tried[i] = (double.IsFinite(state.Value) ? state.Value : double.PositiveInfinity, function.ToWeights(state.Point));
        }

        Parallel.For(0, tried.Length, new ParallelOptions { MaxDegreeOfParallelism = study.Options.MaxDegreeOfParallelism }, Try);
        if (cancellationToken.IsCancellationRequested)
        {
            return null;
        }

        // The first of the best, whichever core was faster.
        var best = tried.Select(start => start!.Value).MinBy(start => start.Value).Weights;
        return first == depth ? best : ResidualWeights.sample(first, ResidualWeights.interpolate(best));
    }
}
