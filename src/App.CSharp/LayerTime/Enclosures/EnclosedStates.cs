using LayerTime.Core.Rigour;

namespace LayerTime;

/// <summary>Vectors that depend on the inputs, for all inputs of a box: proved bounds of them and of their derivatives in the inputs.</summary>
public sealed class EnclosedVector
{
    private readonly FlowJet<CoreInterval> jet;

    internal EnclosedVector(FlowJet<CoreInterval> jet)
    {
        this.jet = jet;
        Values = Box.OfCore(jet.Value);
    }

    /// <summary>The smallest box known around the vectors.</summary>
    public Box Values { get; }

    /// <summary>Whether first derivatives are known.</summary>
    public bool HasFirst => jet.Directions > 0;

    /// <summary>Whether second derivatives are known.</summary>
    public bool HasSecond => jet.HasSecond;

    /// <summary>∂(component)/∂(input) for all inputs of the box.</summary>
    /// <param name="component">0 … Values.Dimension − 1.</param>
    /// <param name="input">0 … number of inputs − 1.</param>
    /// <returns>An enclosure.</returns>
    /// <exception cref="System.InvalidOperationException">First derivatives were not asked for.</exception>
    public Interval First(int component, int input)
    {
        Known(HasFirst, "first");
        Door.Within(component, 0, jet.Width - 1);
        Door.Within(input, 0, jet.Directions - 1);
        return Interval.OfCore(jet.First[(input * jet.Width) + component]);
    }

    /// <summary>∂²(component)/∂(one input)∂(another) for all inputs of the box.</summary>
    /// <param name="component">0 … Values.Dimension − 1.</param>
    /// <param name="one">0 … number of inputs − 1.</param>
    /// <param name="another">0 … number of inputs − 1.</param>
    /// <returns>An enclosure.</returns>
    /// <exception cref="System.InvalidOperationException">Second derivatives were not asked for.</exception>
    public Interval Second(int component, int one, int another)
    {
        Known(HasSecond, "second");
        Door.Within(component, 0, jet.Width - 1);
        Door.Within(one, 0, jet.Directions - 1);
        Door.Within(another, 0, jet.Directions - 1);
        return Interval.OfCore(jet.Second[(jet.Pair(one, another) * jet.Width) + component]);
    }

    internal FlowJet<CoreInterval> Jet => jet;

    private static void Known(bool known, string which)
    {
        if (!known)
        {
            throw new System.InvalidOperationException($"The {which} derivatives were not asked for; EncloseOptions.Derivatives says which are enclosed.");
        }
    }
}

/// <summary>The states at one time, for all inputs of a box.</summary>
public sealed record EnclosedStates
{
    /// <summary>The time.</summary>
    public required Fraction Time { get; init; }

    /// <summary>The states with their derivatives.</summary>
    public required EnclosedVector States { get; init; }
}

/// <summary>The states between two times, for all inputs of a box: one step of a tube.</summary>
public sealed record TubeStep
{
    /// <summary>The beginning of the step.</summary>
    public required Fraction From { get; init; }

    /// <summary>The end of the step.</summary>
    public required Fraction Until { get; init; }

    /// <summary>Contains every state of every solution between both.</summary>
    public required Box States { get; init; }
}
