namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Semantics

/// Which hypotheses an a-priori bound rests on.
[<RequireQualifiedAccess>]
type BoundBasis =
    /// g(0) = 0, g non-increasing, dt(max|w_ii| + Lip_g(X_u)) ≤ 1: errors grow at the rate μ.
    | Dissipative
    /// g globally Lipschitz: errors grow at the rate L_w + L_g + dt·L_w·L_g.
    | Lipschitz

/// A hypothesis of the two conversions that does not hold.
[<RequireQualifiedAccess>]
type FailedHypothesis =
    /// H2: on |s| ≤ R the slope of g reaches this, or g(0) is this, and g has no Lipschitz constant on the whole line.
    | Dissipation of radius: float * slope: float * atZero: float
    /// H3: dt(max|w_ii| + Lip_g(X_u)) is this, and g has no Lipschitz constant on the whole line.
    | StepLength of layers: int * value: float
    /// The bound exceeds every float.
    | Finiteness of layers: int
    /// The tolerance asks for more layers than this.
    | Depth of tolerance: float * most: int
    /// dt·max‖w_l‖ is more than ½: the layers are not near the identity.
    | NearIdentity of distance: float
    /// Σ‖w_{l+1} − w_l‖ is more than N·max‖w_l‖/4: the weights do not vary slowly from layer to layer.
    | Variation of variation: float * most: float

    /// The hypothesis and what was found instead, in one sentence.
    member failed.Sentence: string =
        match failed with
        | FailedHypothesis.Dissipation(radius, slope, atZero) when atZero <> 0.0 ->
            $"H2 fails: g(0) = {atZero}, expected 0 (or a g with a global Lipschitz constant) for the bound on |x| ≤ {radius}; the slope of g reaches {slope}."
        | FailedHypothesis.Dissipation(radius, slope, _) ->
            $"H2 fails: g increases, its slope on |s| ≤ {radius} reaches {slope}, expected at most 0 (or a g with a global Lipschitz constant)."
        | FailedHypothesis.StepLength(layers, value) ->
            $"H3 fails: with {layers} layers dt(max|w_ii| + Lip_g(X_u)) = {value}, expected at most 1; take more layers."
        | FailedHypothesis.Finiteness layers ->
            $"The bound for {layers} layers is larger than every number; take a shorter horizon or smaller weights."
        | FailedHypothesis.Depth(tolerance, most) -> $"The tolerance {tolerance} asks for more than {most} layers; take a larger one."
        | FailedHypothesis.NearIdentity distance ->
            $"H1 fails: max‖W_l − I‖ = {distance}, expected at most 1/2: the layers are not near the identity, so there is no ODE regime."
        | FailedHypothesis.Variation(variation, most) ->
            $"H1 fails: Σ‖w(l+1) − w(l)‖ = {variation}, expected at most {most} = N·max‖w‖/4: the weights jump from layer to layer, so there is no ODE regime."

/// The a-priori bounds on |x_N − x(T)| in the maximum norm, rounded upwards, and what they are made of.
type NearIdentityBound = {
    /// What the bounds rest on.
    Basis: BoundBasis
    /// N
    Layers: int
    /// μ, or the rate of the other basis.
    Rate: float
    /// X ≥ |x(t)|, |x_l|
    Radius: float
    /// M_ℓ = L_w X + β
    AffineSpeed: float
    /// X_u = X + dt·M_ℓ ≥ |u_l|
    PreactivationRadius: float
    /// Lip_g(X_u)
    Slope: float
    /// M2 ≥ |x″|
    Acceleration: float
    /// σ_N = dt Σ_{k&lt;N} (1 + dt·μ)^k
    Amplification: float
    /// Of the residual network: ½M2·dt·σ_N.
    Residual: float
    /// Of the feed-forward network: (½M2 + Lip_g(X_u)M_ℓ)·dt·σ_N.
    FeedForward: float
    /// Of the distance between the two networks: Lip_g(X_u)M_ℓ·dt·σ_N.
    Between: float
    /// A bound of the feed-forward network that falls with N: (e^{μT} − 1)/μ in the place of σ_N for μ > 0, T for μ = 0.
    Majorant: float
}

