namespace LayerTime.Facade.Tests.Files;

/// <summary>Small documents in the format layertime/1.</summary>
internal static class Document
{
    internal const string Good = """{ "weights": [[1, 2], [3, 4]], "bias": [5, 6], "activation": "relu" }""";

    internal static string Float(params string[] layers) => Of("float", """ "architecture": "residual", "step": 0.5 """, layers);

    internal static string Exact(string weights, string bias, string activation) =>
        Of("exact", """ "architecture": "feed-forward" """, $$"""{ "weights": {{weights}}, "bias": {{bias}}, "activation": {{activation}} }""");

    internal static string Of(string numbers, string architecture, params string[] layers) =>
        $$"""{ "format": "layertime/1", "numbers": "{{numbers}}", {{architecture}}, "layers": [{{string.Join(", ", layers)}}] }""";

    internal static string Ode(string numbers, params string[] pieces) =>
        $$"""{ "format": "layertime/1", "numbers": "{{numbers}}", "architecture": "neural-ode", "field": [{{string.Join(", ", pieces)}}] }""";

    internal static string Piece(string until, params string[] coefficients) =>
        $$"""{ "until": {{until}}, "coefficients": [{{string.Join(", ", coefficients)}}] }""";
}
