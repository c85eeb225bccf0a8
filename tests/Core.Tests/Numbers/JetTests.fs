module LayerTime.Core.Tests.Numbers.JetTests

let private reserved = ()
