module LayerTime.Core.Tests.Rigour.DegreeTests

let private reserved = ()
