/// The peer scripts, run beside our own rows so that both meet the same machine in the same minutes.
module LayerTime.Benchmarks.Peers

open System
open System.Diagnostics
open System.IO
open System.Text.Json

/// One row of a peer: a JSON object that names the peer, its throughput and what else it measured.
[<NoComparison; NoEquality>]
type Row = {
    Fields: JsonElement
} with

    /// A number it measured.
    member row.Number(name: string) : float = row.Fields.GetProperty(name).GetDouble()
    /// A text it printed; empty where it printed none.
    member row.Text(name: string) : string = row.Fields.GetProperty(name).GetString() |> Option.ofObj |> Option.defaultValue ""
    /// What ran.
    member row.Peer: string = row.Text "peer"
    /// How many units a second.
    member row.Throughput: float = row.Number "throughput"

/// The folder of the peer scripts: LAYERTIME_PEERS, or the one beside the checkout.
let private folder () : string option =
    let beside () =
        Seq.unfold
            (fun (d: DirectoryInfo | null) -> Option.ofObj d |> Option.map (fun d -> d, d.Parent))
            (DirectoryInfo AppContext.BaseDirectory)
        |> Seq.tryFind (fun d -> File.Exists(Path.Combine(d.FullName, "Mixed.sln")))
        |> Option.map (fun root -> Path.Combine(root.FullName, "..", "shared", "peers"))

    Option.ofObj (Environment.GetEnvironmentVariable "LAYERTIME_PEERS")
    |> Option.orElseWith beside
    |> Option.filter Directory.Exists

/// What a program prints on standard output; None, with the reason on standard error, where it cannot run.
let private output (program: string) (arguments: string list) (folder: string) (needs: string) : string option =
    try
        let start =
            ProcessStartInfo(program, arguments, WorkingDirectory = folder, RedirectStandardOutput = true, UseShellExecute = false)

        match Process.Start start |> Option.ofObj with
        | None -> None
        | Some child ->
            let text = child.StandardOutput.ReadToEnd()
            child.WaitForExit()

            if child.ExitCode = 0 then
                Some text
            else
                eprintfn $"{program} failed; {needs}."
                None
    with :? ComponentModel.Win32Exception ->
        eprintfn $"{program} is not there; {needs}."
        None

let private rows (text: string) : Row list =
    text.Split '\n'
    |> Seq.filter _.StartsWith('{')
    |> Seq.map (fun line -> { Fields = JsonDocument.Parse(line).RootElement })
    |> Seq.toList

let private inFolder (run: string -> Row list option) : Row list option =
    match folder () with
    | Some folder -> run folder
    | None ->
        eprintfn "The peers are not beside the checkout; set LAYERTIME_PEERS to their folder."
        None

/// The rows of a peer script with arguments under LAYERTIME_PYTHON (python3 unless told), or None.
let runWith (arguments: string list) (script: string) : Row list option =
    inFolder (fun folder ->
        let python = Environment.GetEnvironmentVariable "LAYERTIME_PYTHON" |> Option.ofObj |> Option.defaultValue "python3"
        output python (script :: arguments) folder "the script needs numpy, scipy or hypothesis" |> Option.map rows)

/// The rows of a peer script, or None.
let run (script: string) : Row list option = runWith [] script

/// The rows of a peer program in C++ with arguments, compiled with the flags and libraries it asks for, or None.
let compiledWith (arguments: string list) (source: string) (flags: string list) (libraries: string list) (needs: string) : Row list option =
    inFolder (fun folder ->
        let build = Directory.CreateTempSubdirectory "layertime-"

        try
            let program = Path.Combine(build.FullName, "peer")

            output "g++" (flags @ [ source; "-o"; program ] @ libraries) folder needs
            |> Option.bind (fun _ -> output program arguments folder needs)
            |> Option.map rows
        finally
            build.Delete true)

/// The rows of a peer program in C++, compiled with the flags it asks for, or None.
let compiled (source: string) (flags: string list) (needs: string) : Row list option = compiledWith [] source flags [] needs
