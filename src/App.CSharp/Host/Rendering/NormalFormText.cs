using System.IO;
using System.Linq;

namespace LayerTime.Host.Rendering;

/// <summary>What a normal form found, for people.</summary>
internal static class NormalFormText
{
    internal static void Write(NormalForm form, NetworkClass? found, TextWriter writer)
    {
        Field("value", form.Constant is { } constant ? string.Join(", ", constant) : "");
        Field("widths", string.Join('-', form.Widths));
        Field("ranks", string.Join(", ", form.Ranks));
        Field("removed", string.Join('\n', form.Removed.Select(neuron => neuron.Reason)));
        Field("rounded", form.IsExact ? "" : "biases that hold constants of removed neurons; everything else is exact");
        Field("class", found is null ? "" : string.Join('\n', found.Explanation));

        void Field(string label, string text)
        {
            if (text.Length > 0)
            {
                Page.WriteField(writer, label, text);
            }
        }
    }
}
