using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace LayerTime.Host.Files;

/// <summary>Results on their way out: a file appears whole or not at all.</summary>
internal static class OutputFile
{
    /// <summary>Tells before the work which files can never be written after it: in folders that do not exist, or one file for two results.</summary>
    internal static void Check(params string?[] paths)
    {
        List<string> named = [.. paths.OfType<string>()];
        var problems = named
            .Where(path => Directory.Exists(path) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
            .Select(path => $"Cannot write {path}: {(Directory.Exists(path) ? "it is a folder" : "its folder does not exist")}.")
            .Concat(named.GroupBy(Path.GetFullPath).Where(same => same.Count() > 1).Select(same => $"Two results would be written to {same.First()}."))
            .ToList();
        if (problems.Count > 0)
        {
            throw HostException.BadInput(string.Join('\n', problems));
        }
    }

    /// <summary>Tells before the work that a report can never be written after it.</summary>
    internal static void CheckReport(string? folder)
    {
        if (folder is not null && ReportPlace.Obstacle(folder) is { } obstacle)
        {
            throw HostException.BadInput($"Cannot write the report {folder}: {obstacle}");
        }
    }

    /// <summary>Writes a network to the file, in the format of its extension, or as JSON to standard output if there is no name.</summary>
    internal static void Write(string? path, Network network, HostConsole console)
    {
        if (path is null)
        {
            console.Out.Write(network.ToJson());
        }
        else
        {
            network.Save(path);
        }
    }

    /// <summary>Writes a neural ODE, which only JSON holds, to the file, or to standard output if there is no name.</summary>
    internal static void Write(string? path, NeuralOde ode, HostConsole console)
    {
        if (path is not null && NetworkFormat.Of(path) != NetworkFileFormat.Json)
        {
            throw HostException.BadInput($"Cannot write {path}: no format but JSON holds a neural ODE; give the file another extension.");
        }

        Write(path, ode.ToJson(), console);
    }

    /// <summary>Writes a network that is text already.</summary>
    internal static void WriteNetwork(string path, string json, HostConsole console)
    {
        if (NetworkFormat.Of(path) == NetworkFileFormat.Json)
        {
            Write(path, json, console);
        }
        else
        {
            Network.Parse(json).Save(path);
        }
    }

    /// <summary>Writes to the file, or to standard output if there is no name.</summary>
    internal static void Write(string? path, string text, HostConsole console)
    {
        if (path is null)
        {
            console.Out.Write(text);
            return;
        }

        try
        {
            WholeFile.Write(path, Encoding.UTF8.GetBytes(text));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw HostException.BadInput($"Cannot write {path}: {exception.Message}");
        }
    }
}
