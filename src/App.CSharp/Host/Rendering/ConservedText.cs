using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace LayerTime.Host.Rendering;

/// <summary>Conserved quantities along a solution, for people, for tables of numbers and for programs.</summary>
internal static class ConservedText
{
    private const int Rows = 10;

    /// <summary>The quantities at eleven times, and what became of each.</summary>
    internal static void Write(ConservedQuantities laws, TextWriter writer)
    {
        var quantities = Named(laws);
        var table = new TextTable(gapOfNumbers: 2, [new("t"), .. quantities.Select(quantity => new Column(quantity.Symbol, ToTheRight: true))]);
        var last = laws.Times.Count - 1;

        // What is before and after a jump always shows.
        var jumps = Enumerable.Range(1, last).Where(i => laws.Times[i] == laws.Times[i - 1]);
        foreach (var i in Enumerable.Range(0, Rows + 1).Select(row => row * last / Rows).Concat(jumps.SelectMany(i => new[] { i - 1, i })).Distinct().Order())
        {
            table.Add([new(Shown.Float(laws.Times[i])), .. quantities.Select(quantity => new Cell(Shown.Float(quantity.Quantity.Values[i])))]);
        }

        table.Write(writer, Paint.Plain);
        writer.WriteLine();
        foreach (var (symbol, _, quantity) in quantities)
        {
            Page.WriteField(writer, symbol, Verdict(quantity));
        }

        if (laws.Jumps.Count == 0)
        {
            return;
        }

        writer.WriteLine();
        foreach (var (piece, i) in laws.Pieces.Select((piece, i) => (piece, i)))
        {
            if (i > 0)
            {
                Page.WriteField(writer, "jump", $"at t = {Shown.Float(piece.From)} the weights jump, and H by {Shown.Float(laws.Jumps[i - 1].Change)}");
            }

            Page.WriteField(writer, "piece", $"{Shown.Float(piece.From)} … {Shown.Float(piece.Until)}: H is {Verdict(piece.Hamiltonian)}");
        }
    }

    /// <summary>Every number at every time.</summary>
    internal static string Csv(ConservedQuantities laws)
    {
        var quantities = Named(laws);
        var width = laws.States[0].Count;
        var header = Numbered("x", width).Prepend("t").Concat(Numbered("a", width)).Concat(quantities.Select(quantity => quantity.Name));
        var lines = laws.Times.Select((time, i) => new[] { time }.Concat(laws.States[i]).Concat(laws.Momenta[i]).Concat(quantities.Select(quantity => quantity.Quantity.Values[i])).Select(Shown.Float));
        return string.Concat(lines.Prepend(header).Select(line => string.Join(',', line) + "\n"));
    }

    /// <summary>One JSON document, one time a line.</summary>
    internal static string Json(ConservedQuantities laws)
    {
        var quantities = Named(laws);
        var lines = laws.Times.Select((time, i) =>
            $"    {{ \"t\": {Number(time)}, \"x\": {List(laws.States[i])}, \"a\": {List(laws.Momenta[i])}, {string.Join(", ", quantities.Select(quantity => $"\"{quantity.Name}\": {Number(quantity.Quantity.Values[i])}"))} }}");
        var verdicts = quantities.Select(quantity => $"  \"{quantity.Name}\": {Verdicts(quantity.Quantity)}");
        var jumps = laws.Jumps.Select(jump => $"{{ \"t\": {Number(jump.Time)}, \"H\": {Number(jump.Change)} }}");
        var pieces = laws.Pieces.Select(piece =>
            $"    {{ \"from\": {Number(piece.From)}, \"until\": {Number(piece.Until)}, \"H\": {Verdicts(piece.Hamiltonian)}, \"pairing\": {Verdicts(piece.Pairing)}{(piece.Charge is { } charge ? $", \"charge\": {Verdicts(charge)}" : "")} }}");
        return $"{{\n{string.Join(",\n", verdicts)},\n  \"jumps\": [{string.Join(", ", jumps)}],\n  \"pieces\": [\n{string.Join(",\n", pieces)}\n  ],\n  \"along\": [\n{string.Join(",\n", lines)}\n  ]\n}}\n";
    }

    private static IReadOnlyList<(string Symbol, string Name, ConservedQuantity Quantity)> Named(ConservedQuantities laws) =>
        [("H", "H", laws.Hamiltonian), ("a·δx", "pairing", laws.Pairing), .. laws.Charge is { } charge ? [("a·v(x)", "charge", charge)] : Array.Empty<(string, string, ConservedQuantity)>()];

    private static string Verdict(ConservedQuantity quantity) =>
        quantity.IsConserved ? $"conserved: it moves by {Shown.Rounded(quantity.Drift)}, and the computation cannot tell {Shown.Upward(quantity.Bound)} from zero"
        : quantity.ObeysLaw ? $"not conserved: it moves by {Shown.Rounded(quantity.Drift)}, as much as its law says up to {Shown.Rounded(quantity.Residual)}, and the computation cannot tell {Shown.Upward(quantity.Bound)} from zero"
        : $"undecided: it moves by {Shown.Rounded(quantity.Drift)} and misses its law by {Shown.Rounded(quantity.Residual)}, more than the {Shown.Upward(quantity.Bound)} that the steps explain; take more steps";

    private static string Verdicts(ConservedQuantity quantity) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{ \"conserved\": {Truth(quantity.IsConserved)}, \"obeysLaw\": {Truth(quantity.ObeysLaw)}, \"drift\": {Number(quantity.Drift)}, \"residual\": {Number(quantity.Residual)}, \"bound\": {Number(quantity.Bound)} }}");

    private static IEnumerable<string> Numbered(string name, int count) => Enumerable.Range(1, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{name}{i}"));

    private static string List(IEnumerable<double> numbers) => $"[{string.Join(", ", numbers.Select(Number))}]";

    private static string Number(double number) => double.IsFinite(number) ? Shown.Float(number) : "null";

    private static string Truth(bool value) => value ? "true" : "false";
}
