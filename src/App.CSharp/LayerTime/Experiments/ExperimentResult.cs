using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using LayerTime.Core.Experiments;

namespace LayerTime;

/// <summary>One network of an experiment.</summary>
public sealed record ExperimentRow
{
    /// <summary>What it is, in a few words.</summary>
    public required string Network { get; init; }

    /// <summary>The number of weights and biases of its layers.</summary>
    public required int LayerParameters { get; init; }

    /// <summary>What was measured.</summary>
    public required IReadOnlyList<ExperimentMeasure> Measures { get; init; }
}

/// <summary>What sums up the values of a measure.</summary>
public enum MeasureSummary
{
    /// <summary>Mean, least and greatest.</summary>
    Spread,

    /// <summary>The least of them.</summary>
    Least,

    /// <summary>The greatest of them.</summary>
    Greatest,
}

/// <summary>A quantity of each run.</summary>
public sealed record ExperimentMeasure
{
    /// <summary>What it is.</summary>
    public required string Name { get; init; }

    /// <summary>The values, seed by seed.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>What sums them up.</summary>
    public MeasureSummary Summary { get; init; }
}

/// <summary>What an experiment has to show.</summary>
public sealed record ExperimentFinding
{
    /// <summary>The statement.</summary>
    public required string Statement { get; init; }

    /// <summary>How the theorem that says so is checked; null for an observation, which is measured and has the slack it names.</summary>
    public required Evidence? Theorem { get; init; }

    /// <summary>Whether it is so.</summary>
    public required bool Holds { get; init; }

    /// <summary>What was found.</summary>
    public required string Found { get; init; }
}

/// <summary>What came out of an experiment.</summary>
public sealed class ExperimentResult
{
    private readonly Func<ExperimentResult, string> draw;

    internal ExperimentResult(
        string name, string title, ExperimentOptions options, IReadOnlyList<ExperimentRow> rows, IEnumerable<ExperimentCheck> checks, Func<ExperimentResult, string> draw)
    {
        Name = name;
        Title = title;
        Options = options;
        Rows = rows;
        Findings =
        [
            .. checks.Select(check => new ExperimentFinding
            {
                Statement = check.Statement, Theorem = check.Theorem is { } evidence ? ClaimReader.Evidence(evidence.Value) : null, Holds = check.Holds, Found = check.Found,
            }),
        ];
        this.draw = draw;
    }

    /// <summary>The name of the experiment.</summary>
    public string Name { get; }

    /// <summary>What it shows, in one sentence.</summary>
    public string Title { get; }

    /// <summary>Seeds and cores.</summary>
    public ExperimentOptions Options { get; }

    /// <summary>The table.</summary>
    public IReadOnlyList<ExperimentRow> Rows { get; }

    /// <summary>The checks.</summary>
    public IReadOnlyList<ExperimentFinding> Findings { get; }

    /// <summary>Whether all checks hold.</summary>
    public bool AllHold => Findings.All(finding => finding.Holds);

    /// <summary>Table and checks as one JSON document: the same bytes on any machine and any number of cores.</summary>
    /// <returns>The document, with a line feed at its end.</returns>
    public string ToJson()
    {
        var rows = Rows.Select(row =>
            $"{{ \"network\": {Quoted(row.Network)}, \"layerParameters\": {row.LayerParameters}, {string.Join(", ", row.Measures.Select(measure => $"{Quoted(measure.Name)}: {CensusText.List(measure.Values.Select(CensusText.Number))}"))} }}");
        var findings = Findings.Select(finding =>
            $"{{ \"statement\": {Quoted(finding.Statement)}, \"evidence\": {Quoted(Word(finding.Theorem))}, \"holds\": {(finding.Holds ? "true" : "false")}, \"found\": {Quoted(finding.Found)} }}");
        return $"{{\n  \"version\": {Quoted(ReportReader.Version)},\n  \"experiment\": {Quoted(Name)},\n  \"title\": {Quoted(Title)},\n  \"firstSeed\": {Options.FirstSeed},\n  \"seeds\": {Rows[0].Measures[0].Values.Count},\n"
            + $"  \"rows\": {CensusText.Lines(rows, "  ")},\n  \"checks\": {CensusText.Lines(findings, "  ")}\n}}\n";
    }

    /// <summary>The picture of the experiment, as SVG.</summary>
    /// <returns>The picture.</returns>
    public string ToSvg() => draw(this);

    private static string Word(Evidence? theorem) => theorem is { } evidence ? evidence.ToString().ToLowerInvariant() : "measured";

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
