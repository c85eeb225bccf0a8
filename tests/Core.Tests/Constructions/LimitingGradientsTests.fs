module LayerTime.Core.Tests.Constructions.LimitingGradientsTests

let private reserved = ()
