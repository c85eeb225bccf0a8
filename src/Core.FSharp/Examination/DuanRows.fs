/// What the claims on vanilla networks as flows (Duan, Li, Ji and Cai 2022) say of a given network.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Examination.DuanRows

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Rigour
open LayerTime.Core.Examination.Hypotheses
open LayerTime.Core.Examination.Judgement

let private largestDeterminant = 32
let private largestSystem = 64

let private leakyBijection (f: NetworkFacts) = [ feedForward f; oneWidth f; leaky f; regular f ]

/// Π sign det W_l of a network of square matrices.
let private orientation (f: NetworkFacts) (conclude: int -> Applicability) : Applicability =
    if f.Width > largestDeterminant then
        Applicability.Undecided("Π sign det W_l", $"determinants are enclosed up to width {largestDeterminant}")
    else
        let signs = f.Layers |> Array.map (fun layer -> Interval.sign (IntervalMatrix.determinant layer.Weights))

        if Array.contains None signs then
            Applicability.Undecided("Π sign det W_l", "a determinant is not told from 0")
        else
            signs |> Array.choose id |> Array.fold (*) 1 |> conclude

/// Back through the layers: u = σ⁻¹(y), W·x = u − b.
let private inverse (f: NetworkFacts) : Applicability =
    let follows = "a bijection; layertime convert invert writes the inverse"

    let back (layer: Layer<Interval>) (y: Result<Interval[], string>) =
        y
        |> Result.bind (fun y ->
            let before i (y: Interval) =
                match layer.Activation i with
                | Activation.LeakyRelu slope -> Activation.value (Activation.LeakyRelu(Arithmetic.(/) (Interval.ofFloat 1.0) slope)) y
                | _ -> y

            Vector.subtract (Array.mapi before y) (layer.Bias.ToArray()) |> IntervalMatrix.solve layer.Weights)

    if f.Width > largestSystem then
        Applicability.Applies $"{follows} (not run back above width {largestSystem})"
    else
        match Array.foldBack back f.Layers (Ok(Array.last f.States)) with
        | Ok x -> StateChecks.agree $"{follows}; run back, the first state returns" x f.States[0]
        | Error reason -> Applicability.Applies $"{follows} (run back in intervals: {reason})"

/// |det Df| at the first place, by the Jacobian and by counting.
let private density (f: NetworkFacts) : Applicability =
    let follows = "it carries densities exactly, by the factors that count negative pre-activations"

    if f.Width > largestDeterminant || f.KinkDistance = 0.0 then
        Applicability.Applies follows
    else
        let ofLayer (factor: Interval, jacobian: Matrix<Interval>) l =
            let map = f.Maps[l][0]
            let product a b = Arithmetic.(*) a b

            let counted =
                map.Layers.ToArray()
                |> Array.mapFold
                    (fun x layer ->
                        let z = Layer.preactivations layer x

                        let slopes =
                            z
                            |> Array.mapi (fun i z -> Activation.derivative (layer.Activation i) z)
                            |> Array.fold product (IntervalMatrix.determinant layer.Weights)

                        slopes, Array.mapi (fun i z -> Activation.value (layer.Activation i) z) z)
                    f.States[l]
                |> fst
                |> Array.fold product factor

            counted, Matrix.multiply (LayerMap.jacobian map f.States[l]) jacobian

        let counted, jacobian = Seq.fold ofLayer (Interval.ofFloat 1.0, Matrix.identity f.Width) (seq { 0 .. f.Depth - 1 })

        StateChecks.agree $"det Df = {number (Interval.midpoint counted)} at the first place, by counting and by the Jacobian" [| counted |] [|
            IntervalMatrix.determinant jacobian
        |]

let private oneSlope (f: NetworkFacts) : string * Hypothesis =
    "one slope in all layers",
    (let slopes = f.Kinds |> Array.filter ((<>) ActivationKind.Identity)
     judged (slopes.Length = 1) (slopes |> Array.map ActivationKind.name |> String.concat ", ") "")

let private narrowerThanInput (f: NetworkFacts) : Applicability =
    let n = f.Network.Lift |> Option.map _.InputWidth |> Option.defaultValue (f.Blocks * f.Width)

    require [ feedForward f ] (fun () ->
        let widths (map: LayerMap<Interval>) = map.Layers.ToArray() |> Array.map _.OutputWidth

        // What the network puts out may be as narrow as it likes.
        let inner =
            match f.Network.Readout with
            | Some readout -> Array.append (f.Layers |> Array.map _.OutputWidth) (widths readout |> Array.rev |> Array.tail)
            | None -> Array.take (f.Layers.Length - 1) f.Layers |> Array.map _.OutputWidth

        let inner = Array.append (f.Network.Lift |> Option.map widths |> Option.defaultValue [||]) inner
        let narrowest = Array.fold min n inner

        if narrowest < n then
            Applicability.Holds
                $"a layer of {narrowest} after {n} inputs: the network is constant on fibres of dimension {n - narrowest} at least, where it is regular"
        else
            Applicability.Fails("some inner layer is narrower than the input", $"none is, of {n} inputs"))

