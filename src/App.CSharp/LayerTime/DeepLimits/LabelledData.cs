using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using LayerTime.Core.DeepLimit;

namespace LayerTime;

/// <summary>Points with a class each: what a network learns to tell apart.</summary>
public sealed class LabelledData
{
    internal LabelledData(string name, IReadOnlyList<string> features, IReadOnlyList<string> classes, double[][] points, int[] labels)
    {
        Name = name;
        Features = features;
        Classes = classes;
        PointArray = points;
        LabelArray = labels;
    }

    /// <summary>The largest file of data that is read: 64 MiB.</summary>
    public const int MaximumBytes = 64 * 1024 * 1024;

    /// <summary>The names of the built-in sets: moons, spirals, annuli.</summary>
    public static IReadOnlyList<string> BuiltIn { get; } = [.. DataSets.named.Select(set => set.Item1)];

    /// <summary>Where the data come from: a built-in name or a file.</summary>
    public string Name { get; }

    /// <summary>The names of the features.</summary>
    public IReadOnlyList<string> Features { get; }

    /// <summary>The names of the classes, in the order of their numbers.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The number of points.</summary>
    public int Count => PointArray.Length;

    /// <summary>The points, each with one number for each feature.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Points => PointArray;

    /// <summary>The number of the class of each point.</summary>
    public IReadOnlyList<int> Labels => LabelArray;

    internal double[][] PointArray { get; }

    internal int[] LabelArray { get; }

    /// <summary>A built-in set of two classes in the plane, the same points everywhere.</summary>
    /// <param name="name">moons, spirals or annuli.</param>
    /// <param name="perClass">The number of points of each class, at least 1.</param>
    /// <returns>The set.</returns>
    /// <exception cref="ArgumentException">There is no set of that name.</exception>
    public static LabelledData Generate(string name, int perClass = 32)
    {
        Door.AtLeast(perClass, 1);
        var set = DataSets.named.FirstOrDefault(set => set.Item1 == Door.NotNull(name))
            ?? throw new ArgumentException($"There is no data set {name}; there are {string.Join(", ", BuiltIn)}.", nameof(name));
        var data = set.Item2.Invoke(perClass);
        return new(name, ["x1", "x2"], ["0", "1"], data.Points, data.Labels);
    }

    /// <summary>Reads a table: a line for each point, commas, semicolons or tabs between its cells, a first line with names if it has no numbers.</summary>
    /// <param name="path">The file, at most <see cref="MaximumBytes"/> long.</param>
    /// <param name="label">The name of the column with the classes, or its number counted from 1; null for the last one.</param>
    /// <returns>The data; classes are numbered in the order of their names.</returns>
    /// <exception cref="LabelledDataException">The table has cells that are missing or no finite numbers, a constant column or one class only; all of it is listed.</exception>
    /// <exception cref="NetworkFileException">The file cannot be read.</exception>
    public static LabelledData Load(string path, string? label = null)
    {
        var bytes = NetworkFile.Open(Door.NotNull(path), stream => ByteLimit.TryReadAll(stream, MaximumBytes))
            ?? throw new LabelledDataException(path, [NetworkFile.TooLarge("more", MaximumBytes)]);
        return TableReader.Read(Encoding.UTF8.GetString(bytes), path, label);
    }

    /// <summary>Reads a table as <see cref="Load"/> does.</summary>
    /// <param name="text">The table.</param>
    /// <param name="label">The name of the column with the classes, or its number counted from 1; null for the last one.</param>
    /// <returns>The data; classes are numbered in the order of their names.</returns>
    /// <exception cref="LabelledDataException">The table has cells that are missing or no finite numbers, a constant column or one class only; all of it is listed.</exception>
    public static LabelledData Parse(string text, string? label = null) => TableReader.Read(Door.NotNull(text), "The table", label);

    /// <summary>The same data with every feature shifted and scaled to mean 0 and standard deviation 1.</summary>
    /// <returns>New data.</returns>
    public LabelledData Standardised()
    {
        var moments = Enumerable.Range(0, Features.Count).Select(Moments).ToArray();
        return new(Name, Features, Classes, [.. PointArray.Select(point => point.Select((x, j) => (x - moments[j].Mean) / moments[j].Deviation).ToArray())], LabelArray);
    }

    /// <summary>The data in one line.</summary>
    /// <returns>"moons: 64 points, 2 features, 2 classes".</returns>
    public override string ToString() => $"{Name}: {Count} points, {Features.Count} features, {Classes.Count} classes";

    private (double Mean, double Deviation) Moments(int feature)
    {
        var mean = PointArray.Average(point => point[feature]);
        var deviation = Math.Sqrt(PointArray.Average(point => (point[feature] - mean) * (point[feature] - mean)));
        return (mean, deviation > 0 ? deviation : 1);
    }
}
