namespace LayerTime.Core.Tests.Numbers

open System
open System.Globalization
open System.IO
open System.Text.RegularExpressions
open Xunit
open Xunit.Abstractions
open LayerTime.Core.Numbers

/// What stands in a statement of the ITF1788 collection.
[<RequireQualifiedAccess; NoEquality; NoComparison>]
type Literal =
    | Interval of Interval
    | Number of float
    | Word of string

    override this.ToString() =
        match this with
        | Interval a -> string a
        | Number x -> x.ToString("R", CultureInfo.InvariantCulture)
        | Word word -> word

/// One line of the collection: operation operands = results.
[<NoEquality; NoComparison>]
type Statement = {
    Place: string
    Text: string
    Operation: string
    Operands: Literal list
    Results: Literal list
    /// Whether the standard asks for a signal.
    Signals: bool
}

/// The interval test language: statements end with a semicolon and stand in blocks; numbers are decimal or hexadecimal floats.
[<RequireQualifiedAccess>]
module Statements =
    let private hexadecimal = Regex(@"^([+-]?)0[xX]([0-9a-fA-F]+)\.?([0-9a-fA-F]*)[pP]([+-]?\d+)$")

    let private number (text: string) : float =
        let found = hexadecimal.Match text

        if found.Success then
            let digits = "0" + found.Groups[2].Value + found.Groups[3].Value
            let mantissa = bigint.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            let exponent = int found.Groups[4].Value - 4 * found.Groups[3].Length
            // At most 53 significant bits, so that the conversion is exact, and so is scaling.
            let x = Math.ScaleB(float mantissa, exponent)
            if found.Groups[1].Value = "-" then -x else x
        else
            match text.TrimStart('+', '-').ToLowerInvariant() with
            | "infinity"
            | "inf" -> if text.StartsWith '-' then Double.NegativeInfinity else Double.PositiveInfinity
            | "nan" -> Double.NaN
            | _ -> Double.Parse(text, CultureInfo.InvariantCulture)

    let private interval (text: string) : Interval =
        match text.Trim([| '['; ']'; ' ' |]).Split ',' |> Array.map _.Trim() with
        | [| "empty" |] -> Interval.empty
        | [| "entire" |] -> Interval.entire
        | [| lower; upper |] -> Interval.ofBounds (number lower) (number upper)
        | _ -> invalidArg (nameof text) $"'{text}' is no interval"

    let private literal (text: string) : Literal =
        if text.StartsWith '[' then Literal.Interval(interval text)
        elif Regex.IsMatch(text, @"^[+-]?(\d|inf|nan)", RegexOptions.IgnoreCase) then Literal.Number(number text)
        else Literal.Word text

    let private tokens (text: string) : string list = [
        for found in Regex.Matches(text, "\"[^\"]*\"|\\[[^\\]]*\\]|[^\\s\\[\\]\"]+") -> found.Value
    ]

    /// Decorated intervals, the decorated type, and literals in texts are not offered: no statement, but a count of one.
    let private isOutside (text: string) : bool = Regex.IsMatch(text, @"\]_|\[\s*nai\s*\]|^d-|""|\b(trv|def|dac|com)\b")

    /// The statements of a file, and the number of those about decorations and texts.
    let read (path: string) : Statement list * int =
        let text = Regex.Replace(File.ReadAllText path, @"/\*.*?\*/|//[^\n]*", "", RegexOptions.Singleline)
        let name = Path.GetFileNameWithoutExtension path

        let all = [
            for block in Regex.Matches(text, @"testcase\s+(\S+)\s*\{(.*?)\}", RegexOptions.Singleline) do
                for line in block.Groups[2].Value.Split ';' |> Array.map _.Trim() |> Array.filter (fun line -> line <> "") do
                    $"{name}/{block.Groups[1].Value}", line
        ]

        let outside, inside = all |> List.partition (fun (_, line) -> isOutside line)

        let statement (place: string, line: string) =
            let sides = line.Split(" = ", 2)
            let left = tokens sides[0]
            let right = tokens sides[1]
            let results = right |> List.takeWhile (fun token -> token <> "signal")

            {
                Place = place
                Text = line
                Operation = left.Head
                Operands = List.map literal left.Tail
                Results = List.map literal results
                Signals = results.Length < right.Length
            }

        List.map statement inside, outside.Length

    /// The folder named by LAYERTIME_ITF1788, or shared/itf1788 beside the checkout.
    let folder: string option =
        match Environment.GetEnvironmentVariable "LAYERTIME_ITF1788" with
        | null
        | "" ->
            let rec above (directory: DirectoryInfo | null) : string option =
                match directory with
                | null -> None
                | directory ->
                    let candidate = Path.Combine(directory.FullName, "shared", "itf1788")
                    if Directory.Exists candidate then Some candidate else above directory.Parent

            above (DirectoryInfo AppContext.BaseDirectory)
        | path -> if Directory.Exists path then Some path else None

