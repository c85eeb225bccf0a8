using System.Globalization;
using System.IO;
using System.Linq;

namespace LayerTime.Host.Rendering;

/// <summary>What weights say about depth, for people and for programs.</summary>
internal static class DiagnosisText
{
    internal static string Of(DepthDiagnosis diagnosis, bool json)
    {
        if (json)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{{\n  \"depth\": {diagnosis.Depth},\n  \"neumann\": {diagnosis.Neumann:R},\n  \"independent\": [{diagnosis.IndependentLower:R}, {diagnosis.IndependentUpper:R}],\n  \"hurst\": {OrNull(diagnosis.Hurst)},\n  \"scalingExponent\": {OrNull(diagnosis.ScalingExponent)},\n  \"scalingUncertainty\": {OrNull(diagnosis.ScalingUncertainty)},\n  \"scaledNorm\": {diagnosis.ScaledNorm:R},\n  \"scaledEnergy\": {diagnosis.ScaledEnergy:R},\n  \"regime\": \"{Word(diagnosis.Regime)}\",\n  \"sentence\": \"{diagnosis.Sentence}\"\n}}\n");
        }

        using var writer = new StringWriter { NewLine = "\n" };
        Page.WriteField(writer, "layers", Shown.Count(diagnosis.Depth), labelWidth: 16);
        Page.WriteField(writer, "roughness ν", string.Create(CultureInfo.InvariantCulture, $"{diagnosis.Neumann:G4} (smooth: near 0; independent layers: {diagnosis.IndependentLower:F1} … {diagnosis.IndependentUpper:F1}; alternating: 4)"), labelWidth: 16);
        Page.WriteField(writer, "smoothness H", diagnosis.Hurst is { } hurst ? string.Create(CultureInfo.InvariantCulture, $"{hurst:F2} ± 0.15 (smooth: 1; random walk: 0.5; independent: 0)") : "none: weights repeat exactly", labelWidth: 16);
        Page.WriteField(writer, "scaling β", diagnosis.ScalingExponent is { } β ? string.Create(CultureInfo.InvariantCulture, $"{β:F2} ± {diagnosis.ScalingUncertainty:F2} (smooth: 1; independent: 0.5)") : "none: sums of weights vanish", labelWidth: 16);
        Page.WriteField(writer, "n · mean |A|", Shown.Rounded(diagnosis.ScaledNorm), labelWidth: 16);
        Page.WriteField(writer, "H¹ energy", Shown.Rounded(diagnosis.ScaledEnergy), labelWidth: 16);
        writer.WriteLine();
        foreach (var line in Page.Wrap(diagnosis.Sentence, Page.Width))
        {
            writer.WriteLine(line);
        }

        return writer.ToString();
    }

    internal static string Of(DepthFamilyDiagnosis diagnosis, bool json)
    {
        if (json)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{{\n  \"depths\": [{string.Join(", ", diagnosis.Depths)}],\n  \"norm\": {diagnosis.Norm:R},\n  \"sum\": {diagnosis.Sum:R},\n  \"quadratic\": {diagnosis.Quadratic:R},\n  \"neumann\": {diagnosis.Neumann:R},\n  \"regime\": \"{Word(diagnosis.Regime)}\"\n}}\n");
        }

        using var writer = new StringWriter { NewLine = "\n" };
        Page.WriteField(writer, "depths", Page.List(diagnosis.Depths.Select(depth => Shown.Count(depth))), labelWidth: 16);
        Page.WriteField(writer, "norm", string.Create(CultureInfo.InvariantCulture, $"mean |A| ∝ n^−β with β = {diagnosis.Norm:F2} ± 0.2 (ordinary equation: 1; stochastic: 0.5)"), labelWidth: 16);
        Page.WriteField(writer, "sum", string.Create(CultureInfo.InvariantCulture, $"|ΣA| ∝ n^{diagnosis.Sum:F2} ± 0.2 (both equations: 0)"), labelWidth: 16);
        Page.WriteField(writer, "squares", string.Create(CultureInfo.InvariantCulture, $"(Σ|A|²)^½ ∝ n^{diagnosis.Quadratic:F2} ± 0.2 (ordinary equation: −0.5; stochastic: 0)"), labelWidth: 16);
        Page.WriteField(writer, "roughness ν", string.Create(CultureInfo.InvariantCulture, $"{diagnosis.Neumann:G4} at the deepest (smooth: near 0; independent layers: 2)"), labelWidth: 16);
        writer.WriteLine();
        writer.WriteLine(Regime(diagnosis.Regime));
        return writer.ToString();
    }

    private static string Regime(DepthRegime regime) => regime switch
    {
        DepthRegime.OrdinaryEquation => "These networks approach an ordinary differential equation.",
        DepthRegime.StochasticEquation => "These networks approach a stochastic differential equation, not an ordinary one.",
        DepthRegime.Trivial => "These networks approach the identity: their layers do less and less.",
        DepthRegime.Explosive => "These networks have no limit: their layers together do more and more.",
        DepthRegime.Relaxed => "The weights alternate: these networks approach an averaged equation, not that of their mean weights.",
        _ => "The numbers do not tell which limit these networks have.",
    };

    private static string OrNull(double? number) => number is { } value ? value.ToString("R", CultureInfo.InvariantCulture) : "null";

    private static string Word(DepthRegime regime) => char.ToLowerInvariant(regime.ToString()[0]) + regime.ToString()[1..];
}
