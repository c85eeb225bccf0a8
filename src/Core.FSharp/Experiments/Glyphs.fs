namespace LayerTime.Core.Experiments

open LayerTime.Core.Claims
open LayerTime.Core.DeepLimit

/// Synthetic digits of 8 × 8 pixels in the place of handwritten ones: fixed templates, shifted around the edges by at most one pixel, with noise.
[<RequireQualifiedAccess>]
module Glyphs =
    /// The side of a picture.
    let side: int = 8

    let private templates: string list = [
        "..###..|.#...#.|.#..##.|.#.#.#.|.##..#.|.#...#.|..###.."
        "...#...|..##...|...#...|...#...|...#...|...#...|..###.."
        "..###..|.#...#.|.....#.|....#..|...#...|..#....|.#####."
        "..###..|.#...#.|.....#.|...##..|.....#.|.#...#.|..###.."
        "....#..|...##..|..#.#..|.#..#..|.#####.|....#..|....#.."
        ".#####.|.#.....|.####..|.....#.|.....#.|.#...#.|..###.."
        "..###..|.#.....|.#.....|.####..|.#...#.|.#...#.|..###.."
        ".#####.|.....#.|....#..|...#...|..#....|..#....|..#...."
        "..###..|.#...#.|.#...#.|..###..|.#...#.|.#...#.|..###.."
        "..###..|.#...#.|.#...#.|..####.|.....#.|.....#.|..###.."
    ]

    let private pixels: bool[,][] =
        templates
        |> List.map (fun text ->
            let rows = text.Split '|'
            Array2D.init side side (fun i j -> i < rows.Length && j < rows[i].Length && rows[i][j] = '#'))
        |> Array.ofList

    /// The number of classes.
    let classes: int = pixels.Length

    /// Pictures row by row, of the classes 0, 1, …, 9, 0, 1, …, with normal noise of 0.2.
    let draw (count: int) (stream: RandomStream) : LabelledPoints = {
        Points =
            Array.init count (fun s ->
                let down, right = stream.NextInt(-1, 1), stream.NextInt(-1, 1)
                let at i shift = (i + side - shift) % side

                Array.init (side * side) (fun p ->
                    let isSet = pixels[s % classes][at (p / side) down, at (p % side) right]
                    (if isSet then 1.0 else 0.0) + 0.2 * ClassificationSamples.normal stream))
        Labels = Array.init count (fun s -> s % classes)
    }
