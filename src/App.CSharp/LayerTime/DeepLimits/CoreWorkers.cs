using System;
using System.Threading.Tasks;
using LayerTime.Core.DeepLimit;

namespace LayerTime;

/// <summary>Runs the pieces of work of the core on some cores.</summary>
internal sealed class CoreWorkers(int most) : IWorkers
{
    private readonly ParallelOptions options = new() { MaxDegreeOfParallelism = most };

    public void Run(int count, Action<int> work)
    {
        if (count == 1)
        {
            work(0);
        }
        else
        {
            Parallel.For(0, count, options, work);
        }
    }
}
