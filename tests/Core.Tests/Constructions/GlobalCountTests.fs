module LayerTime.Core.Tests.Constructions.GlobalCountTests

let private reserved = ()