let private widthOne (f: NetworkFacts) (follows: string) : Applicability = applies [ feedForward f; width 1 f ] follows

/// The rows, in the order of the catalogue.
let rows: ApplicabilityRow list = [
    row "duan.leaky.inverse-network" (fun f -> require (leakyBijection f) (fun () -> inverse f))
    row "duan.leaky.logdet" (fun f ->
        require (leakyBijection f) (fun () ->
            orientation f (fun sign -> Applicability.Holds $"""it {if sign > 0 then "keeps" else "turns"} the orientation everywhere""")))
    row "duan.leaky.scalar-pl-exact" (fun f ->
        applies (leakyBijection f @ [ width 1 f ]) $"a strictly monotone piecewise linear function with at most {f.Depth} breakpoints")
    row "duan.leaky.monotone-distance" (fun f ->
        widthOne f "it stays away from every function that rises and falls by half the smaller of its largest drop and rise")
    row "duan.leaky.fixed-slope" (fun f ->
        applies (leakyBijection f @ [ width 1 f; oneSlope f ]) "the ratios of its slopes are powers of α")
    row "duan.term.uniform-on-box" (fun f -> applies (leakyBijection f @ [ oneSlope f ]) "on a box its layers can have one slope each")
    row "duan.reverse.activation-flow" (fun f -> applies [ leaky f ] "its activations are flows x_i′ = −log(α_i)·max(0, −x_i)")
    row "duan.reverse.shear-factorisation" (fun f ->
        applies
            [ feedForward f; regular f ]
            $"each matrix is a product of at most {f.Width * f.Width + f.Width - 2} shears and one diagonal")
    row "duan.reverse.network-is-flow" (fun f ->
        require (leakyBijection f) (fun () ->
            orientation f (fun sign ->
                if sign > 0 then
                    Applicability.Holds "Π sign det W_l = 1: it is the time-T map of a piecewise autonomous field"
                else
                    Applicability.Fails("Π sign det W_l = 1", "Π sign det W_l = −1"))))
    row "duan.reverse.orientation-obstruction" (fun f ->
        require (leakyBijection f) (fun () ->
            orientation f (fun sign ->
                if sign > 0 then
                    Applicability.Applies "it keeps the orientation: at least ρ away from a reflection on a ball of radius ρ"
                else
                    Applicability.Fails("f keeps the orientation", "Π sign det W_l = −1: it turns it"))))
    row "duan.universal.degree-gap" (fun f ->
        applies (leakyBijection f @ [ width 2 f ]) "it stays away from every map of the plane that winds more than once around a point")
    row "duan.universal.width-below-d" narrowerThanInput
    row "duan.beyond.impossibility-report" (fun f -> widthOne f "the monotone gap of a target bounds its error from below")
    row "duan.beyond.exact-density" (fun f -> require (leakyBijection f) (fun () -> density f))

    yield!
        notOfNetworks "single steps, terms or matrices, and their flows" [
            "duan.term.relu-flow"
            "duan.term.step-is-flow"
            "duan.term.one-layer"
            "duan.term.shear-pair"
            "duan.term.shear-needs-two"
            "duan.term.well-conditioned"
            "duan.term.tanh-flow"
            "duan.term.euler-term"
            "duan.term.profile-pl"
            "duan.term.shear-any-profile"
            "duan.reverse.polar-two-exponentials"
            "duan.reverse.single-exponential-fails"
            "duan.beyond.parallel-terms"
        ]
    yield!
        notOfNetworks "splittings of a field and networks compiled from it" [
            "duan.split.lie"
            "duan.split.strang"
            "duan.split.orders"
            "duan.split.negative-time"
            "duan.split.kink-order-reduction"
            "duan.split.commuting-exact"
            "duan.split.time-pieces"
            "duan.compile.relu-field"
            "duan.compile.tanh-field"
            "duan.compile.depth-rate"
            "duan.compile.a-posteriori"
            "duan.beyond.time-dithered-kinks"
            "duan.beyond.time-dithered-fixed-slope"
        ]
    yield! notOfNetworks "target functions, which networks approximate" [ "duan.universal.width-two-scalar"; "duan.universal.swap-in-lp" ]
]
