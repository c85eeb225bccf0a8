using System.Collections.Generic;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LayerTime;

/// <summary>A study as one JSON document.</summary>
internal static class DeepLimitWriter
{
    internal static string ToJson(DeepLimitResult result)
    {
        var options = result.Options;
        string[] fields =
        [
            $"\"version\": {Quoted(ReportReader.Version)}",
            $"\"data\": {{ \"name\": {Quoted(result.Data.Name)}, \"points\": {result.Data.Count}, \"features\": {CensusText.List(result.Data.Features.Select(Quoted))}, \"classes\": {CensusText.List(result.Data.Classes.Select(Quoted))} }}",
            $"\"width\": {result.Study.Width}",
            $"\"activation\": {Quoted(options.Activation.Name)}",
            $"\"alpha\": {CensusText.Number(options.Alpha)}",
            $"\"tau\": {CensusText.Number(options.Tau)}",
            $"\"seed\": {options.Seed}",
            $"\"theoremApplies\": {Truth(options.Alpha > 0 && options.Tau > 0)}",
            $"\"complete\": {Truth(result.IsComplete)}",
            $"\"interrupted\": {Truth(result.Interrupted)}",
            $"\"limitObjective\": {OrNull(result.LimitObjective)}",
            $"\"limitUncertainty\": {OrNull(result.LimitUncertainty)}",
            $"\"order\": {OrNull(result.Order)}",
            $"\"orderHalfWidth\": {OrNull(result.OrderHalfWidth)}",
            $"\"localOrders\": {Numbers(result.LocalOrders)}",
            $"\"asymptoticDepth\": {CensusText.Number(result.AsymptoticDepth)}",
            $"\"sentence\": {Quoted(result.Sentence)}",
            $"\"levels\": {CensusText.Lines(result.Levels.Select(Level), "  ")}",
        ];
        return $"{{\n  {string.Join(",\n  ", fields)}\n}}\n";
    }

    private static string Level(DeepLimitLevel level)
    {
        string[] fields =
        [
            $"\"depth\": {level.Depth}",
            $"\"objective\": {CensusText.Number(level.Objective)}",
            $"\"dataTerm\": {CensusText.Number(level.DataTerm)}",
            $"\"accuracy\": {CensusText.Number(level.Accuracy)}",
            $"\"depthError\": {CensusText.Number(level.DepthError)}",
            $"\"relativeError\": {CensusText.Number(level.RelativeError)}",
            $"\"relativeWeightError\": {OrNull(level.RelativeWeightError)}",
            $"\"distance\": {OrNull(level.Distance)}",
            $"\"functionDistance\": {OrNull(level.FunctionDistance)}",
            $"\"gradientNorm\": {CensusText.Number(level.GradientNorm)}",
            $"\"iterations\": {level.Iterations}",
            $"\"evaluations\": {level.Evaluations}",
            $"\"converged\": {Truth(level.Converged)}",
            $"\"reason\": {Quoted(level.Reason)}",
            $"\"objectives\": {Numbers(level.Objectives)}",
            $"\"gradientNorms\": {Numbers(level.GradientNorms)}",
            $"\"kernel\": {CensusText.List(level.Kernel.Select(Numbers))}",
            $"\"bias\": {CensusText.List(level.Bias.Select(Numbers))}",
        ];
        return $"{{ {string.Join(", ", fields)} }}";
    }

    private static string Numbers(IEnumerable<double> numbers) => CensusText.List(numbers.Select(CensusText.Number));

    private static string OrNull(double? number) => number is { } value ? CensusText.Number(value) : "null";

    private static string Truth(bool value) => value ? "true" : "false";

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
