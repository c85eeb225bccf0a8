/// The peer scripts, run beside our own rows so that both meet the same machine in the same minutes.
module LayerTime.Benchmarks.Peers

open System
open System.Diagnostics
open System.IO
open System.Runtime.Intrinsics.X86
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
        output python (script :: arguments) folder "the script needs what its first line names" |> Option.map rows)

/// The rows of a peer script, or None.
let run (script: string) : Row list option = runWith [] script

/// Eight lanes as two times four, for the peers in C++ on a machine without AVX-512: the same operations under the same names.
let private lanes =
    """#include <immintrin.h>
struct Lanes8 { __m256d low, high; };
extern "C" __m256d _ZGVdN4v_tanh(__m256d);
extern "C" { static inline Lanes8 lanes8_tanh(Lanes8 x) { return {_ZGVdN4v_tanh(x.low), _ZGVdN4v_tanh(x.high)}; } }
static inline Lanes8 lanes8_load(const double* p) { return {_mm256_loadu_pd(p), _mm256_loadu_pd(p + 4)}; }
static inline void lanes8_store(double* p, Lanes8 x) { _mm256_storeu_pd(p, x.low); _mm256_storeu_pd(p + 4, x.high); }
static inline Lanes8 lanes8_all(double x) { return {_mm256_set1_pd(x), _mm256_set1_pd(x)}; }
static inline Lanes8 lanes8_zero() { return {_mm256_setzero_pd(), _mm256_setzero_pd()}; }
static inline Lanes8 lanes8_add(Lanes8 a, Lanes8 b) { return {_mm256_add_pd(a.low, b.low), _mm256_add_pd(a.high, b.high)}; }
static inline Lanes8 lanes8_fma(Lanes8 a, Lanes8 b, Lanes8 c) { return {_mm256_fmadd_pd(a.low, b.low, c.low), _mm256_fmadd_pd(a.high, b.high, c.high)}; }
#define __m512d Lanes8
#define _ZGVeN8v_tanh lanes8_tanh
#define _mm512_loadu_pd lanes8_load
#define _mm512_storeu_pd lanes8_store
#define _mm512_set1_pd lanes8_all
#define _mm512_setzero_pd lanes8_zero
#define _mm512_add_pd lanes8_add
#define _mm512_fmadd_pd lanes8_fma
"""

/// The rows of a peer program in C++ with arguments, compiled with the flags and libraries it asks for, or None.
let compiledWith (arguments: string list) (source: string) (flags: string list) (libraries: string list) (needs: string) : Row list option =
    inFolder (fun folder ->
        let build = Directory.CreateTempSubdirectory "layertime-"

        try
            let program = Path.Combine(build.FullName, "peer")
            let header = Path.Combine(build.FullName, "lanes.h")
            File.WriteAllText(header, lanes)
            let flags = if Avx512F.IsSupported then flags else flags @ [ "-include"; header ]

            output "g++" (flags @ [ source; "-o"; program ] @ libraries) folder needs
            |> Option.bind (fun _ -> output program arguments folder needs)
            |> Option.map rows
        finally
            build.Delete true)

/// The rows of a peer program in C++, compiled with the flags it asks for, or None.
let compiled (source: string) (flags: string list) (needs: string) : Row list option = compiledWith [] source flags [] needs
