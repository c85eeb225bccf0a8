namespace LayerTime.Core.Rigour

open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// A census that holds for a whole ball of networks.
[<NoComparison; NoEquality>]
type RobustCensus = {
    /// ρ: every weight and every bias may be off by as much.
    Radius: float
    /// Number, enclosures and indices of the critical points of every network of the ball.
    Census: Census
}

/// <summary>Censuses of many functions at once: all Φ_θ for weights θ in a box.</summary>
/// <remarks>
/// The enclosures of Φ_x and H hold for every θ, so a box without zeros has none for any θ, and a box in which the Krawczyk operator maps
/// into the interior holds exactly one for each θ. Boxes with one zero are sought first by inflation about the points of one member, as large
/// as they verify: where Φ_x is small for all θ, bisection alone would end at boxes too small to verify.
/// </remarks>
[<RequireQualifiedAccess>]
module RobustCensus =
    /// Radii of the boxes about the points of the nominal function, largest first.
    let private radii = [ 0.3; 0.2; 0.15; 0.1; 0.07; 0.05; 0.03; 0.02; 0.01; 0.005; 0.002; 0.001; 0.0005 ]

    /// The largest box about a point that holds exactly one critical point of every member of the family.
    let private inflate (family: ISquareSystem) (zero: IsolatedZero) : IsolatedZero option =
        let centre = Box.midpoint zero.Zero

        let attempt radius =
            let home = centre |> Array.map (fun x -> Interval.ofBounds (x - radius) (x + radius))

            match Krawczyk.step family home with
            | KrawczykVerdict.Unique image -> Some { Home = home; Zero = Krawczyk.refine family home image }
            | KrawczykVerdict.Excluded
            | KrawczykVerdict.Contracted _
            | KrawczykVerdict.NoPreconditioner -> None

        List.tryPick attempt radii

    /// A finished search for the zeros of every member of a family, guided by the zeros of one member.
    let search (nominal: ISquareSystem) (family: ISquareSystem) (options: SearchOptions) (start: Search) : Search =
        let guides = (Isolation.resolve nominal options (ZeroSearch.run nominal options start)).Zeros
        ZeroSearch.run family options { start with Found = start.Found @ List.choose (inflate family) guides }

    /// The census of every member of a family in a box, guided by the points of one member. Faces do not move.
    let take (nominal: IScalarMap) (family: IScalarMap) (options: SearchOptions) (box: Box) : Census =
        let search = search nominal.Gradient family.Gradient options (ZeroSearch.start box)
        Census.finish family { Search = options; MoveFaces = false } id search

    /// All perceptrons whose weights and biases differ from those of p by at most ρ each.
    let ball (radius: float) (p: Perceptron<Interval>) : Perceptron<Interval> =
        let reach = Interval.ofBounds -radius radius
        Perceptron.map (fun weight -> Arithmetic.(+) weight reach) p

    /// The census of every network of a ball; or why p has no critical points to speak of.
    let ofBall (radius: float) (options: SearchOptions) (box: Box) (p: Perceptron<Interval>) : Result<RobustCensus, Defect list> =
        let pair = ScalarMap.ofPerceptron p, ScalarMap.ofPerceptron (ball radius p)

        match pair with
        | Ok nominal, Ok family -> Ok { Radius = radius; Census = take nominal family options box }
        | Error defects, _
        | _, Error defects -> Error defects

    /// The largest ball about p found by bisection of [0, largest] whose census is complete, or None where even that of p alone is not.
    /// Its radius is a lower bound of the distance, in the maximum norm of the weights, from p to the networks with a degenerate critical
    /// point in the box or a critical point on its boundary (the discriminant).
    let largest (largest: float) (bisections: int) (options: SearchOptions) (box: Box) (p: Perceptron<Interval>) : RobustCensus option =
        let attempt radius =
            match ofBall radius options box p with
            | Ok robust when robust.Census.IsComplete -> Some robust
            | Ok _
            | Error _ -> None

        let narrow (best: RobustCensus, high: float) _ =
            let middle = 0.5 * (best.Radius + high)

            match attempt middle with
            | Some better -> better, high
            | None -> best, middle

        attempt 0.0
        |> Option.map (fun nominal ->
            match attempt largest with
            | Some all -> all
            | None -> Seq.fold narrow (nominal, largest) (seq { 1..bisections }) |> fst)
