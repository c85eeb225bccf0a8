module LayerTime.Core.Tests.Numbers.DirectedTests

let private reserved = ()
