using System.Linq;
using LayerTime.Core.Claims;

namespace LayerTime;

/// <summary>One case again.</summary>
internal static class Replaying
{
    internal static ReplayResult Run(Catalogue catalogue, string text)
    {
        var parsed = ReplayTokenModule.parse(text);
        if (!parsed.IsOk)
        {
            throw new ReplayTokenException(text, parsed.ErrorValue);
        }

        var token = parsed.ResultValue;
        try
        {
            var replayed = Core.Claims.Replay.run(catalogue, token);
            return replayed.IsOk ? Result(catalogue, token, replayed.ResultValue) : throw new ReplayTokenException(text, replayed.ErrorValue);
        }
        catch (ClaimFault fault)
        {
            throw new ClaimFaultException(fault);
        }
    }

    private static ReplayResult Result(Catalogue catalogue, ReplayToken token, Replayed replayed) => new()
    {
        ReplayToken = ReplayTokenModule.print(token),
        ClaimId = token.Claim,
        Part = token.Part,
        Outcome = Outcome.OfCore(replayed.Outcome),
        Instance = NamedValue.OfCore(replayed.Instance),
        Simplified = replayed.Simplified is { } simplified ? Witness.OfCore(simplified.Value.Witness) : null,
        Steps = replayed.Simplified?.Value.Steps,
        IsControl = catalogue.Claims.Any(claim => claim.Id == token.Claim && claim.Controls.Any(control => control.Name == token.Part)),
    };
}
