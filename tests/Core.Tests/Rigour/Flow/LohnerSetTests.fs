module LayerTime.Core.Tests.Rigour.Flow.LohnerSetTests

open System
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Rigour

let private exact (x: Interval) : Rational = Rational.ofFloat x.Lower
let private times (m: Matrix<Interval>) (v: Rational[]) : Rational[] = Matrix.apply (Matrix.map exact m) v
let private plus (a: Rational[]) (b: Rational[]) : Rational[] = Array.map2 (+) a b
let private minus (a: Rational[]) (b: Rational[]) : Rational[] = Array.map2 (-) a b

[<Fact>]
let ``a step moves every member of a set, and its derivatives, into the frame of the next one, exactly`` () =
    for seed in 0..149 do
        let random = Random(seed)
        let d = 1 + random.Next 4
        let entry () = float (random.Next 2049 - 1024) / 1024.0
        let points rows columns = Matrix.init rows columns (fun _ _ -> Interval.ofFloat (entry ()))
        let sides n = Array.init n (fun _ -> let r = abs (entry ()) in Interval.ofBounds -r r)
        let floats n = Array.init n (fun _ -> entry ())
        // A frame near the identity, as those of a set are regular.
        let frame = Matrix.add (Matrix.identity d) (Matrix.scale (Interval.ofFloat (0.5 / float d)) (points d d))
        let framed () : Framed = { Point = Box.ofPoint (floats d); Rest = sides d }
        let pairs = d * (d + 1) / 2
        let derivatives = Array.init (d + pairs) (fun _ -> framed ())
        let carried, initial, rest, centre = points d d, sides d, sides d, floats d

        let hull = Vector.add (Box.ofPoint centre) (Vector.add (Matrix.apply carried initial) (Matrix.apply frame rest))

        let jet = FlowJet(d, d, true)
        Array.blit hull 0 jet.Value 0 d

        derivatives
        |> Array.iteri (fun e v ->
            let box = Vector.add v.Point (Matrix.apply frame v.Rest)
            if e < d then Array.blit box 0 jet.First (e * d) d else Array.blit box 0 jet.Second ((e - d) * d) d)

        let set: LohnerSet = {
            Centre = centre
            Carried = carried
            Initial = initial
            Frame = frame
            Rest = rest
            Hull = hull
            FramedDerivatives = derivatives
            Jet = jet
        }

        // φ(x) = y + M·(x − ĥ) for M of an interval matrix, D²φ a tensor of its own: the step does not know that they do not fit together.
        let middle = points d d
        let spread = abs (entry ()) * 0.25
        let jacobian = Matrix.map (fun a -> Arithmetic.(+) a (Interval.ofBounds -spread spread)) middle
        let image = Box.ofPoint (floats d) |> Array.map (Box.widen 0.001)
        let over = FlowJet(d, d, true)
        let wide = Vector.add image (Matrix.apply jacobian (Vector.subtract hull (Box.ofPoint centre)))
        Array.blit wide 0 over.Value 0 d

        for a in 0 .. d - 1 do
            for i in 0 .. d - 1 do
                over.First[a * d + i] <- jacobian[i, a]

        for e in 0 .. over.Second.Length - 1 do
            over.Second[e] <- Interval.ofFloat (entry ())

        let next =
            LohnerSet.advance
                {
                    Order = 1
                    Length = Interval.ofFloat 1.0
                    AtCentre = image
                    OverBox = over
                    Tube = wide
                    Remainder = FlowJet(d, d, true)
                }
                set

        // A member of an interval: an end or something between.
        let pick (side: Interval) =
            match random.Next 3 with
            | 0 -> Rational.ofFloat side.Lower
            | 1 -> Rational.ofFloat side.Upper
            | _ -> Rational.ofFloat (Interval.midpoint side)

        let inside what (values: Rational[]) (sides: Interval[]) =
            Array.iter2
                (fun value side ->
                    Assert.True(Interval.containsRational value side, $"seed {seed}: {what} {Rational.toFloat value:R} is not in {side}"))
                values
                sides

        // Q⁻¹ of the next frame, exactly.
        let back = Elimination.inverse (Matrix.map exact next.Frame) |> Option.get
        let coordinates v = Matrix.apply back v

        for _ in 1..4 do
            let m = Matrix.init d d (fun i j -> pick jacobian[i, j])
            let r0, r = Array.map pick initial, Array.map pick rest
            let y = plus (Array.map pick image) (Matrix.apply m (plus (times carried r0) (times frame r)))
            inside "the state" y next.States.Value
            inside "the state" y next.Hull
            let left = minus (minus y (Array.map Rational.ofFloat next.Centre)) (times next.Carried r0)
            inside "the rest" (coordinates left) next.Rest

            let old = derivatives |> Array.map (fun v -> plus (Array.map exact v.Point) (times frame (Array.map pick v.Rest)))

            let curvature (x: Rational[]) (z: Rational[]) =
                Array.init d (fun i ->
                    Seq.allPairs (seq { 0 .. d - 1 }) (seq { 0 .. d - 1 })
                    |> Seq.fold (fun sum (p, q) -> sum + exact over.Second[over.Pair(p, q) * d + i] * x[p] * z[q]) Rational.Zero)

            let mutable e = 0

            let demand (v: Rational[]) (box: Interval[]) =
                inside "a derivative" v box
                inside "its rest" (coordinates (minus v (Array.map exact next.FramedDerivatives[e].Point))) next.FramedDerivatives[e].Rest
                e <- e + 1

            for a in 0 .. d - 1 do
                demand (Matrix.apply m old[a]) (Array.sub next.States.First (a * d) d)

            for a in 0 .. d - 1 do
                for b in a .. d - 1 do
                    demand (plus (Matrix.apply m old[e]) (curvature old[a] old[b])) (Array.sub next.States.Second ((e - d) * d) d)

[<Fact>]
let ``the inverse of a nearly orthogonal matrix holds the exact one`` () =
    for seed in 0..199 do
        let random = Random(seed)
        let d = 2 + random.Next 3
        // A turn in one plane after the other, rounded to so many bits that it is orthogonal to 10⁻³ … 10⁻¹⁶.
        let scale = Math.Pow(2.0, float (10 + random.Next 43))

        let turn _ =
            let i = random.Next d
            let j = (i + 1 + random.Next(d - 1)) % d
            let angle = 6.3 * random.NextDouble()

            Array2D.init d d (fun r c ->
                if r = c then (if r = i || r = j then cos angle else 1.0)
                elif r = i && c = j then sin angle
                elif r = j && c = i then -(sin angle)
                else 0.0)

        let product =
            Seq.init 4 turn
            |> Seq.reduce (fun a b -> Array2D.init d d (fun r c -> Seq.sum (seq { for k in 0 .. d - 1 -> a[r, k] * b[k, c] })))

        let q = Matrix.init d d (fun r c -> Interval.ofFloat (Math.Round(product[r, c] * scale) / scale))

        match LohnerSet.inverse q, Elimination.inverse (Matrix.map exact q) with
        | Some found, Some inverse ->
            for i in 0 .. d - 1 do
                for j in 0 .. d - 1 do
                    Assert.True(
                        Interval.containsRational inverse[i, j] found[i, j],
                        $"seed {seed}: {Rational.toFloat inverse[i, j]:R} is not in {found[i, j]}"
                    )
        | found, _ -> Assert.True(found.IsSome, $"seed {seed}: nearly orthogonal, and no inverse")
