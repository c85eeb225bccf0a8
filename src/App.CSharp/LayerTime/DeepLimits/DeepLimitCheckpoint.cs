using System;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;
using LayerTime.Core.DeepLimit;
using LayerTime.Core.Numbers;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace LayerTime;

/// <summary>Where a study is, between two iterations: it goes on from there with the same bits as one that never stopped.</summary>
public sealed class DeepLimitCheckpoint
{
    private const string Format = "layertime-limit/1";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    private readonly Document document;

    private DeepLimitCheckpoint(Document document) => this.document = document;

    /// <summary>SHA-256 of the data and the options: the study goes on with those only.</summary>
    public string Digest => document.Study;

    /// <summary>The depth at work.</summary>
    public int Depth => document.Depth;

    /// <summary>The iterations at that depth so far.</summary>
    public int Iterations => document.Minimiser.Iterations;

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The checkpoint.</returns>
    /// <exception cref="DeepLimitCheckpointException">The file is no saved study, or it is damaged.</exception>
    /// <exception cref="NetworkFileException">The file cannot be read.</exception>
    public static DeepLimitCheckpoint Load(string path)
    {
        var bytes = NetworkFile.Open(Door.NotNull(path), stream => ByteLimit.TryReadAll(stream, int.MaxValue / 2))
            ?? throw new DeepLimitCheckpointException($"{path} is too large for a saved study.");
        return Parse(System.Text.Encoding.UTF8.GetString(bytes), path);
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The document.</param>
    /// <returns>The checkpoint.</returns>
    /// <exception cref="DeepLimitCheckpointException">The text is no saved study, or it is damaged.</exception>
    public static DeepLimitCheckpoint Parse(string json) => Parse(Door.NotNull(json), "The text");

    /// <summary>Writes the checkpoint to a file, whole or not at all.</summary>
    /// <param name="path">The file; it is replaced if it exists.</param>
    /// <exception cref="NetworkFileException">The file cannot be written; nothing is left behind.</exception>
    public void Save(string path) => NetworkFile.Write(Door.NotNull(path), ToJson());

    /// <summary>The checkpoint as one JSON document.</summary>
    /// <returns>The document, with a line feed at its end.</returns>
    public string ToJson() => JsonSerializer.Serialize(document, Json) + "\n";

    internal static DeepLimitCheckpoint Of(string digest, LadderState state)
    {
        var minimiser = state.Minimiser;
        var document = new Document(
            Format,
            digest,
            [.. state.Levels.Select(level => new Level(
                level.Depth, Floats(ResidualWeights.numbers(level.Weights)), level.Objective, level.DataTerm, level.DepthError, level.GradientNorm,
                level.Iterations, level.Evaluations, Stop.Of(level.Stop), [.. level.History.Select(entry => new[] { entry.Item1, entry.Item2 })]))],
            state.Depth,
            new(
                minimiser.Point, minimiser.Value, minimiser.Gradient, [.. minimiser.Pairs.Select(pair => new Pair(pair.Step, pair.Change, pair.Product))],
                minimiser.Iterations, minimiser.Evaluations, minimiser.Stop is { } stop ? Stop.Of(stop.Value) : null),
            [.. state.History.Select(entry => new[] { entry.Item1, entry.Item2 })],
            state.IsFinished,
            "");
        return new(document with { Checksum = Sum(document) });
    }

    /// <summary>The state of a ladder, if the checkpoint is one of this study.</summary>
    internal LadderState StateOf(DeepLimitProblem study)
    {
        if (study.Digest() != Digest)
        {
            throw new DeepLimitCheckpointException(
                $"The saved study is one of other data or options: its digest is {Digest}, that of these is {study.Digest()}. It goes on with its own only.");
        }

        var minimiser = document.Minimiser;
        return new(
            [.. document.Levels.Select(level => new LadderLevel(
                level.Depth, ResidualWeights.ofNumbers(study.Width, study.Problem.Outputs, Binary64Module.ofFloats(level.Weights)), level.Objective, level.DataTerm,
                level.DepthError, level.GradientNorm, level.Iterations, level.Evaluations, level.Stop.ToCore(), [.. level.History.Select(entry => (entry[0], entry[1]))]))],
            document.Depth,
            new(
                minimiser.Point, minimiser.Value, minimiser.Gradient,
                ListModule.OfSeq(minimiser.Pairs.Select(pair => new LbfgsPair(pair.Step, pair.Change, pair.Product))),
                minimiser.Iterations, minimiser.Evaluations, minimiser.Stop is { } stop ? FSharpOption<LbfgsStop>.Some(stop.ToCore()) : null),
            ListModule.OfSeq(document.History.Select(entry => (entry[0], entry[1]))),
            document.IsFinished);
    }

    private static DeepLimitCheckpoint Parse(string json, string source)
    {
        Document? document;
        try
        {
            document = JsonSerializer.Deserialize<Document>(json, Json);
        }
        catch (JsonException exception)
        {
            throw new DeepLimitCheckpointException($"{source} is not a saved study: it stops being one in line {(exception.LineNumber ?? 0) + 1}, byte {(exception.BytePositionInLine ?? 0) + 1}.");
        }

        return document is null || document.Format != Format ? throw new DeepLimitCheckpointException($"{source} is not a saved study: expected the format \"{Format}\".")
            : Sum(document) != document.Checksum ? throw new DeepLimitCheckpointException($"{source} is damaged: its checksum is not that of its content. No study goes on from it.")
            : new(document);
    }

    private static string Sum(Document document) => CensusPaving.Digest(JsonSerializer.Serialize(document with { Checksum = "" }, Json));

    private static double[] Floats(Binary64[] numbers) => Binary64Module.toFloats(numbers);

    private sealed record Document(
        string Format, string Study, Level[] Levels, int Depth, Minimiser Minimiser, double[][] History, bool IsFinished, string Checksum);

    private sealed record Level(
        int Depth, double[] Weights, double Objective, double DataTerm, double DepthError, double GradientNorm, int Iterations, int Evaluations, Stop Stop, double[][] History);

    private sealed record Minimiser(double[] Point, double Value, double[] Gradient, Pair[] Pairs, int Iterations, int Evaluations, Stop? Stop);

    private sealed record Pair(double[] Step, double[] Change, double Product);

    private sealed record Stop(string Kind, double Norm)
    {
        internal static Stop Of(LbfgsStop stop) => stop switch
        {
            { IsConverged: true } => new("converged", 0),
            { IsIterationLimit: true } => new("iteration-limit", 0),
            { IsRoundingFloor: true } => new("rounding-floor", 0),
            LbfgsStop.Unbounded unbounded => new("unbounded", unbounded.norm),
            _ => new("not-finite", 0),
        };

        internal LbfgsStop ToCore() => Kind switch
        {
            "converged" => LbfgsStop.Converged,
            "iteration-limit" => LbfgsStop.IterationLimit,
            "rounding-floor" => LbfgsStop.RoundingFloor,
            "unbounded" => LbfgsStop.NewUnbounded(Norm),
            _ => LbfgsStop.NotFinite,
        };
    }
}
