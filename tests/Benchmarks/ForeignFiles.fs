/// Files of other makers: how long they take to open, beside what reading their bytes takes.
module LayerTime.Benchmarks.ForeignFiles

open System
open System.Diagnostics
open System.IO
open LayerTime

let private milliseconds (work: unit -> 'R) : float =
    let start = Stopwatch.GetTimestamp()
    work () |> ignore
    Stopwatch.GetElapsedTime(start).TotalMilliseconds

let private median (times: float[]) = (Array.sort times)[times.Length / 2]

let private cat (path: string) () =
    use cat = Process.Start(ProcessStartInfo("sh", [ "-c"; "cat \"$0\" > /dev/null"; path ])) |> nonNull
    cat.WaitForExit()

let private inFolder (work: string -> unit) =
    let folder = Directory.CreateTempSubdirectory "layertime"

    try
        work folder.FullName
    finally
        folder.Delete true

/// A safetensors file of 100 MB, of doubles and of singles, and what `cat` takes for it.
let private tensors (folder: string) =
    printfn "file                     cat ms  open ms  ratio  allocated MB"

    for name, size in [ "F64", 8; "F32", 4 ] do
        let width, depth = 1000, 100_000_000 / (1000 * 1000 * size)
        let path = Path.Combine(folder, $"{name}.safetensors")
        let bytes = width * width * size

        let entries =
            String.Join(
                ",",
                Seq.init depth (fun l ->
                    $"\"{l}\":{{\"dtype\":\"{name}\",\"shape\":[{width},{width}],\"data_offsets\":[{l * bytes},{(l + 1) * bytes}]}}")
            )

        let layers = String.Join(",", Seq.init depth (fun l -> $"{{\"weights\":\"{l}\",\"activation\":\"relu\"}}"))

        File.WriteAllText(
            Path.Combine(folder, $"{name}.layout.json"),
            $"{{\"format\":\"layertime/1\",\"numbers\":\"float\",\"architecture\":\"feed-forward\",\"layers\":[{layers}]}}"
        )

        let header = Text.Encoding.ASCII.GetBytes $"{{{entries}}}"

        using (File.Create path) (fun stream ->
            stream.Write(ReadOnlySpan(BitConverter.GetBytes(int64 header.Length)))
            stream.Write(ReadOnlySpan header)
            let matrix = Array.zeroCreate<byte> bytes

            for i in 0 .. width * width - 1 do
                if size = 8 then
                    BitConverter.TryWriteBytes(Span(matrix, 8 * i, 8), sin (float i)) |> ignore
                else
                    BitConverter.TryWriteBytes(Span(matrix, 4 * i, 4), MathF.Sin(float32 i)) |> ignore

            for _ in 1..depth do
                stream.Write(ReadOnlySpan matrix))

        cat path ()
        let before = GC.GetAllocatedBytesForCurrentThread()
        Network.Load path |> ignore
        let allocated = float (GC.GetAllocatedBytesForCurrentThread() - before) / 1e6

        // In turn, and what was opened before is let go of beforehand: a process that opens one file.
        let times =
            Array.init 21 (fun _ ->
                GC.Collect()
                milliseconds (cat path), milliseconds (fun () -> Network.Load path))

        let catTime, openTime = median (Array.map fst times), median (Array.map snd times)
        printfn $"100 MB of {name, -12} {catTime, 8:F1} {openTime, 8:F1} {openTime / catTime, 6:F2} {allocated, 13:F0}"

/// A residual network of 10,000 layers as an ONNX model.
let private deep (folder: string) =
    let width = 8

    let layer l =
        let weights = Array2D.init width width (fun i j -> sin (float (l + (7 * i) + (3 * j))))
        LayerMap.FromLayer(Layer.Dense(weights, Array.create width 0.1, Activation.Tanh))

    let path = Path.Combine(folder, "deep.onnx")
    Network.Residual(1e-4, Array.init 10_000 layer).Save path
    let first = milliseconds (fun () -> Network.Load path)
    let again = Array.init 11 (fun _ -> milliseconds (fun () -> Network.Load path)) |> median
    printfn $"a residual network of 10,000 layers as ONNX, {float (FileInfo path).Length / 1e6:F1} MB: {Network.Load path}"
    printfn $"recognised in {first:F0} ms the first time, {again:F0} ms then"

/// Both reports.
let report () : int =
    inFolder tensors
    inFolder deep
    0
