module LayerTime.Core.Tests.Rigour.CertificateTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Rigour
open LayerTime.Core.Tests
open LayerTime.Core.Tests.Rigour

let private certify p box : IScalarMap * Certificate =
    // The certificate is confirmed by the generic semantics, not by the formulas and the kernels of the search.
    let map = Networks.generic p

    match Certificate.create map 100_000L box (Census.take (Networks.map p) Census.defaults box).Points with
    | Ok certificate -> map, certificate
    | Error objection -> failwith $"{objection.Reason} at {objection.Box |> Array.map string |> List.ofArray}"

let private a241 = lazy (certify Networks.a241 (Box.cube 2 2.5))

let private isRefused (map, certificate) =
    match Certificate.check map certificate with
    | Ok() -> false
    | Error objection -> objection.Box.Length > 0

[<Fact>]
let ``a certificate of a complete census is confirmed`` () =
    for p, box in [ Networks.c131, Box.cube 1 4.0; Networks.b2321, Box.cube 2 2.5; Networks.saddles, Box.cube 2 2.5 ] do
        let map, certificate = certify p box
        Assert.Equal(Ok(), Certificate.check map certificate |> Result.mapError _.Reason)

    let map, certificate = a241.Value
    Assert.Equal(Ok(), Certificate.check map certificate |> Result.mapError _.Reason)

[<Fact>]
let ``points that are not all there get no certificate`` () =
    let p, box = Networks.a241, Box.cube 2 2.5
    let points = (Census.take (Networks.map p) Census.defaults box).Points

    for hidden in points do
        match
            Certificate.create
                (Networks.generic p)
                100_000L
                box
                (points |> List.filter (fun point -> not (obj.ReferenceEquals(point, hidden))))
        with
        // The failing box need not hold the point, but it is one that the point's vicinity keeps from being excluded.
        | Error objection -> Assert.True(Box.subset objection.Box hidden.Home)
        | Ok _ -> Assert.Fail "certified"

[<Fact>]
let ``a degenerate point gets no certificate`` () =
    let box = [| Interval.ofBounds -1.1 1.2 |]
    let census = Census.take (Networks.map Networks.doubleTanh) Census.defaults box

    match Certificate.create (Networks.generic Networks.doubleTanh) 1000L box census.Points with
    // Near the point the gradient is below the rounding errors.
    | Error objection -> Assert.True(Box.subset objection.Box [| Interval.ofBounds -1e-6 1e-6 |])
    | Ok _ -> Assert.Fail "certified"

[<Fact>]
let ``a certificate that hides a point is refused at a box in its home`` () =
    let map, certificate = a241.Value

    for hidden in 0..3 do
        let home = certificate.Points[hidden].Home

        let rec hide cover =
            match cover with
            | Cover.InsideHome k when k = hidden -> Cover.Excluded
            | Cover.InsideHome k when k > hidden -> Cover.InsideHome(k - 1)
            | Cover.Halves(i, lower, upper) -> Cover.Halves(i, hide lower, hide upper)
            | other -> other

        let tampered = { certificate with Points = Array.removeAt hidden certificate.Points; Cover = hide certificate.Cover }

        match Certificate.check map tampered with
        | Error objection -> Assert.True(Box.subset objection.Box home)
        | Ok() -> Assert.Fail "accepted"

[<Fact>]
let ``a certificate with another index, value, home, enclosure or domain is refused`` () =
    let map, certificate = a241.Value
    let change edit = { certificate with Points = Array.mapi (fun i point -> if i = 1 then edit point else point) certificate.Points }
    let shift (box: Box) = box |> Array.map (fun side -> Interval.ofBounds (side.Lower + 0.01) (side.Upper + 0.01))
    Assert.True(isRefused (map, change (fun point -> { point with Index = point.Index + 1 })))
    Assert.True(isRefused (map, change (fun point -> { point with Value = Interval.ofFloat 0.0 })))
    Assert.True(isRefused (map, change (fun point -> { point with Home = shift point.Home })))
    Assert.True(isRefused (map, change (fun point -> { point with Point = shift point.Point })))
    Assert.True(isRefused (map, change (fun point -> { point with Home = Box.cube 2 2.5 })))
    Assert.True(isRefused (map, { certificate with Domain = Box.cube 2 2.6 }))
    Assert.True(isRefused (map, { certificate with Domain = Box.cube 3 2.5 }))
    Assert.True(isRefused (map, { certificate with Points = Array.append certificate.Points [| certificate.Points[0] |] }))

[<Fact>]
let ``a point outside of the domain is refused`` () =
    let map, whole = a241.Value
    let _, part = certify Networks.a241 [| Interval.ofBounds -2.5 1.0; Interval.ofBounds -2.5 2.5 |]
    Assert.Equal(2, part.Points.Length)
    Assert.True(isRefused (map, { part with Points = Array.append part.Points [| whole.Points[2] |] }))

[<Fact>]
let ``points in the homes of each other are refused`` () =
    let map, certificate = a241.Value

    let partner k =
        if k = 1 then 2
        elif k = 2 then 1
        else k

    let rec rename cover =
        match cover with
        | Cover.InsideHome k -> Cover.InsideHome(partner k)
        | Cover.Halves(i, lower, upper) -> Cover.Halves(i, rename lower, rename upper)
        | Cover.Excluded -> cover

    let points = certificate.Points |> Array.mapi (fun k point -> { point with Home = certificate.Points[partner k].Home })
    Assert.True(isRefused (map, { certificate with Points = points; Cover = rename certificate.Cover }))

[<Fact>]
let ``a certificate of another network is refused`` () =
    let _, certificate = a241.Value
    Assert.True(isRefused (Networks.generic Networks.saddles, certificate))

[<Fact>]
let ``a cover that stands for everything by nothing is refused`` () =
    let map, certificate = a241.Value
    Assert.True(isRefused (map, { certificate with Cover = Cover.Excluded }))
    Assert.True(isRefused (map, { certificate with Cover = Cover.InsideHome 0 }))
    Assert.True(isRefused (map, { certificate with Cover = Cover.InsideHome 17 }))
    Assert.True(isRefused (map, { certificate with Cover = Cover.Halves(2, Cover.Excluded, Cover.Excluded) }))

[<Property>]
let ``a cover is read back from its text`` (shape: bool list) =
    let rec build (shape: bool list) depth =
        match shape with
        | true :: rest when depth < 12 ->
            let lower, rest = build rest (depth + 1)
            let upper, rest = build rest (depth + 1)
            Cover.Halves(depth % 3, lower, upper), rest
        | true :: rest -> Cover.InsideHome depth, rest
        | _ :: rest -> Cover.Excluded, rest
        | [] -> Cover.InsideHome 12, []

    let cover, _ = build shape 0
    Cover.parse (Cover.toText cover) = Ok cover

[<Fact>]
let ``a truncated or malformed cover is refused with its place`` () =
    for text, word in
        [
            "", "ends"
            "0 x", "ends"
            "x x", "goes on"
            "0 x y", "entry 3"
            "0 x =", "entry 3"
            "-1 x x", "entry 1"
            "0 x ==1", "entry 3"
        ] do
        match Cover.parse text with
        | Error problem -> Assert.Contains(word, problem)
        | Ok cover -> Assert.Fail $"{text} was read as {cover}"
