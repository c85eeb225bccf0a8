module LayerTime.Core.Tests.Rigour.CensusTests

let private reserved = ()
