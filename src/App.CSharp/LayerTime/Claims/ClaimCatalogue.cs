using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.Claims;
using CoreClaim = LayerTime.Core.Claims.Claim;

namespace LayerTime;

/// <summary>The claims that come with the library.</summary>
public static class ClaimCatalogue
{
    /// <summary>Every claim, in the order of the papers.</summary>
    public static IReadOnlyList<ClaimInfo> All { get; } = [.. Papers.catalogue.Claims.Select(ClaimReader.Info)];

    /// <summary>Sixteen hexadecimal digits that change whenever a replay token would lead to another case.</summary>
    public static string Digest => Papers.catalogue.Digest;

    /// <summary>The claim with this id, or null.</summary>
    /// <param name="id">The id, such as "hauser.smooth.inverse".</param>
    /// <returns>What it says and how it is checked; null if there is none.</returns>
    public static ClaimInfo? Find(string id)
    {
        Door.NotNull(id);
        return All.FirstOrDefault(claim => claim.Id == id);
    }

    /// <summary>The claims whose ids fit a pattern.</summary>
    /// <param name="pattern">An id in which * stands for any text and ? for one character.</param>
    /// <returns>At least one claim.</returns>
    /// <exception cref="UnknownClaimException">No id fits; the nearest ids are named.</exception>
    public static IReadOnlyList<ClaimInfo> Select(string pattern) => [.. Choose(pattern).Claims.Select(ClaimReader.Info)];

    /// <summary>The ids nearest to a text, the nearest first.</summary>
    /// <param name="pattern">An id or a pattern.</param>
    /// <param name="count">How many at most.</param>
    /// <returns>Ids of the catalogue.</returns>
    public static IReadOnlyList<string> Nearest(string pattern, int count = 3) =>
        [.. CatalogueModule.nearest(Door.AtLeast(count, 0), Door.NotNull(pattern), Papers.catalogue)];

    internal static Catalogue Choose(string pattern)
    {
        var selected = CatalogueModule.select(Door.NotNull(pattern), Papers.catalogue);
        return selected.IsOk ? selected.ResultValue : throw new UnknownClaimException(pattern, selected.ErrorValue, Nearest(pattern));
    }

    internal static Catalogue Of(IReadOnlyList<Claim> claims)
    {
        var created = CatalogueModule.create(Microsoft.FSharp.Collections.ListModule.OfSeq<CoreClaim>(claims.Select(claim => claim.Core)));
        return created.IsOk ? created.ResultValue : throw new InvalidClaimException([.. created.ErrorValue]);
    }
}
