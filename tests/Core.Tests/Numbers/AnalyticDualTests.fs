module LayerTime.Core.Tests.Numbers.AnalyticDualTests

let private reserved = ()
