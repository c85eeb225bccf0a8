using System;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace LayerTime;

/// <summary>What is checked before anything is handed to the core; the parameter is named in the message.</summary>
internal static class Door
{
    internal static double Finite(double value, [CallerArgumentExpression(nameof(value))] string? parameter = null) =>
        double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(parameter, value, "A finite number is expected.");

    internal static double NotNegative(double value, [CallerArgumentExpression(nameof(value))] string? parameter = null) =>
        Finite(value, parameter) >= 0 ? value : throw new ArgumentOutOfRangeException(parameter, value, "A number that is not negative is expected.");

    internal static double Positive(double value, [CallerArgumentExpression(nameof(value))] string? parameter = null) =>
        Finite(value, parameter) > 0 ? value : throw new ArgumentOutOfRangeException(parameter, value, "A positive number is expected.");

    internal static T NotNull<T>(T? value, [CallerArgumentExpression(nameof(value))] string? parameter = null)
        where T : class => value ?? throw new ArgumentNullException(parameter);

    internal static int AtLeast(int value, int least, [CallerArgumentExpression(nameof(value))] string? parameter = null) =>
        value >= least ? value : throw new ArgumentOutOfRangeException(parameter, value, $"At least {least} is expected.");

    internal static long AtLeast(long value, long least, [CallerArgumentExpression(nameof(value))] string? parameter = null) =>
        value >= least ? value : throw new ArgumentOutOfRangeException(parameter, value, $"At least {least} is expected.");

    internal static void Within(int value, int least, int most, [CallerArgumentExpression(nameof(value))] string? parameter = null)
    {
        if (value < least || value > most)
        {
            throw new ArgumentOutOfRangeException(parameter, value, $"An integer of {least} … {most} is expected.");
        }
    }

    internal static void Length(int found, int expected, string parameter)
    {
        if (found != expected)
        {
            throw new ArgumentException($"Found {found} numbers; {expected} are expected.", parameter);
        }
    }

    internal static void Finite(ReadOnlySpan<double> values, string parameter)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]))
            {
                var found = values[i].ToString(CultureInfo.InvariantCulture);
                throw new ArgumentException($"The number with index {i} is {found}; finite numbers are expected.", parameter);
            }
        }
    }
}
