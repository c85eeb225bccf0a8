module LayerTime.Core.Tests.Rigour.ZeroSearchTests

let private reserved = ()
