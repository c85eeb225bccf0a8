using System;

namespace LayerTime;

/// <summary>Why a file is not read further: one defect. It never leaves the readers.</summary>
internal sealed class Refusal : Exception
{
    internal Refusal(string where, string found, string expected)
        : base($"{where}: found {found}, expected {expected}") => Defect = new() { Where = where, Found = found, Expected = expected };

    internal NetworkDefect Defect { get; }
}
