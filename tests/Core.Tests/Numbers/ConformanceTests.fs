module LayerTime.Core.Tests.Numbers.ConformanceTests

let private reserved = ()
