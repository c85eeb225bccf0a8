module LayerTime.Core.Tests.Numbers.IntervalFunctionTests

let private reserved = ()
