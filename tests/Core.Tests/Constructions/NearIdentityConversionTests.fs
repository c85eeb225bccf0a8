module LayerTime.Core.Tests.Constructions.NearIdentityConversionTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Tests

let private ok (result: Result<'T, 'E>) : 'T =
    match result with
    | Ok value -> value
    | Error problem -> failwith $"{problem}"

let private cubic γ = Nonlinearity.Damping(Damping.Cubic(Binary64 γ))
let private leaky κ = Nonlinearity.Damping(Damping.Leaky(Binary64 κ))
let private damped κ = Nonlinearity.Scaled(Binary64 -κ, Activation.tanh)

/// A random field with w, b linear in time, entries of size 1, and its start.
let private draw (stream: RandomStream) : NearIdentityField * float[] =
    let n = stream.NextInt(1, 3)
    let vector size = Array.init n (fun _ -> stream.NextFloat(-size, size))
    let strength = stream.NextFloat(0.2, 1.0)

    let g =
        [| cubic strength; leaky strength; damped strength; Nonlinearity.Scaled(Binary64 strength, Activation.tanh) |][stream.NextInt(0, 3)]

    let w = [| Array.init n (fun _ -> vector 1.0); Array.init n (fun _ -> vector 0.3) |]
    ok (NearIdentityField.polynomial w [| vector 0.5; vector 0.3 |] g 1.0), vector 1.0

let private distance (x: float[]) (y: float[]) : float = Array.fold2 (fun m a b -> max m (abs (a - b))) 0.0 x y
let private final (network: NearIdentityLayers) (start: float[]) : float[] = Array.last (NearIdentityLayers.run network start)

/// x(T) by the classical method of order 4 with n steps.
let private solution (field: NearIdentityField) (start: float[]) (n: int) : float[] =
    let h = field.Horizon / float n
    let stepper = Stepper.explicit Tableaus.rungeKutta4 (NearIdentityField.toVectorField field)

    let step (x: Binary64[]) l =
        let next = Array.zeroCreate x.Length
        stepper.Restart()
        stepper.Step(Binary64(float l * h), Binary64 h, x, next) |> ignore
        next

    Array.fold step (Array.map Binary64 start) [| 0 .. n - 1 |] |> Array.map _.Value

[<Fact>]
let ``the measured error of the network of an equation is within its a-priori bound and within its certificate`` () =
    for seed in 1UL .. 60UL do
        let field, start = draw (RandomStream seed)
        let exact = solution field start 400
        // Halving the step changes a method of order 4 by fifteen times its error.
        let doubt = distance exact (solution field start 200)

        match NearIdentityConversion.odeToFeedForward (LayerCount.Given 40) field start with
        | Error failed -> Assert.Fail failed.Sentence
        | Ok c ->
            let error = distance (final c.Network start) exact - doubt - c.Rounding
            Assert.True(error <= c.Bound.FeedForward, $"seed {seed}: {error} > {c.Bound.FeedForward}")
            Assert.True(error <= Option.defaultValue infinity c.Certificate, $"seed {seed}: {error} > {c.Certificate}")

[<Fact>]
let ``the equation of the network of an equation is that equation`` () =
    for seed in 1UL .. 20UL do
        let field, start = draw (RandomStream seed)
        let network = (ok (NearIdentityConversion.odeToFeedForward (LayerCount.Given 64) field start)).Network
        let back = (ok (NearIdentityConversion.feedForwardToOde network start)).Field

        for l in 0..63 do
            let t = float l / 64.0
            // W_l − I and its division by dt lose what I is larger than dt·w: 2⁻⁵³·64 of 1, and the interpolation as much again.
            let slack = 4.0 * 64.0 * System.Math.ScaleB(1.0, -53)
            Assert.All(Array.map2 distance (field.Weights t) (back.Weights t), (fun d -> Assert.True(d <= slack)))
            Assert.True(distance (field.Bias t) (back.Bias t) <= slack)

