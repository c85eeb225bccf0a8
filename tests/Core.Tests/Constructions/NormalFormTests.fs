module LayerTime.Core.Tests.Constructions.NormalFormTests

let private reserved = ()
