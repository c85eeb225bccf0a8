using System;
using System.Threading;
using LayerTime.Core.Algebra;
using LayerTime.Core.Rigour;

namespace LayerTime;

/// <summary>A map that stops whoever asks it after a cancellation.</summary>
internal sealed class CancellableMap(IScalarMap map, CancellationToken cancellationToken) : IScalarMap, ISquareSystem
{
    public ISquareSystem Gradient => this;

    public int Dimension => map.Gradient.Dimension;

    public CoreInterval Value(CoreInterval[] box) => Asked(map).Value(box);

    CoreInterval[] ISquareSystem.Value(CoreInterval[] box) => Asked(map).Gradient.Value(box);

    public ValueTuple<CoreInterval[], Matrix<CoreInterval>> ValueAndJacobian(CoreInterval[] box) => Asked(map).Gradient.ValueAndJacobian(box);

    public ILineariser Lineariser() => Asked(map).Gradient.Lineariser();

    private IScalarMap Asked(IScalarMap inner)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return inner;
    }
}
