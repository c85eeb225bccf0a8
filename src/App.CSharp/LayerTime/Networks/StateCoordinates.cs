namespace LayerTime;

/// <summary>The coordinates of a state of K blocks.</summary>
public enum StateCoordinates
{
    /// <summary>z_j = x(l+1−j): the last K states, newest first.</summary>
    Delay,

    /// <summary>q_n = ∇ⁿ⁻¹x(l): the state and its backward differences.</summary>
    Difference,

    /// <summary>p_n = h^−(n−1)·∇ⁿ⁻¹x(l): the state and its difference quotients, which have a limit as the step goes to 0.</summary>
    ScaledDifference,
}
