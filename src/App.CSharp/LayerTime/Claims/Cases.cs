using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using LayerTime.Core.Claims;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using FSharpPairs = Microsoft.FSharp.Collections.FSharpList<System.Tuple<string, string>>;

namespace LayerTime;

/// <summary>The cases that a conclusion is tried on.</summary>
/// <typeparam name="T">What one instance is.</typeparam>
public sealed class Cases<T>
{
    internal Cases(Instances<T> core) => Core = core;

    internal Instances<T> Core { get; }
}

/// <summary>The sorts of cases.</summary>
public static class Cases
{
    /// <summary>Chosen examples; in a control, every one has to refute.</summary>
    /// <typeparam name="T">What one instance is.</typeparam>
    /// <param name="instances">At least one.</param>
    /// <returns>The cases.</returns>
    public static Cases<T> Fixed<T>(params IEnumerable<T> instances) => new(InstancesModule.chosen(Show<T>(null), List(instances)));

    /// <summary>All there are; in a control, the first that refutes is enough.</summary>
    /// <typeparam name="T">What one instance is.</typeparam>
    /// <param name="instances">At least one.</param>
    /// <returns>The cases.</returns>
    public static Cases<T> All<T>(IEnumerable<T> instances) => new(InstancesModule.exhaustive(Show<T>(null), List(instances)));

    /// <summary>Problems, each of which the conclusion solves on a ladder of resolutions.</summary>
    /// <typeparam name="T">What one problem is.</typeparam>
    /// <param name="problems">At least one.</param>
    /// <returns>The cases.</returns>
    public static Cases<T> Ladder<T>(params IEnumerable<T> problems) => new(InstancesModule.ladder(Show<T>(null), List(problems)));

    /// <summary>Draws from a source of numbers, until enough of them are decided; in a control, at most that many.</summary>
    /// <typeparam name="T">What one instance is.</typeparam>
    /// <param name="draw">One instance from one source; it satisfies the hypotheses by construction.</param>
    /// <param name="trials">How many, at least 1.</param>
    /// <param name="shrink">Simpler instances, the simplest first, that still satisfy the hypotheses; null for none.</param>
    /// <param name="show">The instance as text; null for its own.</param>
    /// <returns>The cases.</returns>
    public static Cases<T> Random<T>(
        Func<RandomSource, T> draw, int trials, Func<T, IEnumerable<T>>? shrink = null, Func<T, string>? show = null)
    {
        Door.NotNull(draw);
        var fromStream = FuncConvert.FromFunc<int, RandomStream, T>((size, stream) => draw(new(size, stream)));
        return Drawn(GeneratorModule.fromStream(fromStream, Shrinker(shrink), Show(show)), trials);
    }

    /// <summary>Draws from an FsCheck generator, until enough of them are decided; in a control, at most that many.</summary>
    /// <typeparam name="T">What one instance is.</typeparam>
    /// <param name="generator">It satisfies the hypotheses by construction.</param>
    /// <param name="trials">How many, at least 1.</param>
    /// <param name="shrink">Simpler instances, the simplest first, that still satisfy the hypotheses; null for none.</param>
    /// <param name="show">The instance as text; null for its own.</param>
    /// <returns>The cases.</returns>
    public static Cases<T> Random<T>(Gen<T> generator, int trials, Func<T, IEnumerable<T>>? shrink = null, Func<T, string>? show = null) =>
        Drawn(GeneratorModule.create(Door.NotNull(generator), Shrinker(shrink), Show(show)), trials);

    private static Cases<T> Drawn<T>(Generator<T> generator, int trials) => new(InstancesModule.random(generator, Door.AtLeast(trials, 1)));

    private static FSharpList<T> List<T>(IEnumerable<T> instances)
    {
        var list = ListModule.OfSeq(Door.NotNull(instances));
        return list.IsEmpty ? throw new ArgumentException("At least one instance is expected.", nameof(instances)) : list;
    }

    private static FSharpFunc<T, IEnumerable<T>> Shrinker<T>(Func<T, IEnumerable<T>>? shrink) =>
        FuncConvert.FromFunc(shrink ?? (_ => Enumerable.Empty<T>()));

    private static FSharpFunc<T, FSharpPairs> Show<T>(Func<T, string>? show)
    {
        show ??= value => Shown.Text(value);
        return FuncConvert.FromFunc<T, FSharpPairs>(value => ListModule.OfSeq([Tuple.Create("instance", show(value))]));
    }
}
