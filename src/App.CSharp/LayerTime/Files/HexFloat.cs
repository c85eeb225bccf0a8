using System;
using System.Globalization;
using System.Text.RegularExpressions;

namespace LayerTime;

/// <summary>Floats in hexadecimal digits, as C and IEEE 754 write them: exact, and the same for every reader.</summary>
internal static partial class HexFloat
{
    /// <summary>"0x1.8p+1" is 3; subnormal numbers are "0x0.…p-1022", infinities "inf" and "-inf".</summary>
    internal static string Write(double number)
    {
        if (double.IsInfinity(number))
        {
            return number > 0 ? "inf" : "-inf";
        }

        var bits = BitConverter.DoubleToInt64Bits(number);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var fraction = (bits & 0xFFFFFFFFFFFFF).ToString("x13", CultureInfo.InvariantCulture).TrimEnd('0');
        var power = number == 0 ? 0 : exponent == 0 ? -1022 : exponent - 1023;
        return $"{(bits < 0 ? "-" : "")}0x{(exponent == 0 ? 0 : 1)}{(fraction.Length > 0 ? "." : "")}{fraction}p{(power < 0 ? "-" : "+")}{Math.Abs(power)}";
    }

    /// <summary>Reads what <see cref="Write"/> writes, and nothing else.</summary>
    internal static bool TryRead(string text, out double number)
    {
        number = text switch { "inf" => double.PositiveInfinity, "-inf" => double.NegativeInfinity, _ => 0 };
        if (number != 0)
        {
            return true;
        }

        var match = Pattern().Match(text);
        if (!match.Success)
        {
            return false;
        }

        var fraction = long.Parse(match.Groups["fraction"].Value.PadRight(13, '0'), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var power = int.Parse(match.Groups["power"].Value, CultureInfo.InvariantCulture);
        var isNormal = match.Groups["whole"].Value == "1";
        if (isNormal ? power is < -1022 or > 1023 : power != (fraction == 0 ? 0 : -1022))
        {
            return false;
        }

        var bits = fraction | ((isNormal ? power + 1023L : 0L) << 52);
        number = BitConverter.Int64BitsToDouble(match.Groups["sign"].Length > 0 ? bits | long.MinValue : bits);
        return true;
    }

    [GeneratedRegex("^(?<sign>-?)0x(?<whole>[01])(\\.(?<fraction>[0-9a-f]{1,13}))?p(?<power>[+-][0-9]{1,4})$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
