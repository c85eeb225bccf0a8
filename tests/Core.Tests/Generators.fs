namespace LayerTime.Core.Tests

open System
open System.Numerics
open FsCheck
open FsCheck.FSharp
open LayerTime.Core.Numbers

/// A float that is finite: any sign, any exponent, subnormals included.
type FiniteFloat = FiniteFloat of float

/// Draws for the properties of numbers.
type NumberGenerators =
    /// Fractions of small and of large numerators and denominators.
    static member Rational() : Arbitrary<Rational> =
        let small = Gen.map2 Rational.create (Gen.choose (-20, 20)) (Gen.choose (1, 12))

        let large =
            Gen.map2
                (fun (bytes: byte[]) (others: byte[]) ->
                    Rational.OfRatio(BigInteger bytes, BigInteger.Abs(BigInteger others) + BigInteger.One))
                (Gen.arrayOfLength 24 (Gen.choose (0, 255) |> Gen.map byte))
                (Gen.arrayOfLength 20 (Gen.choose (0, 255) |> Gen.map byte))

        let shrink (a: Rational) =
            seq {
                if a.Sign <> 0 then
                    Rational.Zero
                    Rational.ofBigInteger (BigInteger.Divide(a.Numerator, a.Denominator))
            }
            |> Seq.filter (fun b -> b <> a)

        Arb.fromGenShrink (Gen.frequency [ 3, small; 1, large ], shrink)

    /// Finite floats over all bit patterns.
    static member FiniteFloat() : Arbitrary<FiniteFloat> =
        Gen.choose64 (Int64.MinValue, Int64.MaxValue)
        |> Gen.map BitConverter.Int64BitsToDouble
        |> Gen.filter Double.IsFinite
        |> Gen.map FiniteFloat
        |> Arb.fromGen
