namespace LayerTime.Core.Semantics

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// The state space of a smooth network ∇ᵏx(l+1) = hᵏ f(x(l)): one step of each form. A state is k blocks, q₁ or p₁ = x(l)
/// first; f is the layer map of the step, evaluated at the newest state before anything is updated.
/// (Hauser et al. 2018, closed-form state space of order-k smooth networks; formulas reconstructed.)
[<RequireQualifiedAccess>]
module SmoothState =
    open Arithmetic

    /// q_n⁺ = Σ_{m=n..k} q_m + hᵏ f(q₁), n = 1..k
    let closedForm (h: 'T) (f: 'T[] -> 'T[]) (q: 'T[][]) : 'T[][] when 'T :> IRing<'T> =
        let force = Vector.scale (Ring.power h q.Length) (f q[0])
        q |> Array.mapi (fun n _ -> Vector.add (Vector.sum (Array.skip n q)) force)

    /// p_n⁺ = Σ_{m=n..k} h^(m−n) p_m + h^(k−n+1) f(p₁), n = 1..k
    let scaledForm (h: 'T) (f: 'T[] -> 'T[]) (p: 'T[][]) : 'T[][] when 'T :> IRing<'T> =
        let force = f p[0]
        let powers = Array.init (Operators.(+) p.Length 1) (Ring.power h)

        let block n =
            let rest = Array.skip n p
            let ahead = rest.Length
            Vector.add (Vector.combination (Array.take ahead powers) rest) (Vector.scale powers[ahead] force)

        Array.init p.Length block

    /// The same step in O(kd): q_k⁺ = q_k + hᵏ f(q₁), then q_n⁺ = q_n + q_{n+1}⁺ for n = k−1 … 1.
    let cascade (h: 'T) (f: 'T[] -> 'T[]) (q: 'T[][]) : 'T[][] when 'T :> IRing<'T> =
        let force = Vector.scale (Ring.power h q.Length) (f q[0])
        Array.scanBack Vector.add q force |> Array.take q.Length

    /// The cascade in scaled coordinates: p_k⁺ = p_k + h f(p₁), then p_n⁺ = p_n + h p_{n+1}⁺ for n = k−1 … 1.
    let scaledCascade (h: 'T) (f: 'T[] -> 'T[]) (p: 'T[][]) : 'T[][] when 'T :> IRing<'T> =
        Array.scanBack (fun block next -> Vector.addScaled block h next) p (f p[0]) |> Array.take p.Length

    /// The inverse of scaledCascade for k ≥ 2: p_n = p_n⁺ − h p_{n+1}⁺ for n &lt; k, then p_k = p_k⁺ − h f(p₁) with the p₁ just found.
    let scaledInverse (h: 'T) (f: 'T[] -> 'T[]) (next: 'T[][]) : 'T[][] when 'T :> IRing<'T> =
        let earlier = Array.pairwise next |> Array.map (fun (block, newer) -> Vector.addScaled block (-h) newer)

        Array.append earlier [| Vector.addScaled (Array.last next) (-h) (f earlier[0]) |]

    /// The inverse of cascade for k ≥ 2.
    let inverse (h: 'T) (f: 'T[] -> 'T[]) (next: 'T[][]) : 'T[][] when 'T :> IRing<'T> =
        let earlier = Array.pairwise next |> Array.map (fun (block, newer) -> Vector.subtract block newer)

        let force = Vector.scale (Ring.power h next.Length) (f earlier[0])
        Array.append earlier [| Vector.subtract (Array.last next) force |]

    /// The oldest state from the k newest ones, for k ≥ 2: x(l−k+1) = (−1)^(k+1) [x(l+1) − hᵏ f(x(l)) − Σ_{j=1..k−1} (−1)^(j+1) C(k,j) x(l+1−j)].
    /// From the delay state at l+1 to the one at l.
    let delayInverse (h: 'T) (f: 'T[] -> 'T[]) (next: 'T[][]) : 'T[][] when 'T :> IRing<'T> =
        let k = next.Length
        let weights = Binomial.pastWeights k |> Array.map Ring.ofInteger
        let known = Vector.combination (Array.take (Operators.(-) k 1) weights) (Array.tail next)
        let force = Vector.scale (Ring.power h k) (f next[1])
        let oldest = Vector.subtract (Vector.subtract next[0] force) known
        // The weight of the oldest state is ±1, its own inverse.
        Array.append (Array.tail next) [| Vector.scale (Array.last weights) oldest |]

    /// Forward Euler on the block ODE, p_n⁺ = p_n + h p_{n+1}, p_k⁺ = p_k + h f(p₁), all from old values: the variant whose
    /// x-sequence obeys ∇ᵏx(l+1) = hᵏ f(x(l+1−k)), the force reading the oldest state.
    let forwardVariant (h: 'T) (f: 'T[] -> 'T[]) (p: 'T[][]) : 'T[][] when 'T :> IRing<'T> =
        let ahead = Array.append (Array.tail p) [| f p[0] |]
        Array.map2 (fun block next -> Vector.addScaled block h next) p ahead

