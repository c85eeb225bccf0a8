module LayerTime.Core.Tests.Rigour.RankBoundsTests

let private reserved = ()
