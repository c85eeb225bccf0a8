using System;
using System.Text.Json;
using LayerTime.Core.Algebra;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;
using Microsoft.FSharp.Core;

namespace LayerTime;

/// <summary>One kind of numbers in a document. What is wrong is reported and read as zero or identity, so that reading can go on.</summary>
internal abstract class NumberReader<T>
    where T : IRing<T>
{
    internal abstract T Number(JsonElement element, Place place, DefectList defects);

    internal abstract bool IsPositive(T number);

    /// <summary>Whether a document may name tensors where others hold numbers, and leave out a bias of zeros.</summary>
    internal virtual bool HasTensors => false;

    /// <summary>The tensor of a name as a matrix; null after a report.</summary>
    internal virtual Matrix<T>? Matrix(JsonElement name, Place place, DefectList defects) => throw new NotSupportedException();

    /// <summary>The tensor of a name as a vector; null after a report.</summary>
    internal virtual T[]? Vector(JsonElement name, Place place, DefectList defects) => throw new NotSupportedException();

    /// <summary>The activation of a name without a parameter; null after a report.</summary>
    internal abstract Activation<T>? Activation(string name, Place place, DefectList defects);
}

/// <summary>Floats: JSON numbers, or strings with fractions such as "-3/7", rounded to nearest.</summary>
internal class FloatReader : NumberReader<Binary64>
{
    internal override Binary64 Number(JsonElement element, Place place, DefectList defects)
    {
        if (element.ValueKind == JsonValueKind.Number ? element.TryGetDouble(out var value) : TryFraction(element, out value))
        {
            if (double.IsFinite(value))
            {
                return new(value);
            }

            defects.Add(place, element, "a number within the range of floats, below 1.8e308");
            return default;
        }

        defects.Add(place, element, element.ValueKind == JsonValueKind.String ? "a finite number, or a fraction such as \"-3/7\"" : "a finite number");
        return default;
    }

    private static bool TryFraction(JsonElement element, out double value)
    {
        value = 0;
        if (element.ValueKind != JsonValueKind.String || !Fraction.TryParse(Described.Text(element), out var fraction))
        {
            return false;
        }

        value = fraction.ToDouble();
        return true;
    }

    internal override bool IsPositive(Binary64 number) => number.Value > 0;

    internal override Activation<Binary64>? Activation(string name, Place place, DefectList defects) =>
        LayerTime.Activation.ByName[name].ToFloat(nameof(name));
}

/// <summary>Fractions: strings such as "-3/7", or JSON numbers read exactly as decimals.</summary>
internal sealed class ExactReader : NumberReader<Rational>
{
    private const string Expected = "an exact number: a fraction such as \"-3/7\" or a decimal";

    internal override Rational Number(JsonElement element, Place place, DefectList defects)
    {
        var text = element.ValueKind switch
        {
            JsonValueKind.Number => element.GetRawText(),
            JsonValueKind.String => Described.Text(element),
            _ => null,
        };
        if (text is null)
        {
            defects.Add(place, element, Expected);
            return default;
        }

        var parsed = RationalModule.parse(text);
        if (parsed.IsOk)
        {
            return parsed.ResultValue;
        }

        var (found, expected) = Split(parsed.ErrorValue, element);
        defects.Add(place, found, expected);
        return default;
    }

    // The core says "found …: expected …", or "the number has …: expected …".
    private static (string Found, string Expected) Split(string sentence, JsonElement element)
    {
        const string separator = ": expected ";
        var middle = sentence.LastIndexOf(separator, StringComparison.Ordinal);
        if (middle < 0)
        {
            return (Described.Element(element), $"{Expected} ({sentence})");
        }

        var (found, expected) = (sentence[..middle], sentence[(middle + separator.Length)..]);
        var has = found.IndexOf(" has ", StringComparison.Ordinal);
        return found.StartsWith("the ", StringComparison.Ordinal) && has > 0
            ? ($"{Described.Element(element)}, which{found[has..]}", expected)
            : (Described.Element(element), expected);
    }

    internal override bool IsPositive(Rational number) => number.Sign > 0;

    internal override Activation<Rational>? Activation(string name, Place place, DefectList defects)
    {
        var activation = LayerTime.Activation.ByName[name];
        if (activation.IsExact)
        {
            return activation.ToExact(nameof(name));
        }

        defects.Add(place, $"\"{name}\", a transcendental function, which has no exact values on fractions", "identity, relu, leaky-relu, square or cubic");
        return null;
    }
}
