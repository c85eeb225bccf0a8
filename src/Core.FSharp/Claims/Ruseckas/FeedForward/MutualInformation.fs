/// Injective layers keep what a sample knows about its labels; no layer can add to it.
///
/// Statement: for injective layers I(Y; X_l) = I(Y; X_0), the plug-in estimate of any finite sample included; any layer can only lower it.
/// Checked as equality of the partitions of the sample by X_l, which gives equal contingency tables; for arbitrary layers the partition
/// only gets coarser. Binning is not injective: for binned estimates nothing is said.
/// The statement stands on the slides.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Ruseckas.FeedForward.MutualInformation

open LayerTime.Core.Numbers
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Ruseckas

/// A network with labelled points.
[<NoComparison>]
type private Sample = { Case: NetworkCase; Points: Rational[][]; Labels: int[] }

/// The class of each point: the first index with the same state.
let private partition (points: Rational[][]) : int[] = points |> Array.map (fun x -> Array.findIndex ((=) x) points)

/// The partitions by x_0, …, x_N.
let private partitions (twin: Twin) (sample: Sample) : int[][] =
    sample.Points |> Array.map (NearIdentity.run twin sample.Case.Network) |> Array.transpose |> Array.map partition

/// I(Y; X) in nats for classes and labels.
let private information (classes: int[]) (labels: int[]) : float =
    let n = float labels.Length
    let share key = key |> Array.countBy id |> dict
    let x, y, both = share classes, share labels, Array.zip classes labels |> Array.countBy id

    both
    |> Array.sumBy (fun ((c, l), count) ->
        let p = float count / n
        p * Elementary.log (p / (float x[c] / n * (float y[l] / n))))

let private isKept (sample: Sample) : Outcome =
    let partitions = partitions Twin.FeedForward sample

    partitions |> Array.map (Outcome.equal "the partition of the sample by x_l" (sprintf "%A") partitions[0]) |> Outcome.all

/// Points in one class of x_l stay in one class of x_{l+1}.
let private coarsens (twin: Twin) (sample: Sample) : Outcome =
    partitions twin sample
    |> Array.pairwise
    |> Array.map (fun (before, after) ->
        let together = Array.forall2 (fun (c: int) now -> after[c] = now) before after
        Outcome.isTrue "every class of x_l" "lies in a class of x_{l+1}" together)
    |> Outcome.all

let private draw (accept: Sample -> bool) : Generator<Sample> =
    let networks = Networks.generator { Networks.both with Deepest = 3 }

    let gen =
        FsCheck.FSharp.Gen.map2
            (fun (case: NetworkCase) (stream: RandomStream) ->
                // Few different points, so that some are drawn more than once.
                let distinct = Array.init 6 (fun _ -> Array.init case.Dimension (fun _ -> Rational.create (stream.NextInt(-2, 2)) 2))
                let count = stream.NextInt(2, 20)

                {
                    Case = case
                    Points = Array.init count (fun _ -> Draws.choice stream distinct)
                    Labels = Array.init count (fun _ -> stream.NextInt(0, 2))
                })
            networks.Gen
            Generator.stream
        |> FsCheck.FSharp.Gen.filter accept

    let shrink sample =
        seq {
            for kept in Shrink.array 1 Shrink.none (Array.zip sample.Points sample.Labels) do
                { sample with Points = Array.map fst kept; Labels = Array.map snd kept }
        }

    let show sample = networks.Show sample.Case @ [ "points", Draws.showRows sample.Points; "labels", sprintf "%A" sample.Labels ]

    Generator.create gen shrink show

let private isRegular (sample: Sample) : bool = sample.Points |> Array.forall (LayerInjectivity.isRegularAlong sample.Case.Network)

/// η(u) = u − γdt·u³ on the points 0, 2, 1, −1 with labels 0, 1, 0, 1.
let private scalar (γdt: string) : Sample = {
    Case = Networks.repeated 1 "1" (Damping.Cubic(Known.number γdt)) [ "0" ] "0" "0" "0" "0"
    Points = Known.rows [ "0"; "2"; "1"; "-1" ]
    Labels = [| 0; 1; 0; 1 |]
}

let claim: Claim =
    let generator = draw isRegular
    let folded, gentle = scalar "1/4", scalar "1/100"

    let informations sample () = partitions Twin.FeedForward sample |> Array.map (fun classes -> information classes sample.Labels)

    Paper.define
        "ruseckas.information.mutual-information"
        Paper.ofSlides
        "Injective layers: I(Y; X_l) = I(Y; X_0), plug-in estimates included; any layer can only lower it."
    |> Claim.hypothesis "H1" "every layer is injective on the sample"
    |> Claim.exact "kept" (Instances.random generator 60) isKept
    |> Claim.exact "never-finer" (Instances.random (draw (fun _ -> true)) 60) (coarsens Twin.FeedForward)
    |> Claim.exact "never-finer-residual" (Instances.random (draw (fun _ -> true)) 40) (coarsens Twin.Residual)
    |> Known.exact "images" [
        Known.value "η of 0, 2, 1, −1 with γdt = 1/4" "0 0 3/4 -3/4" (fun () ->
            folded.Points |> Array.collect (NearIdentity.step Twin.FeedForward folded.Case.Network 0))
    ]
    |> Known.bounded "reference" [
        Known.floats "I before and after u − u³/4" "0.6931471805599453 0.3465735902799727" (informations folded)
        Known.floats "I before and after u − u³/100" "0.6931471805599453 0.6931471805599453" (informations gentle)
    ]
    |> Claim.neededBy "H1" (Instances.chosen generator.Show [ folded ]) isKept