[<Fact>]
let ``the output of a network is within the bound of its equation`` () =
    for seed in 1UL .. 40UL do
        let stream = RandomStream seed
        let n, depth = stream.NextInt(1, 3), stream.NextInt(8, 40)
        let h = 1.0 / float depth
        let entry i j = (if i = j then 1.0 else 0.0) + h * stream.NextFloat(-1.0, 1.0)
        let w0 = Array.init n (fun i -> Array.init n (entry i))
        // A slow walk: each layer differs from the one before by less than dt.
        let walk =
            Array.scan (fun w _ -> Array.map (Array.map (fun a -> a + h * h * stream.NextFloat(-1.0, 1.0))) w) w0 [| 2..depth |]

        let layers =
            walk
            |> Array.map (fun w ->
                let bias = Array.init n (fun _ -> Binary64(0.2 * h))

                ok (
                    Layer.create (Matrix.ofRows (Array.map (Array.map Binary64) w)) bias [|
                        Activation.LeakyRelu(Binary64(1.0 - 0.5 * h))
                    |]
                ))

        let network = ok (NearIdentityLayers.ofLayers 1.0 layers)
        let start = Array.init n (fun _ -> stream.NextFloat(-1.0, 1.0))
        let conversion = ok (NearIdentityConversion.feedForwardToOde network start)
        // The interpolants have kinks at the layers, so the reference steps within them.
        let exact = solution conversion.Field start (16 * depth)
        let doubt = distance exact (solution conversion.Field start (8 * depth))
        let error = distance (final network start) exact - doubt - conversion.Rounding
        Assert.True(error <= conversion.Bound, $"seed {seed}: {error} > {conversion.Bound}")
        Assert.True(error <= Option.defaultValue infinity conversion.Certificate)

[<Fact>]
let ``a tolerance gets the fewest layers that the majorant allows`` () =
    let field, start = draw (RandomStream 5UL)
    let c = ok (NearIdentityConversion.odeToFeedForward (LayerCount.Within 1e-2) field start)
    Assert.True(c.Bound.Majorant <= 1e-2 && c.Bound.FeedForward <= c.Bound.Majorant)
    Assert.True((ok (NearIdentityBound.compute field start (c.Bound.Layers - 1))).Majorant > 1e-2)

/// The fixed point of x′ = x/2 + b + …: the leaky example of the theory, affine on the quadrant it stays in.
let private example = ok (NearIdentityField.constant [| [| 0.0; 0.5 |]; [| -0.5; 0.0 |] |] [| 0.1; -0.1 |] (leaky 0.5) 1.0)

[<Fact>]
let ``the constants of the known example are the known ones`` () =
    let bound = ok (NearIdentityBound.compute example [| 1.0; -0.5 |] 10)
    let close (expected: float) (found: float) = Assert.InRange(found, expected * (1.0 - 1e-12), expected * (1.0 + 1e-12))
    close 1.778465524840154 bound.Radius
    close 0.9892327624200769 bound.AffineSpeed
    close 1.878465524840154 bound.Acceleration
    close 1.257789253554883 bound.Amplification
    close 0.1803480044076831 bound.FeedForward
    close 0.1181356875158639 bound.Residual

/// Within a relative 10⁻¹² above what was computed with 25 digits: bounds are rounded upwards.
let private boundsClosely (expected: float) (found: float) = Assert.InRange(found, expected * (1.0 - 1e-15), expected * (1.0 + 1e-12))

[<Fact>]
let ``coefficients over an interval of times hold those at each time, and at one time little else`` () =
    for seed in 1UL .. 30UL do
        let stream = RandomStream seed
        let nodes = Array.init (stream.NextInt(2, 9)) (fun _ -> [| [| stream.NextFloat(-1.0, 1.0) |] |])
        let biases = nodes |> Array.map (fun _ -> [| stream.NextFloat(-1.0, 1.0) |])

        let fields = [
            NearIdentityField.interpolating nodes biases (cubic 1.0) 1.5
            NearIdentityField.polynomial nodes biases (cubic 1.0) 1.5
        ]

        for field in List.map ok fields do
            let first, second = stream.NextFloat(0.0, 1.5), stream.NextFloat(0.0, 1.5)
            let times = Interval.ofBounds (min first second) (max first second)
            let struct (w, b) = field.Over times
            let struct (w', b') = field.Over(Interval.ofFloat first)
            let w, b = w[0][0], b[0]
            // Horner with eight terms of size 1.5⁸ at most, or one interpolation: some dozens of rounding errors of numbers below 64.
            let slack = 64.0 * 64.0 * System.Math.ScaleB(1.0, -53)

            for k in 0..16 do
                let t = min first second + float k / 16.0 * abs (second - first)
                let weights, bias = field.Weights t, field.Bias t
                let wt, bt = weights[0][0], bias[0]
                Assert.InRange(wt, w.Lower - slack, w.Upper + slack)
                Assert.InRange(bt, b.Lower - slack, b.Upper + slack)

            Assert.True(Interval.width (w'[0][0]) <= slack && Interval.width (b'[0]) <= slack)

