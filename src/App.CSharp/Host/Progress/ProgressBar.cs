using System;
using System.Threading.Tasks;
using Spectre.Console;

namespace LayerTime.Host.Progress;

/// <summary>Progress as a bar that is redrawn, for terminals.</summary>
internal static class ProgressBar
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    internal static Task ShowAsync(IAnsiConsole terminal, Task run, Func<Milestone?> reached) =>
        terminal.Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(async context =>
            {
                var bar = context.AddTask("starting", maxValue: 1);
                do
                {
                    if (reached() is { } milestone)
                    {
                        bar.Value = Math.Min(milestone.Share, 1);
                        bar.Description = Markup.Escape(milestone.At);
                    }
                }
                while (!await LiveProgress.Ends(run, Interval));
            });
}
