using System;
using System.Threading.Tasks;
using Spectre.Console;

namespace LayerTime.Host.Progress;

/// <summary>Progress as a bar that is redrawn, for terminals.</summary>
internal static class ProgressBar
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    internal static Task ShowAsync(IAnsiConsole terminal, Task run, Latest latest) =>
        terminal.Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(async context =>
            {
                var bar = context.AddTask("starting", maxValue: 1);
                do
                {
                    if (latest.Value is { } progress)
                    {
                        bar.MaxValue = Math.Max(1, progress.CasesExpected);
                        bar.Value = Math.Min(progress.CasesCompleted, bar.MaxValue);
                        bar.Description = Markup.Escape(progress.CurrentClaim ?? "starting");
                    }
                }
                while (!await LiveProgress.Ends(run, Interval));
            });
}