/// The state space of an additive dense network x(l+1) = Σ_{n=1..k} f_n(x(l+1−n)): one step of each form. maps[n−1] = f_n.
/// (Hauser et al. 2018, state space of order-k additive dense networks; formulas reconstructed.)
[<RequireQualifiedAccess>]
module DenseState =
    /// z₁⁺ = Σ_n f_n(z_n), z_j⁺ = z_{j−1}
    let delay (maps: ('T[] -> 'T[])[]) (z: 'T[][]) : 'T[][] when 'T :> IRing<'T> =
        let newest = Array.map2 (fun f z -> f z) maps z |> Vector.sum
        Array.append [| newest |] (Array.take (z.Length - 1) z)

    /// q_n⁺ = Σ_{j=1..k} f_j(Σ_{i=1..j} (−1)^(i−1) C(j−1,i−1) q_i) − Σ_{m=1..n−1} q_m
    let difference (maps: ('T[] -> 'T[])[]) (q: 'T[][]) : 'T[][] when 'T :> IRing<'T> =
        let pascal = Coordinates.signedPascal q.Length
        let argument j = Vector.combination ((pascal: Matrix<'T>).Row(j).ToArray()) q
        let newest = maps |> Array.mapi (fun j f -> f (argument j)) |> Vector.sum
        Array.scan Vector.subtract newest (Array.take (q.Length - 1) q)

    /// q_n⁺ = f_n^(l+n−1)(q₁) + q_{n+1}, q_{k+1} = 0. `map n l` is f_n^(l), n = 1..k, or None beyond the last layer (the zero map).
    let observer (map: int -> int -> ('T[] -> 'T[]) option) (l: int) (q: 'T[][]) : 'T[][] when 'T :> IRing<'T> =
        let zero = Vector.zero q[0].Length

        Array.init q.Length (fun i ->
            let n = i + 1
            let next = if n < q.Length then q[n] else zero

            match map n (l + n - 1) with
            | Some f -> Vector.add (f q[0]) next
            | None -> next)

    /// q₁ = x(0), q_n = Σ_{m=n..k} f_m^(n−2)(x(n−1−m)) for n ≥ 2, from the history [x(0); x(−1); …].
    let observerStart (map: int -> int -> ('T[] -> 'T[]) option) (history: 'T[][]) : 'T[][] when 'T :> IRing<'T> =
        let k = history.Length
        let zero = Vector.zero history[0].Length

        Array.init k (fun i ->
            let n = i + 1

            if n = 1 then
                history[0]
            else
                seq { n..k }
                |> Seq.choose (fun m -> map m (n - 2) |> Option.map (fun f -> f history[m + 1 - n]))
                |> Seq.fold Vector.add zero)

/// The state of a smooth network at depth L without its trajectory's recursion.
[<RequireQualifiedAccess>]
module Unrolled =
    /// C(L+m−n−1, m−n): the weight of q_m(0) in q_n(L), n, m = 1..k.
    let startWeight (depth: int) (n: int) (m: int) : 'T :> IRing<'T> = Ring.ofInteger (Binomial.choose (depth + m - n - 1) (m - n))

    /// C(L−1−s+k−n, k−n): the weight of hᵏ f^(s)(x(s)) in q_n(L), n = 1..k.
    let forceWeight (depth: int) (k: int) (n: int) (s: int) : 'T :> IRing<'T> =
        Ring.ofInteger (Binomial.choose (depth - 1 - s + k - n) (k - n))

    /// q_n(L) = Σ_{m=n..k} C(L+m−n−1, m−n) q_m(0) + hᵏ Σ_{s=0..L−1} C(L−1−s+k−n, k−n) f^(s)(x(s)), n = 1..k, from the start
    /// q(0) and the forces f^(0)(x(0)) … f^(L−1)(x(L−1)): the discrete form of Cauchy's repeated integral.
    let state (h: 'T) (start: 'T[][]) (forces: 'T[][]) : 'T[][] when 'T :> IRing<'T> =
        let k, depth = start.Length, forces.Length
        let scale = Ring.power h k

        Array.init k (fun i ->
            let n = i + 1
            let free = Vector.combination (Array.init (k - i) (fun j -> startWeight depth n (n + j))) (Array.skip i start)

            if depth = 0 then
                free
            else
                let driven = Vector.combination (Array.init depth (forceWeight depth k n)) forces
                Vector.addScaled free scale driven)
