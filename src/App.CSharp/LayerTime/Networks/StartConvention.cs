namespace LayerTime;

/// <summary>How an input of one state's width becomes the history x(0), x(−1), … of a network that remembers several.</summary>
public enum StartConvention
{
    /// <summary>x(0) = x(−1) = … = input: the network has been at rest there.</summary>
    Rest,

    /// <summary>x(0) = input, x(−1) = x(−2) = … = 0: missing skips are dropped.</summary>
    ZeroPadding,
}
