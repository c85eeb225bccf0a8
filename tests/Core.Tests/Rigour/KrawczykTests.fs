module LayerTime.Core.Tests.Rigour.KrawczykTests

let private reserved = ()
