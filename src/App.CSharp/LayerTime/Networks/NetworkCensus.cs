using System;
using System.Threading;
using System.Threading.Tasks;

namespace LayerTime;

public sealed partial class Network
{
    /// <summary>
    /// All critical points of the network in a box, each with a proof: a census by branch and bound with intervals. Weights are taken as the
    /// exact numbers they are.
    /// </summary>
    /// <param name="box">Where to look: one interval for each input (a network without a lift that reads K states has K·d inputs).</param>
    /// <param name="options">Tolerance, budget and cores; null for the defaults.</param>
    /// <param name="progress">Told how far the census has come, at most some twenty times a second.</param>
    /// <param name="cancellationToken">Ends the census early: it returns what was found so far and the paving to go on from, it does not throw.</param>
    /// <returns>The points, and what is undecided.</returns>
    /// <exception cref="UnsuitableNetworkException">The network has several outputs, or an activation with a kink; every reason is listed.</exception>
    /// <exception cref="ArgumentException">The box has another dimension than the input.</exception>
    public CensusResult CriticalPoints(
        Box box, CensusOptions? options = null, IProgress<CensusProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Census(options ?? new(), progress, cancellationToken).From(Door.NotNull(box));

    /// <summary>The census that was left at a paving, to its end: the same as one with the same budget that never stopped.</summary>
    /// <param name="paving">Where it was left.</param>
    /// <param name="options">Budget and cores, with tolerance and faces as in the paving; null for those and the default budget.</param>
    /// <param name="progress">Told how far the census has come, at most some twenty times a second.</param>
    /// <param name="cancellationToken">Ends the census early: it returns what was found so far and the paving to go on from, it does not throw.</param>
    /// <returns>The points, and what is undecided.</returns>
    /// <exception cref="CensusPavingException">The paving is of another network or of other options.</exception>
    /// <exception cref="UnsuitableNetworkException">The network has several outputs, or an activation with a kink; every reason is listed.</exception>
    public CensusResult CriticalPoints(
        CensusPaving paving, CensusOptions? options = null, IProgress<CensusProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Census(options ?? new() { Tolerance = Door.NotNull(paving).Tolerance, MoveFaces = paving.MoveFaces }, progress, cancellationToken)
            .From(Door.NotNull(paving));

    /// <summary><see cref="CriticalPoints(Box, CensusOptions?, IProgress{CensusProgress}?, CancellationToken)"/>, off the caller's thread.</summary>
    /// <param name="box">Where to look: one interval for each input.</param>
    /// <param name="options">Tolerance, budget and cores; null for the defaults.</param>
    /// <param name="progress">Told how far the census has come, at most some twenty times a second.</param>
    /// <param name="cancellationToken">Ends the census early: the task completes with what was found so far, it does not throw.</param>
    /// <returns>The points, and what is undecided.</returns>
    /// <exception cref="UnsuitableNetworkException">The network has several outputs, or an activation with a kink; every reason is listed.</exception>
    /// <exception cref="ArgumentException">The box has another dimension than the input.</exception>
    public Task<CensusResult> CriticalPointsAsync(
        Box box, CensusOptions? options = null, IProgress<CensusProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => CriticalPoints(box, options, progress, cancellationToken), CancellationToken.None);

    /// <summary><see cref="CriticalPoints(CensusPaving, CensusOptions?, IProgress{CensusProgress}?, CancellationToken)"/>, off the caller's thread.</summary>
    /// <param name="paving">Where it was left.</param>
    /// <param name="options">Budget and cores, with tolerance and faces as in the paving; null for those and the default budget.</param>
    /// <param name="progress">Told how far the census has come, at most some twenty times a second.</param>
    /// <param name="cancellationToken">Ends the census early: the task completes with what was found so far, it does not throw.</param>
    /// <returns>The points, and what is undecided.</returns>
    /// <exception cref="CensusPavingException">The paving is of another network or of other options.</exception>
    /// <exception cref="UnsuitableNetworkException">The network has several outputs, or an activation with a kink; every reason is listed.</exception>
    public Task<CensusResult> CriticalPointsAsync(
        CensusPaving paving, CensusOptions? options = null, IProgress<CensusProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => CriticalPoints(paving, options, progress, cancellationToken), CancellationToken.None);

    private CensusRun Census(CensusOptions options, IProgress<CensusProgress>? progress, CancellationToken cancellationToken) =>
        new(NetworkDocument.Of(this), options, new(options, progress), cancellationToken);
}
