/// The peer scripts, run beside our own rows so that both meet the same machine in the same minutes.
module LayerTime.Benchmarks.Peers

open System
open System.Diagnostics
open System.IO
open System.Text.Json

/// One row of a peer script: what ran, how many units a second.
type Row = { Peer: string; Throughput: float }

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

let private text (row: JsonElement) (name: string) = row.GetProperty(name).GetString() |> Option.ofObj |> Option.defaultValue ""

let private parse (line: string) : Row option =
    if line.StartsWith '{' then
        let row = JsonDocument.Parse(line).RootElement
        Some { Peer = text row "peer"; Throughput = row.GetProperty("throughput").GetDouble() }
    else
        None

/// The rows of a peer script under LAYERTIME_PYTHON (python3 unless told); None, with the reason on standard error, where it cannot run.
let run (script: string) : Row list option =
    match folder () with
    | None ->
        eprintfn "The peer scripts are not beside the checkout; set LAYERTIME_PEERS to their folder."
        None
    | Some folder ->
        let python = Environment.GetEnvironmentVariable "LAYERTIME_PYTHON" |> Option.ofObj |> Option.defaultValue "python3"

        let start =
            ProcessStartInfo(python, script, WorkingDirectory = folder, RedirectStandardOutput = true, UseShellExecute = false)

        match Process.Start start |> Option.ofObj with
        | None -> None
        | Some peer ->
            let rows = peer.StandardOutput.ReadToEnd().Split '\n' |> Seq.choose parse |> Seq.toList
            peer.WaitForExit()

            if peer.ExitCode <> 0 || rows.IsEmpty then
                eprintfn $"The peer script {script} failed under {python}; it needs numpy and hypothesis."
                None
            else
                Some rows
