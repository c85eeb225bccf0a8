using LayerTime.Host;
using LayerTime.Host.Terminals;

using var process = new ProcessConsole();
return await Application.RunAsync(args, process.Console, new LibraryClaims());
