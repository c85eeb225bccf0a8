using System;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Facade.Tests.Claims;

public sealed class CatalogueTests
{
    [Fact]
    public void The_catalogue_is_that_of_the_core()
    {
        var core = Core.Claims.Papers.catalogue;

        Assert.Equal(core.Claims.Select(claim => claim.Id), ClaimCatalogue.All.Select(claim => claim.Id));
        Assert.Equal(core.Digest, ClaimCatalogue.Digest);
        Assert.All(ClaimCatalogue.All, claim => Assert.True(claim.IsOpen ? claim.Parts.Count == 0 : claim.Parts.Count > 0));
        Assert.All(ClaimCatalogue.All, claim => Assert.NotEmpty(claim.Statement));
    }

    [Fact]
    public void Claims_are_found_by_id_and_by_pattern()
    {
        Assert.Equal("hauser.smooth.inverse", ClaimCatalogue.Find("hauser.smooth.inverse")!.Id);
        Assert.Null(ClaimCatalogue.Find("hauser.smooth.invers"));
        Assert.All(ClaimCatalogue.Select("hauser.dense.*"), claim => Assert.StartsWith("hauser.dense.", claim.Id, StringComparison.Ordinal));
        Assert.Equal(ClaimCatalogue.All.Count, ClaimCatalogue.Select("*").Count);
    }

    [Fact]
    public async Task A_pattern_that_fits_no_claim_suggests_the_nearest()
    {
        var exception = await Assert.ThrowsAsync<UnknownClaimException>(() => Verifier.VerifyAsync("hauser.smoth.inverse"));

        Assert.Equal("hauser.smoth.inverse", exception.Pattern);
        Assert.Equal("hauser.smooth.inverse", exception.NearestIds[0]);
        Assert.Contains("hauser.smooth.inverse", exception.Message, StringComparison.Ordinal);
        Assert.Empty(ClaimCatalogue.Nearest("x", 0));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("lt9:a:b:1:0:0000000000000000")]
    [InlineData("lt1:hauser.smooth.inverse:equality:1:0:0000000000000000")]
    [InlineData("lt1:hauser.smooth.inverse:equality:-1:0:0000000000000000")]
    [InlineData("lt1:hauser.smooth.inverse:equality:1:0")]
    public void Tokens_that_stand_for_no_case_are_refused_in_a_sentence(string token)
    {
        var exception = Assert.Throws<ReplayTokenException>(() => Verifier.Replay(token));

        Assert.Equal(token, exception.Token);
        Assert.Matches("^[A-Z].*[.?]$", exception.Message);
    }

    [Fact]
    public void A_token_of_another_catalogue_names_both_digests()
    {
        var exception = Assert.Throws<ReplayTokenException>(() => Verifier.Replay("lt1:hauser.smooth.inverse:equality:1:0:0123456789abcdef"));

        Assert.Contains("0123456789abcdef", exception.Message, StringComparison.Ordinal);
        Assert.Contains(ClaimCatalogue.Digest, exception.Message, StringComparison.Ordinal);
    }
}
