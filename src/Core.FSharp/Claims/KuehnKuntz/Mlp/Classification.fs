/// The three classes of architectures.
///
/// Statement: the node sequences d = (d₀, …, 1) fall into exactly one class each: non-augmented (d₀ ≥ d₁ ≥ …), augmented (not that, and
/// d₀ ≤ … ≤ d_g ≥ … ≥ 1 for a g that is neither first nor last), bottleneck (d_i &gt; d_j &lt; d_k, i &lt; j &lt; k). One scan decides.
/// Putting min(d_j, d_{j+1}) between neighbours, the rank of a full matrix, changes no class. For d₀ = 1 non-augmented means that all
/// widths are 1.
/// Proof: a sequence is unimodal iff it has no strict increase after a strict decrease.
/// Reconstructed; the paper may use strict inequalities. Checked on all sequences of widths 1..4 and lengths 2..7 against the definitions.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.KuehnKuntz.Mlp.Classification

open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz

/// The classes whose definition the sequence meets, word for word.
let private definitions (d: int[]) : ArchitectureClass list =
    let last = d.Length - 1
    let descends from = Seq.forall (fun j -> d[j] >= d[j + 1]) (seq { from .. last - 1 })
    let ascends until = Seq.forall (fun j -> d[j] <= d[j + 1]) (seq { 0 .. until - 1 })
    let isNonAugmented = descends 0

    let isAugmented = not isNonAugmented && Seq.exists (fun g -> ascends g && descends g) (seq { 1 .. last - 1 })

    let isBottleneck =
        Seq.exists
            id
            (seq {
                for i in 0..last do
                    for j in i + 1 .. last do
                        for k in j + 1 .. last do
                            d[i] > d[j] && d[j] < d[k]
            })

    [
        if isNonAugmented then
            ArchitectureClass.NonAugmented
        if isAugmented then
            ArchitectureClass.Augmented
        if isBottleneck then
            ArchitectureClass.Bottleneck
    ]

let private showClasses (classes: ArchitectureClass list) : string =
    if classes.IsEmpty then "none" else classes |> List.map ArchitectureClass.name |> String.concat " and "

let private isClassified (d: int[]) : Outcome =
    Outcome.equal "the classes by definition" showClasses [ ArchitectureClass.ofNodes d ] (definitions d)

let private isKept (insert: int[] -> int[]) (d: int[]) : Outcome =
    Outcome.equal
        "the class with a linear layer between"
        ArchitectureClass.name
        (ArchitectureClass.ofNodes d)
        (ArchitectureClass.ofNodes (insert d))

let private isAllOnes (d: int[]) : Outcome =
    Outcome.equal
        "whether d₀ = 1 is non-augmented"
        string
        (Array.forall ((=) 1) d)
        (ArchitectureClass.ofNodes d = ArchitectureClass.NonAugmented)

/// Linear layers one wider than the wider neighbour.
let private widened (d: int[]) : int[] = [|
    d[0]
    for a, b in Array.pairwise d do
        max a b + 1
        b
|]

let private show (d: int[]) : (string * string) list = [ "d", d |> Array.map string |> String.concat "-" ]

let claim: Claim =
    let extend (sequences: int list list) = List.allPairs [ 1..4 ] sequences |> List.map (fun (width, rest) -> width :: rest)

    let all =
        List.unfold
            (fun (sequences, length) -> if length = 7 then None else let next = extend sequences in Some(next, (next, length + 1)))
            ([ [ 1 ] ], 1)
        |> List.concat
        |> List.map List.toArray

    let scalar = all |> List.filter (fun d -> d[0] = 1)

    Paper.define
        "kuehn-kuntz.mlp.classification"
        Paper.reconstructed
        "Every node sequence that ends in 1 is non-augmented, augmented or a bottleneck, and only one of them; inserting min(d_j, d_{j+1}) between neighbours changes no class; from a width d₀ = 1 non-augmented means all widths 1."
    |> Claim.hypothesis "H1" "the last width is 1"
    |> Claim.hypothesis "H2" "the inserted width is the smaller one of its neighbours"
    |> Claim.exact "partition" (Instances.exhaustive show all) isClassified
    |> Claim.exact "full-ranks" (Instances.exhaustive show all) (isKept ArchitectureClass.withFullRanks)
    |> Claim.exact "scalar-input" (Instances.exhaustive show scalar) isAllOnes
    |> Claim.neededBy "H1" (Instances.chosen show [ [| 1; 2 |]; [| 1; 1; 3 |] ]) isClassified
    |> Claim.neededBy "H2" (Instances.chosen show [ [| 2; 2; 1 |]; [| 3; 2; 1 |] ]) (isKept widened)
