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

    /// <summary>x′ = f(x) for 0 ≤ t ≤ 2, a turn by tanh units.</summary>
    internal static string Turn => Ode("float", """{ "until": "2", "coefficients": [{ "weights": [[0, 1], [-1, 0]], "bias": [0, 0], "activation": "tanh" }] }""");

    /// <summary>x′ = x², which leaves every bound at t = 1/x(0).</summary>
    internal static string Square => Ode("float", """{ "until": 2, "coefficients": [{ "weights": [[1]], "bias": [0], "activation": "square" }] }""");

    /// <summary>x′ = t + 1 up to t = 1/2, then x′ = −x up to 1, exact.</summary>
    internal static string Timed => Ode(
        "exact",
        """{ "until": "1/2", "coefficients": [{ "weights": [["0"]], "bias": ["1"], "activation": "identity" }, { "weights": [["0"]], "bias": ["1"], "activation": "identity" }] }""",
        """{ "until": "1", "coefficients": [{ "weights": [["-1"]], "bias": ["0"], "activation": "identity" }] }""");

    /// <summary>x′ = wx + b − x³/2 of three components (problem Q of the specification), as layers of w + 3γI, and cubic units.</summary>
    internal static string Damped => Ode("float", """
        { "until": 2, "coefficients": [{ "inner": [
          { "weights": [[1.5, 1, 0.2], [-1, 1.6, 0], [0.3, 0, 1.3], [1, 0, 0], [0, 1, 0], [0, 0, 1]], "bias": [0.1, -0.2, 0.05, 0, 0, 0],
            "activation": ["identity", "identity", "identity", "cubic", "cubic", "cubic"] },
          { "weights": [[1, 0, 0, -1.5, 0, 0], [0, 1, 0, 0, -1.5, 0], [0, 0, 1, 0, 0, -1.5]], "bias": [0, 0, 0], "activation": "identity" }] }] }
        """);

    /// <summary>The tanh field of three terms with the weights of the specification of the compiler, horizon 1.</summary>
    internal static string ThreeTerms => Ode("float", """
        { "until": "1", "coefficients": [{ "inner": [
          { "weights": [["1", "1/2"], ["-1/2", "1"], ["1", "-1"]], "bias": ["1/10", "-1/5", "0"], "activation": "tanh" },
          { "weights": [["1/2", "-1/3", "1/4"], ["-1/4", "1/2", "1/4"]], "bias": ["0", "0"], "activation": "identity" }] }] }
        """);

    internal static string Ode(string numbers, params string[] pieces) =>
        $$"""{ "format": "layertime/1", "numbers": "{{numbers}}", "architecture": "neural-ode", "field": [{{string.Join(", ", pieces)}}] }""";
}