[<Fact>]
let ``the constants of a globally Lipschitz g are the known ones`` () =
    // x′ = x/2 + ¼ + ½/(1 + e⁻ˣ), x(0) = 1, T = 1, N = 10
    let g = Nonlinearity.Scaled(Binary64 0.5, Activation.transcendental TranscendentalName.Logistic)
    let bound = ok (NearIdentityBound.compute (ok (NearIdentityField.constant [| [| 0.5 |] |] [| 0.25 |] g 1.0)) [| 1.0 |] 10)
    Assert.Equal(BoundBasis.Lipschitz, bound.Basis)
    boundsClosely 0.63125 bound.Rate
    boundsClosely 2.5813125681874179 bound.Radius
    boundsClosely 1.5406562840937089 bound.AffineSpeed
    boundsClosely 1.3208252219482101 bound.Acceleration
    boundsClosely 1.3375839532624859 bound.Amplification
    boundsClosely 0.088335731097114363 bound.Residual
    boundsClosely 0.1140951951358238 bound.FeedForward
    boundsClosely 0.11890698887798202 bound.Majorant

[<Fact>]
let ``the constants of a cubic g with coefficients that vary are the known ones`` () =
    // x′ = (−½ + t/4)x + ¼ − t/2 − x³/2, x(0) = ½, T = 2, N = 40: X is the trapping radius
    let w, b = [| [| [| -0.5 |] |]; [| [| 0.25 |] |] |], [| [| 0.25 |]; [| -0.5 |] |]
    let bound = ok (NearIdentityBound.compute (ok (NearIdentityField.polynomial w b (cubic 0.5) 2.0)) [| 0.5 |] 40)
    Assert.Equal(BoundBasis.Dissipative, bound.Basis)
    boundsClosely 1.4311271443936894 bound.Radius
    boundsClosely 1.4655635721968447 bound.AffineSpeed
    boundsClosely 1.5044053230035316 bound.PreactivationRadius
    boundsClosely 3.3948530638220406 bound.Slope
    boundsClosely 11.328317107581782 bound.Acceleration
    boundsClosely 2.0 bound.Amplification
    boundsClosely 0.5664158553790891 bound.Residual
    boundsClosely 1.0639531537089324 bound.FeedForward

[<Fact>]
let ``the constants of a contracting field are the known ones`` () =
    // x′ = −x + ¼ − ½tanh x, x(0) = 1, T = 2, N = 8: μ = −1, so the majorant has σ_N too
    let bound =
        ok (NearIdentityBound.compute (ok (NearIdentityField.constant [| [| -1.0 |] |] [| 0.25 |] (damped 0.5) 2.0)) [| 1.0 |] 8)

    boundsClosely 1.5 bound.Radius
    boundsClosely 3.3038611902336498 bound.Acceleration
    boundsClosely 0.8998870849609375 bound.Amplification
    boundsClosely 0.37163775194936657 bound.Residual
    boundsClosely 0.56848805178457165 bound.FeedForward
    boundsClosely 0.56848805178457165 bound.Majorant

[<Fact>]
let ``the bound of the converse is the known one`` () =
    // w = ¼, ⅜, 5/16, 5/16 and b = ⅛, ⅛, ¼, ¼ with dt = ¼, leaky slope ⅞, x(0) = 1
    let network = {
        Step = 0.25
        Weights = [| 0.25; 0.375; 0.3125; 0.3125 |] |> Array.map (fun w -> [| [| 1.0 + 0.25 * w |] |])
        Biases = [| 0.125; 0.125; 0.25; 0.25 |] |> Array.map (fun b -> [| 0.25 * b |])
        Nonlinearity = leaky 0.5
    }

    let conversion = ok (NearIdentityConversion.feedForwardToOde network [| 1.0 |])
    boundsClosely 0.1875 conversion.WeightVariation
    boundsClosely 0.125 conversion.BiasVariation
    boundsClosely 0.43826311630855579 conversion.Bound
    Assert.Equal(0.09375, conversion.Distance)

[<Fact>]
let ``the layers with the activations of files are the same network`` () =
    for seed in 1UL .. 20UL do
        let field, start = draw (RandomStream seed)
        let network = (ok (NearIdentityConversion.odeToFeedForward (LayerCount.Given 20) field start)).Network
        let maps = NearIdentityLayers.toLayerMaps network
        let x = maps |> Array.fold (fun x map -> LayerMap.apply map x) (Array.map Binary64 start) |> Array.map _.Value
        // 1 + 3γdt and 3γdt each hide a relative 2⁻⁵³ of the layer: less than one more rounding for each of the N layers.
        Assert.True(
            distance (final network start) x
            <= 4.0 * (ok (NearIdentityConversion.odeToFeedForward (LayerCount.Given 20) field start)).Rounding
        )

[<Fact>]
let ``the trapping radius traps and nothing much smaller does`` () =
    for seed in 1UL .. 200UL do
        let stream = RandomStream seed
        let γ, ω, β = stream.NextFloat(0.01, 3.0), stream.NextFloat(0.0, 3.0), stream.NextFloat(0.0, 3.0)
        let r = TrappingRadius.smallest γ ω β
        Assert.True(TrappingRadius.isTrapping γ ω β r)
        Assert.False(TrappingRadius.isTrapping γ ω β (r * (1.0 - 1e-13)))

    Assert.Equal(0.0, TrappingRadius.smallest 1.0 0.0 0.0)

