module LayerTime.Core.Tests.Numbers.IntervalTests

let private reserved = ()
