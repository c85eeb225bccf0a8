using System.Collections.Generic;

namespace LayerTime.Onnx;

/// <summary>Activations that a graph writes out, as one node: t·t and t + t³/3.</summary>
internal static class Patterns
{
    internal const string Square = "Square";
    internal const string Cubic = "Cubic";

    internal static void Find(IReadOnlyList<OnnxNode> nodes, IReadOnlyDictionary<string, Constant> constants, Dictionary<string, int> uses)
    {
        var makers = new Dictionary<string, OnnxNode>();
        foreach (var node in nodes)
        {
            if (node.Operator == "Mul" && node.Inputs is [var left, var right] && left == right && !constants.ContainsKey(left))
            {
                node.Become(Square, left);
                uses[left]--;
            }
            else if (node.Operator == "Pow" && node.Inputs is [var t, var exponent] && !constants.ContainsKey(t)
                && constants.TryGetValue(exponent, out var two) && two is { IsReal: true, Count: 1 } && two.Scalar() == 2)
            {
                node.Become(Square, t);
            }
            else if (node.Operator == "Add" && node.Inputs is [var a, var b] && (CubicOf(a, b) ?? CubicOf(b, a)) is { } argument)
            {
                // Of the square, the product and the sum that read t one node is left.
                node.Become(Cubic, argument);
                uses[argument] -= 2;
            }

            foreach (var output in node.Outputs)
            {
                makers[output] = node;
            }
        }

        // t where `cubed` is t³/3 and nothing else reads what it is made of.
        string? CubicOf(string t, string cubed)
        {
            if (Once(cubed) is not { Operator: "Mul", Inputs: [var x, var y] } third
                || Scaled(x, y) is not { } cube
                || Once(cube) is not { Operator: "Mul", Inputs: [var p, var q] } product
                || (p == t ? q : q == t ? p : null) is not { } squared
                || Once(squared) is not { Operator: Square, Inputs: [var root] } square
                || root != t)
            {
                return null;
            }

            third.IsAbsorbed = product.IsAbsorbed = square.IsAbsorbed = true;
            return t;
        }

        string? Scaled(string x, string y) => IsThird(x) ? y : IsThird(y) ? x : null;

        bool IsThird(string name) => constants.TryGetValue(name, out var constant) && constant is { IsReal: true, Count: 1 } && constant.Scalar() is 1.0 / 3 or (double)(1f / 3);

        OnnxNode? Once(string name) => makers.TryGetValue(name, out var node) && uses[name] == 1 && node.Outputs.Count == 1 && !node.IsAbsorbed ? node : null;
    }
}