/// Grönwall bounds with explicit constants of the networks of a field.
[<RequireQualifiedAccess>]
module NearIdentityBound =
    open Arithmetic

    let private exactly (x: float) : Interval = Interval.ofFloat x
    let private zero = exactly 0.0
    let private one = exactly 1.0

    /// |x|
    let private norm (x: float[]) : Interval = Array.fold (fun largest a -> Interval.max largest (Interval.abs (exactly a))) zero x

    // dt Σ_{k<N} (1 + dt·μ)^k, as the errors of N layers add up.
    let private amplification (rate: Interval) (step: Interval) (layers: int) : Interval =
        let growth = one + step * rate
        Seq.fold (fun sum _ -> sum * growth + step) zero (seq { 1..layers })

    // (e^{μT} − 1)/μ, T for μ = 0
    let private accumulated (rate: Interval) (horizon: float) : Interval =
        if Interval.isBounded rate then Interval.ofBounds 0.0 (GlobalError.accumulate rate.Upper horizon) else Interval.entire

    // e^{mT}|x_0| + β(e^{mT} − 1)/m for m ≥ 0
    let private reach (rate: Interval) (horizon: float) (start: Interval) (bias: Interval) : Interval =
        Transcendental.exp (rate * exactly horizon) * start + bias * accumulated rate horizon

    // The constants, from the rate at which errors grow, X, G and the Lipschitz constants of g.
    let private assemble
        (basis: BoundBasis)
        (suprema: Suprema)
        (horizon: float)
        (layers: int)
        (rate: Interval)
        (radius: Interval)
        (supremum: Interval)
        (lipschitz: Interval -> Interval)
        : NearIdentityBound =
        let step = exactly horizon / Ring.ratio layers 1
        let lw, β = exactly suprema.WeightNorm, exactly suprema.BiasNorm
        let ml = lw * radius + β
        let xu = radius + step * ml
        let m2 = (lw + lipschitz radius) * (ml + supremum) + exactly suprema.WeightRate * radius + exactly suprema.BiasRate
        let slope = lipschitz xu
        let σ = amplification rate step layers
        let half: Interval = Ring.ratio 1 2
        let residual, between = half * m2 * step, slope * ml * step
        let largest = if rate.Upper < 0.0 then σ else accumulated rate horizon

        {
            Basis = basis
            Layers = layers
            Rate = rate.Upper
            Radius = radius.Upper
            AffineSpeed = ml.Upper
            PreactivationRadius = xu.Upper
            Slope = slope.Upper
            Acceleration = m2.Upper
            Amplification = σ.Upper
            Residual = (residual * σ).Upper
            FeedForward = ((residual + between) * σ).Upper
            Between = (between * σ).Upper
            Majorant = ((residual + between) * largest).Upper
        }

    // H2 and H3 given: X from μ⁺, or for the cubic from its trapping radius if that is smaller.
    let private dissipative g suprema horizon start layers : NearIdentityBound =
        let μ = exactly suprema.LogarithmicNorm
        let grown = reach (Interval.max μ zero) horizon (norm start) (exactly suprema.BiasNorm)

        let radius =
            match g with
            | Nonlinearity.Damping(Damping.Cubic(γ: Binary64)) when γ.Value > 0.0 ->
                let trapped = exactly (TrappingRadius.smallest γ.Value suprema.WeightNorm suprema.BiasNorm)
                Interval.min grown (Interval.max trapped (norm start))
            | _ -> grown

        assemble
            BoundBasis.Dissipative
            suprema
            horizon
            layers
            μ
            (exactly radius.Upper)
            (Nonlinearity.monotoneSupremum g (exactly radius.Upper))
            (Nonlinearity.lipschitz g)

    // A globally Lipschitz g: m = L_w + L_g + dt·L_w·L_g and β̂ = (1 + dt·L_g)β + |g(0)| take the place of μ and β.
    let private lipschitz (lg: Interval) g suprema horizon start layers : NearIdentityBound =
        let step = exactly horizon / Ring.ratio layers 1
        let lw = exactly suprema.WeightNorm
        let atZero = Interval.abs (Nonlinearity.value (Nonlinearity.map Nonlinearity.exactly g) zero)
        let m = lw + lg + step * lw * lg
        let radius = reach m horizon (norm start) ((one + step * lg) * exactly suprema.BiasNorm + atZero)
        assemble BoundBasis.Lipschitz suprema horizon layers m radius (atZero + lg * radius) (fun _ -> lg)

    // dt(max|w_ii| + Lip_g(X_u))
    let private stepLength (suprema: Suprema) (horizon: float) (bound: NearIdentityBound) : float =
        (exactly horizon / Ring.ratio bound.Layers 1 * (exactly suprema.Diagonal + exactly bound.Slope)).Upper

    let private isFinite (bound: NearIdentityBound) : bool =
        System.Double.IsFinite bound.Majorant && System.Double.IsFinite bound.FeedForward

    // Constants beyond every float bound nothing; what follows from them must not be asked.
    let private guarded (layers: int) (compute: unit -> NearIdentityBound) : Result<NearIdentityBound, FailedHypothesis> =
        match compute () with
        | bound when isFinite bound -> Ok bound
        | _ -> Error(FailedHypothesis.Finiteness layers)

    /// The bounds for suprema of w and b, g, T, x(0) and N ≥ 1 layers; or the hypothesis that fails.
    let ofSuprema
        (suprema: Suprema)
        (g: Nonlinearity<Binary64>)
        (horizon: float)
        (start: float[])
        (layers: int)
        : Result<NearIdentityBound, FailedHypothesis> =
        let orLipschitz failed =
            match Nonlinearity.globalLipschitz g with
            | Some lg -> guarded layers (fun () -> lipschitz lg g suprema horizon start layers)
            | None -> Error failed

        match guarded layers (fun () -> dissipative g suprema horizon start layers) with
        | Error failed -> orLipschitz failed
        | Ok bound ->
            let radius = exactly bound.PreactivationRadius

            if not (Nonlinearity.isDissipative g radius) then
                let slope = (Nonlinearity.slopes g (Interval.hull -radius radius)).Upper
                orLipschitz (FailedHypothesis.Dissipation(radius.Upper, slope, Nonlinearity.ofFloat g 0.0))
            else
                let length = stepLength suprema horizon bound
                if length <= 1.0 then Ok bound else orLipschitz (FailedHypothesis.StepLength(layers, length))

    /// The bounds of the networks with N ≥ 1 layers of a field from x(0); or the hypothesis that fails.
    let compute (field: NearIdentityField) (start: float[]) (layers: int) : Result<NearIdentityBound, FailedHypothesis> =
        ofSuprema field.Suprema field.Nonlinearity field.Horizon start layers