/// A fact about the conformance data, skipped where there are none.
type ConformanceFactAttribute() as this =
    inherit FactAttribute()

    do
        if Statements.folder.IsNone then
            this.Skip <- "The conformance data ITF1788 are absent: set LAYERTIME_ITF1788 to their folder."

/// How exactly a result has to be the stated one.
[<RequireQualifiedAccess>]
type Accuracy =
    /// The same.
    | Equal
    /// An interval around the stated one, each end at most 2 floats beyond it.
    | Close

/// The operations that LayerTime offers, by the names of the standard: one line each.
[<RequireQualifiedAccess>]
module Offered =
    let private exp (a: 'T) : 'T :> ITranscendental<'T> = 'T.Exp a
    let private log (a: 'T) : 'T :> ITranscendental<'T> = 'T.Log a
    let private sin (a: 'T) : 'T :> ITranscendental<'T> = 'T.Sin a
    let private cos (a: 'T) : 'T :> ITranscendental<'T> = 'T.Cos a
    let private tanh (a: 'T) : 'T :> ITranscendental<'T> = 'T.Tanh a
    let private sqrt (a: 'T) : 'T :> ITranscendental<'T> = 'T.Sqrt a

    let private misfit operands = invalidOp (sprintf "operands %A" (List.map string operands))

    let private unary (f: Interval -> Interval) operands =
        match operands with
        | [ Literal.Interval a ] -> [ Literal.Interval(f a) ]
        | _ -> misfit operands

    let private binary (f: Interval -> Interval -> Interval) operands =
        match operands with
        | [ Literal.Interval a; Literal.Interval b ] -> [ Literal.Interval(f a b) ]
        | _ -> misfit operands

    let private ternary (f: Interval -> Interval -> Interval -> Interval) operands =
        match operands with
        | [ Literal.Interval a; Literal.Interval b; Literal.Interval c ] -> [ Literal.Interval(f a b c) ]
        | _ -> misfit operands

    let private withInteger (f: Interval -> int -> Interval) operands =
        match operands with
        | [ Literal.Interval a; Literal.Number n ] -> [ Literal.Interval(f a (int n)) ]
        | _ -> misfit operands

    let private numeric (f: Interval -> float) operands =
        match operands with
        | [ Literal.Interval a ] -> [ Literal.Number(f a) ]
        | _ -> misfit operands

    let private truth (isTrue: bool) = [ Literal.Word(if isTrue then "true" else "false") ]

    let private isOne (f: Interval -> bool) operands =
        match operands with
        | [ Literal.Interval a ] -> truth (f a)
        | _ -> misfit operands

    let private relation (f: Interval -> Interval -> bool) operands =
        match operands with
        | [ Literal.Interval a; Literal.Interval b ] -> truth (f a b)
        | _ -> misfit operands

    let private state operands =
        match operands with
        | [ Literal.Interval a; Literal.Interval b ] ->
            let name = string (IntervalRelations.overlap a b)
            [ Literal.Word(string (Char.ToLowerInvariant name[0]) + name.Substring 1) ]
        | _ -> misfit operands

    let private isMember operands =
        match operands with
        | [ Literal.Number x; Literal.Interval a ] -> truth (Interval.contains x a)
        | _ -> misfit operands

    let private inTwo operands =
        match operands with
        | [ Literal.Interval b; Literal.Interval c ] ->
            let struct (first, second) = Interval.divideInTwo c b
            [ Literal.Interval first; Literal.Interval second ]
        | _ -> misfit operands

    let private midRad operands = numeric Interval.midpoint operands @ numeric Interval.radius operands

    /// Where the standard asks for the empty set and a signal, there is an error and no interval.
    let private ofNumbers operands =
        match operands with
        | [ Literal.Number x; Literal.Number y ] ->
            match Interval.create x y with
            | Ok a -> [ Literal.Interval a ]
            | Error _ -> [ Literal.Interval Interval.empty; Literal.Word "signal" ]
        | _ -> misfit operands

    let operations: Map<string, Accuracy * (Literal list -> Literal list)> =
        Map [
            "pos", (Accuracy.Equal, unary id)
            "neg", (Accuracy.Equal, unary Arithmetic.(~-))
            "add", (Accuracy.Equal, binary (fun a b -> Arithmetic.(+) a b))
            "sub", (Accuracy.Equal, binary (fun a b -> Arithmetic.(-) a b))
            "mul", (Accuracy.Equal, binary (fun a b -> Arithmetic.(*) a b))
            "div", (Accuracy.Equal, binary (fun a b -> Arithmetic.(/) a b))
            "recip", (Accuracy.Equal, unary Interval.reciprocal)
            "sqr", (Accuracy.Equal, unary Interval.square)
            "sqrt", (Accuracy.Equal, unary sqrt)
            "fma", (Accuracy.Equal, ternary Interval.fma)
            "abs", (Accuracy.Equal, unary Interval.abs)
            "min", (Accuracy.Equal, binary Interval.min)
            "max", (Accuracy.Equal, binary Interval.max)
            "sign", (Accuracy.Equal, unary Interval.signum)
            "ceil", (Accuracy.Equal, unary Interval.ceiling)
            "floor", (Accuracy.Equal, unary Interval.floor)
            "trunc", (Accuracy.Equal, unary Interval.truncate)
            "roundTiesToEven", (Accuracy.Equal, unary Interval.roundTiesToEven)
            "roundTiesToAway", (Accuracy.Equal, unary Interval.roundTiesToAway)
            "cancelPlus", (Accuracy.Equal, binary Interval.cancelPlus)
            "cancelMinus", (Accuracy.Equal, binary Interval.cancelMinus)
            "mulRevToPair", (Accuracy.Equal, inTwo)
            "intersection", (Accuracy.Equal, binary Interval.intersect)
            "convexHull", (Accuracy.Equal, binary Interval.hull)
            "exp", (Accuracy.Close, unary exp)
            "log", (Accuracy.Close, unary log)
            "sin", (Accuracy.Close, unary sin)
            "cos", (Accuracy.Close, unary cos)
            "tanh", (Accuracy.Close, unary tanh)
            "atan", (Accuracy.Close, unary Interval.atan)
            "pown", (Accuracy.Close, withInteger Interval.power)
            "inf", (Accuracy.Equal, numeric _.Lower)
            "sup", (Accuracy.Equal, numeric _.Upper)
            "mid", (Accuracy.Equal, numeric Interval.midpoint)
            "rad", (Accuracy.Equal, numeric Interval.radius)
            "midRad", (Accuracy.Equal, midRad)
            "wid", (Accuracy.Equal, numeric Interval.width)
            "mag", (Accuracy.Equal, numeric Interval.magnitude)
            "mig", (Accuracy.Equal, numeric Interval.mignitude)
            "isEmpty", (Accuracy.Equal, isOne Interval.isEmpty)
            "isEntire", (Accuracy.Equal, isOne (IntervalRelations.equal Interval.entire))
            "isSingleton", (Accuracy.Equal, isOne Interval.isPoint)
            "isCommonInterval", (Accuracy.Equal, isOne (fun a -> Interval.isBounded a && not (Interval.isEmpty a)))
            "isMember", (Accuracy.Equal, isMember)
            "equal", (Accuracy.Equal, relation IntervalRelations.equal)
            "subset", (Accuracy.Equal, relation IntervalRelations.subset)
            "less", (Accuracy.Equal, relation IntervalRelations.less)
            "precedes", (Accuracy.Equal, relation IntervalRelations.precedes)
            "interior", (Accuracy.Equal, relation IntervalRelations.interior)
            "strictLess", (Accuracy.Equal, relation IntervalRelations.strictLess)
            "strictPrecedes", (Accuracy.Equal, relation IntervalRelations.strictPrecedes)
            "disjoint", (Accuracy.Equal, relation IntervalRelations.disjoint)
            "overlap", (Accuracy.Equal, state)
            "b-numsToInterval", (Accuracy.Equal, ofNumbers)
        ]

    /// Statements that do not hold here, by their text, with the reason.
    let exceptions: Map<string, string> = Map.empty

type ConformanceTests(output: ITestOutputHelper) =
    let sameInterval (a: Interval) (b: Interval) = a.Lower = b.Lower && a.Upper = b.Upper

    // Zeros of numbers have a sign, and there is only one NaN.
    let sameNumber (found: float) (stated: float) = Operands.same found stated

    let isAtMostTwoSteps (inner: float) (outer: float) (step: float -> float) =
        outer = inner || outer = step inner || outer = step (step inner)

    let isClose (found: Interval) (stated: Interval) =
        if stated.IsEmpty then
            found.IsEmpty
        else
            isAtMostTwoSteps stated.Lower found.Lower Math.BitDecrement
            && isAtMostTwoSteps stated.Upper found.Upper Math.BitIncrement

    let agrees (operation: string) (accuracy: Accuracy) (found: Literal) (stated: Literal) =
        match accuracy, found, stated with
        | Accuracy.Equal, Literal.Interval a, Literal.Interval b -> sameInterval a b
        | Accuracy.Close, Literal.Interval a, Literal.Interval b -> isClose a b
        // The collection writes some zeros of mid, rad, wid, mag and mig without a sign; only inf and sup prescribe it.
        | _, Literal.Number x, Literal.Number y -> sameNumber x y || (operation <> "inf" && operation <> "sup" && x = y)
        | _, Literal.Word a, Literal.Word b -> a = b
        | _ -> false

    let failure (accuracy: Accuracy, operation: Literal list -> Literal list) (statement: Statement) : string option =
        let stated = statement.Results @ (if statement.Signals then [ Literal.Word "signal" ] else [])

        let found =
            try
                operation statement.Operands
            with error -> [ Literal.Word error.Message ]

        if found.Length = stated.Length && List.forall2 (agrees statement.Operation accuracy) found stated then
            None
        else
            let shown = found |> List.map string |> String.concat " "
            Some $"{statement.Place}: {statement.Text}; found {shown}"

    let folder () = Statements.folder |> Option.get

    let all = lazy (Directory.GetFiles(folder (), "*.itl") |> Array.sort |> Array.toList |> List.map Statements.read)

    [<ConformanceFact>]
    member _.``every undecorated statement about an offered operation holds``() =
        let statements, decorated = all.Value |> List.map fst |> List.concat, all.Value |> List.sumBy snd
        let offered, others = statements |> List.partition (fun s -> Offered.operations.ContainsKey s.Operation)
        let excepted, run = offered |> List.partition (fun s -> Offered.exceptions.ContainsKey s.Text)
        let failures = run |> List.choose (fun s -> failure Offered.operations[s.Operation] s)

        let counts (ss: Statement list) =
            ss |> List.countBy _.Operation |> List.sort |> List.map (fun (name, n) -> $"{name} {n}") |> String.concat ", "

        output.WriteLine $"run {run.Length}, passed {run.Length - failures.Length}, excepted {excepted.Length}"
        output.WriteLine $"run: {counts run}"
        output.WriteLine $"out of scope: {decorated} with decorations or texts, and {others.Length} about other operations: {counts others}"

        for statement in excepted do
            output.WriteLine $"excepted: {statement.Text}: {Offered.exceptions[statement.Text]}"

        Assert.True(failures.IsEmpty, String.Join(Environment.NewLine, $"{failures.Length} fail:" :: List.truncate 60 failures))

    [<ConformanceFact>]
    member _.``no statement is lost in reading``() =
        let count name = all.Value |> List.sumBy (fun (ss, _) -> ss |> List.filter (fun s -> s.Operation = name) |> List.length)

        for name in Offered.operations.Keys do
            let least = ConformanceTests.Least[name]
            Assert.True(count name >= least, $"{name}: found {count name}, expected at least {least}")

    /// Undecorated statements per offered operation in the collection, counted by a text search.
    static member Least: Map<string, int> =
        Map [
            "pos", 11
            "neg", 11
            "add", 31
            "sub", 31
            "mul", 116
            "div", 341
            "recip", 18
            "sqr", 12
            "sqrt", 13
            "fma", 564
            "abs", 12
            "min", 15
            "max", 15
            "sign", 11
            "ceil", 15
            "floor", 13
            "trunc", 13
            "roundTiesToEven", 18
            "roundTiesToAway", 18
            "cancelPlus", 58
            "cancelMinus", 63
            "mulRevToPair", 172
            "intersection", 5
            "convexHull", 5
            "exp", 19
            "log", 21
            "sin", 52
            "cos", 52
            "tanh", 11
            "atan", 10
            "pown", 163
            "inf", 14
            "sup", 14
            "mid", 12
            "rad", 9
            "midRad", 13
            "wid", 8
            "mag", 8
            "mig", 11
            "isEmpty", 14
            "isEntire", 14
            "isSingleton", 15
            "isCommonInterval", 12
            "isMember", 35
            "equal", 15
            "subset", 27
            "less", 26
            "precedes", 21
            "interior", 16
            "strictLess", 14
            "strictPrecedes", 14
            "disjoint", 10
            "overlap", 48
            "b-numsToInterval", 10
        ]