[<Fact>]
let ``ranges of slopes hold every slope and are attained`` () =
    let activations: Activation<Binary64> list = [
        Activation.Identity
        Activation.Relu
        Activation.LeakyRelu(Binary64 0.25)
        Activation.Square
        Activation.Cubic
        for name in [ TranscendentalName.Tanh; TranscendentalName.Logistic; TranscendentalName.Softplus; TranscendentalName.Sine ] do
            Activation.transcendental name
    ]

    for σ in activations do
        for g in [ Nonlinearity.Scaled(Binary64 -0.7, σ); Nonlinearity.Excess(σ, Binary64 0.125) ] do
            let range = Nonlinearity.slopes g (Interval.ofBounds -1.5 1.5)
            let slopes = Array.init 1501 (fun i -> (Nonlinearity.slope g (Binary64(-1.5 + float i * 0.002))).Value)
            // Each slope is within two rounding errors of numbers below 8/0.125.
            Assert.True(Array.forall (fun s -> range.Lower - 1e-13 <= s && s <= range.Upper + 1e-13) slopes)
            // Neighbouring points are 0.002 apart and slopes change at a rate below 8/0.125.
            Assert.True(Array.min slopes <= range.Lower + 0.13 && Array.max slopes >= range.Upper - 0.13)

[<Fact>]
let ``every failed hypothesis is named`` () =
    let field g = ok (NearIdentityField.constant [| [| 1.0 |] |] [| 0.0 |] g 1.0)

    let failure count g =
        match NearIdentityConversion.odeToFeedForward count (field g) [| 1.0 |] with
        | Error failed -> failed
        | Ok c -> failwith $"{c.Bound}"

    match failure (LayerCount.Given 10) (cubic -1.0) with
    | FailedHypothesis.Dissipation(_, slope, 0.0) -> Assert.True(slope > 0.0)
    | other -> Assert.Fail other.Sentence

    match failure (LayerCount.Given 1) (cubic 1.0) with
    | FailedHypothesis.StepLength(1, value) -> Assert.True(value > 1.0)
    | other -> Assert.Fail other.Sentence

    match failure (LayerCount.Within 1e-9) (cubic 1.0) with
    | FailedHypothesis.Depth(1e-9, _) -> ()
    | other -> Assert.Fail other.Sentence

    let layers sign depth =
        Array.init depth (fun l ->
            let s = if l % 2 = 0 then 1.0 else sign
            ok (Layer.create (Matrix.ofRows [| [| Binary64(1.0 + s * 0.1) |] |]) [| Binary64 0.0 |] [| Activation.tanh |]))

    let read sign depth = NearIdentityConversion.feedForwardToOde (ok (NearIdentityLayers.ofLayers 1.0 (layers sign depth))) [| 1.0 |]

    match read -1.0 20 with
    | Error(FailedHypothesis.Variation(found, most)) -> Assert.True(found > most)
    | other -> Assert.Fail $"{other}"

    let far = layers 1.0 1 |> Array.map (Layer.map (fun w -> Binary64(2.0 * w.Value)) id)

    match NearIdentityConversion.feedForwardToOde (ok (NearIdentityLayers.ofLayers 1.0 far)) [| 1.0 |] with
    | Error(FailedHypothesis.NearIdentity distance) -> Assert.True(distance > 0.5)
    | other -> Assert.Fail $"{other}"

[<Fact>]
let ``defects of fields and layers are collected`` () =
    let defects (result: Result<'T, Defect list>) =
        match result with
        | Ok _ -> 0
        | Error defects -> defects.Length

    Assert.Equal(2, defects (NearIdentityField.constant [| [| 1.0; 0.0 |] |] [| nan |] (cubic 1.0) 1.0))
    Assert.Equal(1, defects (NearIdentityField.constant [| [| 1.0 |] |] [| 0.0 |] (cubic 1.0) 0.0))
    Assert.Equal(1, defects (NearIdentityField.interpolating [| [| [| 1.0 |] |] |] [| [| 0.0 |] |] (cubic 1.0) 1.0))
    let layer w σ = ok (Layer.create (Matrix.ofRows w) (Array.map (fun _ -> Binary64 0.0) w) [| σ |])
    let one, wide = [| [| Binary64 1.0 |] |], [| [| Binary64 1.0 |]; [| Binary64 0.0 |] |]
    Assert.Equal(2, defects (NearIdentityLayers.ofLayers 1.0 [| layer one Activation.tanh; layer wide Activation.Relu |]))
