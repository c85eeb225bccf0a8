module LayerTime.Core.Tests.Rigour.InertiaTests

let private reserved = ()
