using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace LayerTime;

/// <summary>
/// The limit of residual networks in depth: as the number of layers grows, the penalised training problem becomes one of optimal control, and its
/// minimisers converge (Thorpe and van Gennip 2023). A study makes this visible for given data.
/// </summary>
public static class DeepLimit
{
    /// <summary>Trains networks of depths n, 2n, 4n, …, each from the one before, and says how far they are from their limit.</summary>
    /// <param name="data">What the networks learn.</param>
    /// <param name="options">Which networks, which penalties, which depths; null for the defaults.</param>
    /// <param name="progress">Told how far the study has come, at most some twenty times a second.</param>
    /// <param name="cancellationToken">Ends the study early: it returns what is done and a checkpoint to go on from, it does not throw.</param>
    /// <returns>The depths, their distances, the limit.</returns>
    /// <exception cref="DeepLimitException">The data and options make no problem, or α or τ is 0 and the theorem does not apply.</exception>
    public static DeepLimitResult Study(
        LabelledData data, DeepLimitOptions? options = null, IProgress<DeepLimitProgress>? progress = null, CancellationToken cancellationToken = default) =>
        new DeepLimitRun(new(Door.NotNull(data), options ?? new()), progress, cancellationToken).FromStart();

    /// <summary>The study that was left at a checkpoint, to its end: the same bits as one that never stopped.</summary>
    /// <param name="checkpoint">Where it was left.</param>
    /// <param name="data">The same data.</param>
    /// <param name="options">The same options; null for the defaults.</param>
    /// <param name="progress">Told how far the study has come, at most some twenty times a second.</param>
    /// <param name="cancellationToken">Ends the study early: it returns what is done and a checkpoint to go on from, it does not throw.</param>
    /// <returns>The depths, their distances, the limit.</returns>
    /// <exception cref="DeepLimitCheckpointException">The checkpoint is one of other data or options.</exception>
    /// <exception cref="DeepLimitException">The data and options make no problem, or α or τ is 0 and the theorem does not apply.</exception>
    public static DeepLimitResult Resume(
        DeepLimitCheckpoint checkpoint,
        LabelledData data,
        DeepLimitOptions? options = null,
        IProgress<DeepLimitProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        new DeepLimitRun(new(Door.NotNull(data), options ?? new()), progress, cancellationToken).From(Door.NotNull(checkpoint));

    /// <summary><see cref="Study"/>, off the caller's thread.</summary>
    /// <param name="data">What the networks learn.</param>
    /// <param name="options">Which networks, which penalties, which depths; null for the defaults.</param>
    /// <param name="progress">Told how far the study has come, at most some twenty times a second.</param>
    /// <param name="cancellationToken">Ends the study early: the task completes with what is done, it does not throw.</param>
    /// <returns>The depths, their distances, the limit.</returns>
    /// <exception cref="DeepLimitException">The data and options make no problem, or α or τ is 0 and the theorem does not apply.</exception>
    public static Task<DeepLimitResult> StudyAsync(
        LabelledData data, DeepLimitOptions? options = null, IProgress<DeepLimitProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => Study(data, options, progress, cancellationToken), CancellationToken.None);

    /// <summary><see cref="Resume"/>, off the caller's thread.</summary>
    /// <param name="checkpoint">Where it was left.</param>
    /// <param name="data">The same data.</param>
    /// <param name="options">The same options; null for the defaults.</param>
    /// <param name="progress">Told how far the study has come, at most some twenty times a second.</param>
    /// <param name="cancellationToken">Ends the study early: the task completes with what is done, it does not throw.</param>
    /// <returns>The depths, their distances, the limit.</returns>
    /// <exception cref="DeepLimitCheckpointException">The checkpoint is one of other data or options.</exception>
    /// <exception cref="DeepLimitException">The data and options make no problem, or α or τ is 0 and the theorem does not apply.</exception>
    public static Task<DeepLimitResult> ResumeAsync(
        DeepLimitCheckpoint checkpoint,
        LabelledData data,
        DeepLimitOptions? options = null,
        IProgress<DeepLimitProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Task.Run(() => Resume(checkpoint, data, options, progress, cancellationToken), CancellationToken.None);

    /// <summary>What the weights of a trained residual network say about its limit in depth, as far as one depth can tell.</summary>
    /// <param name="network">A residual network of one width.</param>
    /// <returns>Roughness, smoothness and scaling of its weights over depth, with their uncertainty.</returns>
    /// <exception cref="DeepLimitException">The network is not residual, changes its width or has fewer than eight layers.</exception>
    public static DepthDiagnosis Diagnose(Network network) => DepthDiagnosis.Of(Door.NotNull(network));

    /// <summary>What a family of trained residual networks of growing depth says about their limit.</summary>
    /// <param name="networks">Residual networks of one width and at least three depths.</param>
    /// <returns>The exponents of their weights over depth and the regime these belong to.</returns>
    /// <exception cref="DeepLimitException">A network is not residual, widths differ, or there are fewer than three depths.</exception>
    public static DepthFamilyDiagnosis Diagnose(IReadOnlyList<Network> networks) => DepthFamilyDiagnosis.Of([.. Door.NotNull(networks).OrderBy(network => network.Depth)]);
}
