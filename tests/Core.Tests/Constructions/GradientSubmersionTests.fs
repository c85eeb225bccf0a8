module LayerTime.Core.Tests.Constructions.GradientSubmersionTests

let private reserved = ()
