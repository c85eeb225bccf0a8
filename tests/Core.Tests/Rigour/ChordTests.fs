module LayerTime.Core.Tests.Rigour.ChordTests

open System
open Xunit
open FsCheck
open FsCheck.FSharp
open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Rigour
open LayerTime.Core.Tests
open LayerTime.Core.Tests.Rigour

let private kinds = [|
    ActivationKind.Identity
    ActivationKind.Square
    ActivationKind.Cubic
    ActivationKind.Transcendental TranscendentalName.Tanh
    ActivationKind.Transcendental TranscendentalName.Logistic
    ActivationKind.Transcendental TranscendentalName.Softplus
    ActivationKind.Transcendental TranscendentalName.Sine
|]

/// An activation, an order of derivative and an interval: widths from 10⁻¹⁵ to 30 about centres up to 20 in size.
let private cases: Arbitrary<ActivationKind * int * float * float> =
    gen {
        let! kind = Gen.elements kinds
        let! order = Gen.elements [ 0; 1 ]
        let! centre = Gen.choose (-20000, 20000) |> Gen.map (fun n -> float n / 1000.0)
        let! exponent = Gen.choose (-150, 15)
        let! scale = Gen.elements [ 1.0; 0.1; 0.01 ]
        let centre = scale * centre
        let radius = Math.Pow(10.0, float exponent / 10.0)
        return kind, order, centre - radius, centre + radius
    }
    |> Arb.fromGen

/// Differences of a value and an affine function, enclosed.
module private Enclosed =
    open LayerTime.Core.Numbers.Arithmetic

    let point (x: float) : Interval = Interval.ofFloat x

    /// f − (c + Σ qⱼ(xⱼ − mⱼ))
    let deviation (f: Interval) (c: float) (q: float[]) (x: float[]) (m: float[]) : Interval =
        let offsets = Array.map2 (fun a b -> point a - point b) x m
        f - Array.fold2 (fun sum slope offset -> sum + point slope * offset) (point c) q offsets

let private isWithin (error: float) (d: Interval) = d.Lower <= error && d.Upper >= -error

let private deviation kind order (chord: Chord) (centre: float) (x: float) : Interval =
    let f = ActivationRange.derivative order kind (Interval.ofFloat x)
    Enclosed.deviation f chord.Value [| chord.Slope |] [| x |] [| centre |]

[<Property(MaxTest = 20000)>]
let ``no value of an activation or its derivative lies outside of its chord`` () =
    Prop.forAll cases (fun (kind, order, lo, hi) ->
        let centre = 0.5 * lo + 0.5 * hi
        let chord = Chord.ofActivation order kind lo hi centre

        Seq.init 33 (fun i -> Math.Clamp(lo + (hi - lo) * float i / 32.0, lo, hi))
        |> Seq.forall (fun x -> isWithin chord.Error (deviation kind order chord centre x)))

[<Property(MaxTest = 1000)>]
let ``the chords of tanh and its derivative on intervals wider than a half miss by no more than their slope makes them`` () =
    Prop.forAll cases (fun (_, order, lo, hi) ->
        let lo, hi = lo - 0.25, hi + 0.25
        let kind = Networks.tanh
        let centre = 0.5 * lo + 0.5 * hi
        let chord = Chord.ofActivation order kind lo hi centre

        let samples =
            Array.init 2049 (fun i -> deviation kind order chord centre (Math.Clamp(lo + (hi - lo) * float i / 2048.0, lo, hi)))

        let spread = (samples |> Array.map _.Upper |> Array.max) - (samples |> Array.map _.Lower |> Array.min)
        // Sampled every 2048th of a width of at most 63, an extremum of curvature 2 is seen to within 3·10⁻⁴.
        chord.Error <= 0.5 * spread * 1.01 + 1e-13)

[<Property(MaxTest = 3000)>]
let ``the gradient at a point of a box lies in the affine enclosure over the box`` () =
    let networks = [| Networks.a241; Networks.b2321; Networks.deep; Networks.saddles |]

    let arbitrary =
        gen {
            let! which = Gen.choose (0, networks.Length - 1)
            let! centre = Gen.arrayOfLength 2 (Gen.choose (-3000, 3000) |> Gen.map (fun n -> float n / 1000.0))
            let! radius = Gen.arrayOfLength 2 (Gen.choose (-80, 5) |> Gen.map (fun n -> Math.Pow(10.0, float n / 10.0)))
            let! place = Gen.listOfLength 8 (Gen.arrayOfLength 2 (Gen.choose (0, 64) |> Gen.map (fun n -> float n / 64.0)))
            let box = Array.map2 (fun c r -> Interval.ofBounds (c - r) (c + r)) centre radius
            return which, box, place
        }
        |> Arb.fromGen

    Prop.forAll arbitrary (fun (which: int, box: Box, places: float[] list) ->
        let system = GradientSystem.create networks[which]
        let enclosure = AffineEnclosure 2
        system.Lineariser().Linearise(box, enclosure)

        let isEnclosed (place: float[]) =
            let inside (side: Interval) s = Math.Clamp(side.Lower + s * (side.Upper - side.Lower), side.Lower, side.Upper)
            let x = Array.map2 inside box place
            let gradient = system.Value(Box.ofPoint x)

            Seq.forall
                (fun i ->
                    let row = Array.sub enclosure.Slope (2 * i) 2
                    isWithin enclosure.Error[i] (Enclosed.deviation gradient[i] enclosure.Value[i] row x enclosure.Centre))
                [ 0; 1 ]

        List.forall isEnclosed places)
