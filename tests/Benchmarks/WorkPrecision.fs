/// Work against precision: which method reaches an error in the shortest time.
module LayerTime.Benchmarks.WorkPrecision

open System
open System.Globalization
open System.IO

/// One run of a method: the error it makes in the time it takes.
type Point = {
    /// Whose run.
    Method: string
    /// The size of the problem.
    Size: string
    /// The largest error of a component at the end.
    Error: float
    /// Median time of a solve.
    Seconds: float
    /// Evaluations of the field.
    Evaluations: int
}

/// The shortest time in which a method makes at most an error, if it ever does.
let seconds (points: Point list) (size: string) (method: string) (error: float) : float option =
    points
    |> List.filter (fun p -> p.Method = method && p.Size = size && p.Error <= error)
    |> List.map _.Seconds
    |> function
        | [] -> None
        | times -> Some(List.min times)

let private show (x: float) = x.ToString("0.##", CultureInfo.InvariantCulture)

/// The microseconds of every method to reach each error, as lines of text.
let table (points: Point list) (size: string) (errors: float list) : string list =
    let cell =
        function
        | Some(s: float) -> (s * 1e6).ToString("0.0", CultureInfo.InvariantCulture).PadLeft 10
        | None -> "-".PadLeft 10

    let name = size.PadRight 34

    let head =
        errors |> List.map (fun e -> ("≤ " + e.ToString("0e0", CultureInfo.InvariantCulture)).PadLeft 10) |> String.concat ""

    let methods = points |> List.filter (fun p -> p.Size = size) |> List.map _.Method |> List.distinct

    name + head
    :: [
        for method in methods do
            let cells = errors |> List.map (fun error -> cell (seconds points size method error))
            (method.PadRight 34) + String.concat "" cells
    ]

/// Error against time, both logarithmic, one line for each method.
let svg (points: Point list) (size: string) : string =
    let points = points |> List.filter (fun p -> p.Size = size && p.Error > 0.0)

    let colours = [
        "#0b6e4f"
        "#b5179e"
        "#1d3557"
        "#e07a00"
        "#7a7a7a"
        "#c1121f"
        "#457b9d"
        "#6a994e"
        "#9c6644"
        "#5e548e"
        "#00a6a6"
        "#8d0801"
        "#3a86ff"
    ]

    let decade (values: float list) = floor (log10 (List.min values)), ceil (log10 (List.max values))
    let left, right = decade (List.map _.Seconds points)
    let bottom, top = decade (List.map _.Error points)
    let x (s: float) = 70.0 + 480.0 * (log10 s - left) / (right - left)
    let y (e: float) = 30.0 + 360.0 * (top - log10 e) / (top - bottom)

    let lines = [
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"760\" height=\"440\" font-family=\"sans-serif\" font-size=\"11\">"
        $"<text x=\"70\" y=\"18\">Error at the end against time of a solve, {size}</text>"

        for k in int left .. int right do
            let at = show (x (Math.Pow(10.0, float k)))
            $"<line x1=\"{at}\" y1=\"30\" x2=\"{at}\" y2=\"390\" stroke=\"#ddd\"/><text x=\"{at}\" y=\"406\" text-anchor=\"middle\">1e{k} s</text>"

        for k in int bottom .. int top do
            let at = show (y (Math.Pow(10.0, float k)))
            $"<line x1=\"70\" y1=\"{at}\" x2=\"550\" y2=\"{at}\" stroke=\"#ddd\"/><text x=\"64\" y=\"{at}\" text-anchor=\"end\">1e{k}</text>"

        for i, (method, own) in points |> List.groupBy _.Method |> List.indexed do
            let colour = colours[i % colours.Length]
            let path = own |> List.map (fun p -> $"{show (x p.Seconds)},{show (y p.Error)}") |> String.concat " "
            $"<polyline points=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\"/>"
            $"<text x=\"560\" y=\"{44 + 16 * i}\" fill=\"{colour}\">{method}</text>"

        "</svg>"
    ]

    String.concat "\n" lines + "\n"

/// Writes a figure under its name only once it is whole.
let write (path: string) (text: string) : unit =
    let temporary = path + ".part"
    File.WriteAllText(temporary, text)
    File.Move(temporary, path, true)
