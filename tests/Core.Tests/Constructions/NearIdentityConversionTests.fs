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
    let g = [| cubic strength; leaky strength; damped strength; Nonlinearity.Scaled(Binary64 strength, Activation.tanh) |][stream.NextInt(0, 3)]
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
        let walk = Array.scan (fun w _ -> Array.map (Array.map (fun a -> a + h * h * stream.NextFloat(-1.0, 1.0))) w) w0 [| 2..depth |]

        let layers =
            walk
            |> Array.map (fun w ->
                let bias = Array.init n (fun _ -> Binary64(0.2 * h))
                ok (Layer.create (Matrix.ofRows (Array.map (Array.map Binary64) w)) bias [| Activation.LeakyRelu(Binary64(1.0 - 0.5 * h)) |]))

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

[<Fact>]
let ``the layers with the activations of files are the same network`` () =
    for seed in 1UL .. 20UL do
        let field, start = draw (RandomStream seed)
        let network = (ok (NearIdentityConversion.odeToFeedForward (LayerCount.Given 20) field start)).Network
        let maps = NearIdentityLayers.toLayerMaps network
        let x = maps |> Array.fold (fun x map -> LayerMap.apply map x) (Array.map Binary64 start) |> Array.map _.Value
        // 1 + 3γdt and 3γdt each hide a relative 2⁻⁵³ of the layer: less than one more rounding for each of the N layers.
        Assert.True(distance (final network start) x <= 4.0 * (ok (NearIdentityConversion.odeToFeedForward (LayerCount.Given 20) field start)).Rounding)

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
