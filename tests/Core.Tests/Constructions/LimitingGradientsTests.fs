module LayerTime.Core.Tests.Constructions.LimitingGradientsTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz
open LayerTime.Core.Tests

let private leaky = ActivationKind.LeakyRelu(Rational.create 1 10)
let private sectors p = LimitingGradients.sectors p |> Defect.orFail

let private draw (key: int) (depth: int) : Perceptron<Rational> =
    let stream = RandomStream(uint64 key)
    let entry = Draws.dyadic 4 1

    let layer rows columns activation = {
        Rows = Draws.matrix entry stream rows columns
        Bias = Array.create rows Rational.Zero
        Activation = activation
    }

    let hidden = Array.init depth (fun l -> layer (if l = depth - 1 then 3 else 2) 2 leaky)
    { Layers = Array.append hidden [| layer 1 3 ActivationKind.Identity |] }.Perceptron

/// Rational points on all sides, at slopes that hit no cell boundary by design.
let private directions = [
    for i in -7 .. 7 do
        for j in -7 .. 7 do
            if i <> 0 || j <> 0 then
                [| Rational.create (11 * i + 3) 7; Rational.create (13 * j - 5) 9 |]
]

let private cross (u: Rational[]) (v: Rational[]) = u[0] * v[1] - u[1] * v[0]

[<Property(MaxTest = 40)>]
let ``the sectors go once around`` (key: int) =
    let sectors = sectors (draw key 2)
    let next = Array.append (Array.tail sectors) [| sectors[0] |]
    let sameRay u v = (cross u v).Sign = 0 && (Vector.dot u v).Sign > 0

    Array.forall2 (fun a b -> sameRay (snd a.Rays) (fst b.Rays) && (cross (fst a.Rays) (snd a.Rays)).Sign > 0) sectors next
    // Once: every direction is inside at most one of them.
    && directions
       |> List.forall (fun d ->
           (sectors |> Array.filter (fun s -> (cross (fst s.Rays) d).Sign > 0 && (cross d (snd s.Rays)).Sign > 0)).Length <= 1)

[<Property(MaxTest = 40)>]
let ``inside a sector the gradient is that of the network, and the network is linear`` (key: int) =
    let p = draw key 2

    let value x = (Perceptron.apply ActivationKind.exactly p x)[0]

    directions
    |> List.forall (fun d ->
        sectors p
        |> Array.filter (fun s -> (cross (fst s.Rays) d).Sign > 0 && (cross d (snd s.Rays)).Sign > 0)
        |> Array.forall (fun s ->
            value d = Vector.dot s.Gradient d && PerceptronDerivatives.gradient ActivationKind.exactDerivative p d = s.Gradient))

[<Property(MaxTest = 300)>]
let ``the place of 0 comes with its proof`` (key: int) =
    let stream = RandomStream(uint64 key)

    let vectors =
        Array.init (stream.NextInt(1, 6)) (fun _ -> Draws.vector (fun s -> Rational.ofInt (s.NextInt(-3, 3))) stream 2)

    match LimitingGradients.hullPosition vectors with
    | HullPosition.Outside w -> vectors |> Array.forall (fun g -> (Vector.dot w g).Sign > 0)
    | HullPosition.Inside combination ->
        let weights, chosen = List.unzip combination

        combination.Length <= 3
        && weights |> List.forall (fun λ -> λ.Sign > 0)
        && chosen |> List.forall (fun g -> Array.contains g vectors)
        && Vector.combination (List.toArray weights) (List.toArray chosen) = Vector.zero 2

[<Fact>]
let ``the hull of one vector, of opposite ones, of a half-plane`` () =
    let position rows = LimitingGradients.hullPosition (rows |> List.map Networks.vector |> List.toArray)
    Assert.Equal(HullPosition.Inside [ Rational.One, Networks.vector "0 0" ], position [ "1 1"; "0 0" ])
    Assert.Equal(HullPosition.Outside(Networks.vector "2 3"), position [ "2 3" ])

    Assert.True(
        match position [ "1 2"; "-1/2 -1"; "5 0" ] with
        | HullPosition.Inside [ _; _ ] -> true
        | _ -> false
    )
    // On the border of a closed half-plane, with opposite vectors only on one side: outside.
    Assert.True(
        match position [ "1 0"; "0 1"; "-1 1" ] with
        | HullPosition.Outside _ -> true
        | _ -> false
    )

[<Fact>]
let ``a single leaky neuron has two gradients`` () =
    let p = Networks.create leaky [ [ "1 0" ], "0"; [ "2" ], "7" ]

    Assert.Equal<Rational[] list>(
        [ Networks.vector "2 0"; Networks.vector "1/5 0" ],
        sectors p |> LimitingGradients.distinct |> Array.toList
    )

[<Fact>]
let ``with relu 0 is a limiting gradient`` () =
    let relu = Networks.withActivation ActivationKind.Relu Networks.N221
    Assert.Contains(Networks.vector "0 0", sectors relu |> LimitingGradients.distinct)

[<Fact>]
let ``networks without such sectors say why`` () =
    let p = Networks.create Networks.tanh [ [ "1 0 1"; "0 1 1" ], "0 1"; [ "1 1" ], "0" ]

    match LimitingGradients.sectors p with
    | Error defects ->
        Assert.Equal<(string * string) list>(
            [ "input", "3 inputs"; "hidden layer 0, bias", "a bias"; "hidden layer 0, activation", "tanh" ],
            defects |> List.map (fun defect -> defect.Where, defect.Found)
        )
    | Ok _ -> Assert.Fail "sectors"
