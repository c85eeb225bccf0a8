namespace LayerTime.Host.Tests;

/// <summary>Small networks as files.</summary>
internal static class Sample
{
    internal const string Map = """{ "weights": [["1/2", "-1"], ["0", "1"]], "bias": ["0", "1/3"], "activation": "relu" }""";

    internal const string FloatMap = """{ "weights": [[0.5, -1], [0, 1]], "bias": [0, 0.1], "activation": "tanh" }""";

    /// <summary>∇³x(l+1) = h³ f(x(l)) with h = 1/2.</summary>
    internal static string Exact => Of("exact", """ "architecture": "smooth", "order": 3, "step": "1/2" """, Map, Map);

    internal static string Float => Of("float", """ "architecture": "residual", "step": 0.5 """, FloatMap, FloatMap);

    internal static string Of(string numbers, string architecture, params string[] layers) =>
        $$"""{ "format": "layertime/1", "numbers": "{{numbers}}", {{architecture}}, "layers": [{{string.Join(", ", layers)}}] }""";
}
