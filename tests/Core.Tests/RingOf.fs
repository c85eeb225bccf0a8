namespace LayerTime.Core.Tests

open LayerTime.Core.Numbers

/// The members of the number-system interfaces as functions.
module RingOf =
    let positivePart (t: 'T) : 'T :> IRing<'T> = 'T.PositivePart t
    let negativePart (t: 'T) : 'T :> IRing<'T> = 'T.NegativePart t
    let heaviside (t: 'T) : 'T :> IRing<'T> = 'T.Heaviside t
