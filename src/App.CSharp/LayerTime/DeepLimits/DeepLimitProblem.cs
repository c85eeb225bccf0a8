using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using LayerTime.Core.DeepLimit;
using LayerTime.Core.Numbers;

namespace LayerTime;

/// <summary>Data and options as the training problem and the ladder of the core, or all that stands against it.</summary>
internal sealed class DeepLimitProblem
{
    internal DeepLimitProblem(LabelledData data, DeepLimitOptions options)
    {
        Data = data;
        Options = options;
        Width = options.Width ?? data.Features.Count;
        if (!options.WithoutTheorem && (options.Alpha == 0 || options.Tau == 0))
        {
            var zero = options.Alpha == 0 ? "α = 0" : "τ = 0";
            throw new DeepLimitException(
                $"With {zero} the limit theorem does not apply: weights need not stay bounded or converge as depth grows. Choose a positive number, or ask for a study without the theorem (WithoutTheorem, --without-theorem).");
        }

        var penalties = Regulariser.uniform(new Binary64(options.Alpha), new Binary64(options.Tau));
        Problem = OrThrow(DataSets.classification(options.Activation.ToFloat(nameof(options)), Width, penalties, new(data.PointArray, data.LabelArray)));
        var minimiser = LbfgsSettingsModule.defaults;
        Minimiser = new(minimiser.Memory, options.Tolerance, options.Iterations, minimiser.LargestNorm);
        Ladder = OrThrow(DepthLadder.Create(Problem, new(options.FirstDepth, options.LastDepth, Minimiser), new CoreWorkers(options.MaxDegreeOfParallelism)));
    }

    internal LabelledData Data { get; }

    internal DeepLimitOptions Options { get; }

    internal int Width { get; }

    internal TrainingProblem<Binary64> Problem { get; }

    internal LbfgsSettings Minimiser { get; }

    internal DepthLadder Ladder { get; }

    /// <summary>All depths of the ladder.</summary>
    internal IEnumerable<int> Depths
    {
        get
        {
            for (var n = Options.FirstDepth; n <= Options.LastDepth; n *= 2)
            {
                yield return n;
            }
        }
    }

    /// <summary>A digest of everything that the numbers of a study depend on.</summary>
    internal string Digest()
    {
        var numbers = Data.PointArray.SelectMany(point => point).Select(x => x.ToString("R", CultureInfo.InvariantCulture));
        var options = string.Create(
            CultureInfo.InvariantCulture,
            $"{Width} {Options.Activation.Name} {Options.Activation.Slope} {Options.Alpha:R} {Options.Tau:R} {Options.FirstDepth} {Options.LastDepth} {Options.Tolerance:R} {Options.Iterations} {Options.Starts} {Options.Seed}");
        return CensusPaving.Digest($"{string.Join(' ', numbers)}\n{string.Join(' ', Data.LabelArray)}\n{options}");
    }

    private static T OrThrow<T>(Microsoft.FSharp.Core.FSharpResult<T, Microsoft.FSharp.Collections.FSharpList<Core.Networks.Defect>> result) =>
        result.IsOk ? result.ResultValue : throw new DeepLimitException("The limit in depth cannot be studied", Built.Defects(result.ErrorValue));
}
