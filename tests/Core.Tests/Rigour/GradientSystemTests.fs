module LayerTime.Core.Tests.Rigour.GradientSystemTests

let private reserved = ()
