using System;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;
using LayerTime.Core.Semantics;
using Microsoft.FSharp.Core;

namespace LayerTime;

/// <summary>The coordinates and steps of the core, on flat states.</summary>
internal static class Realisation
{
    internal static T[] Convert<T>(Network<T> network, T[] state, StateCoordinates from, StateCoordinates to)
        where T : IField<T>
    {
        // Nothing is computed, and so nothing rounded, where nothing is asked.
        return Known(from, nameof(from)) == Known(to, nameof(to)) ? state : Exactly.Flat(OfDelay(network, ToDelay(network, Blocks(network, state), from), to));
    }

    internal static T[] Step<T>(Network<T> network, T[] state, int layer, StateCoordinates coordinates)
        where T : IField<T>
    {
        var equation = network.Equation;
        if (Design.Of(network.Architecture).Kind == Architecture.Smooth && Known(coordinates, nameof(coordinates)) != StateCoordinates.Delay)
        {
            var force = Force(network, layer);
            var blocks = Blocks(network, state);
            return Exactly.Flat(coordinates == StateCoordinates.Difference
                ? SmoothState.cascade(equation.Step, force, blocks)
                : SmoothState.scaledCascade(equation.Step, force, blocks));
        }

        var delay = ToDelay(network, Blocks(network, state), coordinates);
        var single = Built.OrThrow(DifferenceEquationModule.create(
            equation.Width(0), equation.Order, equation.Step, [equation.RightHandSides[layer]]));
        return Exactly.Flat(OfDelay(network, Simulation.run(single, delay).Delay(1), coordinates));
    }

    internal static T[] StepBack<T>(Network<T> network, T[] state, int layer, StateCoordinates coordinates)
        where T : IField<T>
    {
        var (step, force, blocks) = (network.Equation.Step, Force(network, layer), Blocks(network, state));
        return Exactly.Flat(Known(coordinates, nameof(coordinates)) switch
        {
            StateCoordinates.Delay => SmoothState.delayInverse(step, force, blocks),
            StateCoordinates.Difference => SmoothState.inverse(step, force, blocks),
            _ => SmoothState.scaledInverse(step, force, blocks),
        });
    }

    private static StateCoordinates Known(StateCoordinates coordinates, string parameter) => Enum.IsDefined(coordinates)
        ? coordinates
        : throw new ArgumentOutOfRangeException(parameter, coordinates, "Coordinates of a state are expected.");

    private static FSharpFunc<T[], T[]> Force<T>(Network<T> network, int layer)
        where T : IRing<T>
    {
        var map = ArchitectureModule.maps(network.Architecture)[layer][0];
        return FuncConvert.FromFunc<T[], T[]>(x => LayerMapModule.apply(map, x));
    }

    private static T[][] Blocks<T>(Network<T> network, T[] state) => Exactly.Blocks(state, network.Equation.Width(0));

    private static T[][] ToDelay<T>(Network<T> network, T[][] state, StateCoordinates from)
        where T : IField<T> => from switch
        {
            StateCoordinates.Delay => state,
            StateCoordinates.Difference => Coordinates.toDelay(state),
            _ => Coordinates.toDelay(Coordinates.ofScaled(network.Equation.Step, state)),
        };

    private static T[][] OfDelay<T>(Network<T> network, T[][] delay, StateCoordinates to)
        where T : IField<T> => to switch
        {
            StateCoordinates.Delay => delay,
            StateCoordinates.Difference => Coordinates.toDifference(delay),
            _ => Coordinates.toScaled(network.Equation.Step, Coordinates.toDifference(delay)),
        };
}
