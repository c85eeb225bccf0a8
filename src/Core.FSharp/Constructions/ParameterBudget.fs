namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers

// A budget that overflows 64 bits is an error, not a negative number.
open Checked

/// The parameters of a layer or a network.
type ParameterCount = {
    /// Entries of weight matrices.
    Weights: int64
    /// Entries of bias vectors.
    Biases: int64
} with

    /// Weights and biases together.
    member count.Total = count.Weights + count.Biases

/// What the same state dimension k·d costs in three architectures.
type ParameterBudget = {
    /// Order k, width d, one map per layer.
    Smooth: ParameterCount
    /// First order, width k·d.
    Residual: ParameterCount
    /// Order k, width d, k maps per layer.
    AdditiveDense: ParameterCount
}

/// Parameter counts of networks with k ≥ 1 blocks of width d ≥ 1 (Hauser et al. 2018: a factor k²; formulas reconstructed).
[<RequireQualifiedAccess>]
module ParameterBudget =
    let private count (weights: int64) (biases: int64) : ParameterCount = { Weights = weights; Biases = biases }

    let private times (n: int64) (one: ParameterCount) : ParameterCount = count (n * one.Weights) (n * one.Biases)

    let private plus (a: ParameterCount) (b: ParameterCount) : ParameterCount = count (a.Weights + b.Weights) (a.Biases + b.Biases)

    let private budget (order: int) (smooth: ParameterCount) (residual: ParameterCount) : ParameterBudget = {
        Smooth = smooth
        Residual = residual
        AdditiveDense = times (int64 order) smooth
    }

    /// One affine map per layer: d² + d, k²d² + kd and k(d² + d).
    let affine (order: int) (width: int) : ParameterBudget =
        let k, d = int64 order, int64 width
        budget order (count (d * d) d) (count (k * k * d * d) (k * d))

    /// Maps d → w → d against kd → kw → kd: 2dw + w + d, 2k²dw + kw + kd and k(2dw + w + d).
    let hidden (order: int) (width: int) (hiddenWidth: int) : ParameterBudget =
        let k, d, w = int64 order, int64 width, int64 hiddenWidth
        budget order (count (2L * d * w) (w + d)) (count (2L * k * k * d * w) (k * w + k * d))

    /// The same where the hidden width of the residual network does not grow: kd → w → kd, 2kdw + w + kd.
    let hiddenOfFixedWidth (order: int) (width: int) (hiddenWidth: int) : ParameterBudget =
        let k, d, w = int64 order, int64 width, int64 hiddenWidth
        budget order (count (2L * d * w) (w + d)) (count (2L * k * d * w) (w + k * d))

    /// Convolutions of c channels with s × s kernels: c²s² + c, k²c²s² + kc and k(c²s² + c).
    let convolution (order: int) (channels: int) (kernel: int) : ParameterBudget =
        let k, c, s = int64 order, int64 channels, int64 kernel
        budget order (count (c * c * s * s) c) (count (k * k * c * c * s * s) (k * c))

    /// An additive dense layer whose k affine maps share one bias: kd² + d.
    let denseWithCommonBias (order: int) (width: int) : ParameterCount =
        let k, d = int64 order, int64 width
        count (k * d * d) d

    /// L layers between an affine lift R^D → R^kd and an affine readout R^kd → R^C: kd(D+1) + C(kd+1) more for each.
    let network (order: int) (width: int) (depth: int) (input: int) (output: int) (layer: ParameterBudget) : ParameterBudget =
        let state, input, output = int64 order * int64 width, int64 input, int64 output
        let ends = count (state * input + output * state) (state + output)
        let whole = times (int64 depth) >> plus ends

        { Smooth = whole layer.Smooth; Residual = whole layer.Residual; AdditiveDense = whole layer.AdditiveDense }

    let private quotient (a: int64) (b: int64) : Rational = Rational.OfRatio(bigint a, bigint b)

    /// The residual network's weights and biases over the smooth network's.
    let ratio (budget: ParameterBudget) : Rational = quotient budget.Residual.Total budget.Smooth.Total

    /// The residual network's weights over the smooth network's.
    let weightRatio (budget: ParameterBudget) : Rational = quotient budget.Residual.Weights budget.Smooth.Weights
