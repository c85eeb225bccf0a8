using System.CommandLine;

namespace LayerTime.Host.Commands;

/// <summary>Certificates, confirmed step by step.</summary>
internal static class CheckCommand
{
    internal static Command Create(HostConsole console)
    {
        var file = new Argument<string>("CERTIFICATE") { Description = "A certificate that layertime census --certificate wrote." };
        var json = Options.Json("The verdict as one JSON document on standard output.");
        var command = new Command(
            "check",
            "Confirm every step of a certificate by the generic semantics over intervals, without the search that found it; or name the box where that fails.")
        {
            file,
            json,
        };
        HelpWithExamples.Add(
            command,
            new("layertime census net.json --box \"[-3,3]^2\" --certificate points.json", "Take a census and write its certificate."),
            new("layertime check points.json", "Check it: exit code 0 if it is confirmed, 1 if not."));
        command.SetAction(parsed =>
        {
            var certificate = CensusCertificate.Load(parsed.GetValue(file)!);
            var objection = certificate.Check(console.Interruption());
            if (parsed.GetValue(json))
            {
                console.Out.Write(Rendering.CertificateJson.Of(certificate, objection));
            }
            else
            {
                console.Out.WriteLine(objection is null ? $"Confirmed: {certificate}." : $"Refused: {objection.Reason}.");
                if (objection is not null)
                {
                    console.Out.WriteLine($"  at {objection.Box}");
                }
            }

            return (int)(objection is null ? ExitCode.Success : ExitCode.Refuted);
        });
        return command;
    }
}
