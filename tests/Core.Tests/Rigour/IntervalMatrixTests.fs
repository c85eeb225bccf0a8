module LayerTime.Core.Tests.Rigour.IntervalMatrixTests

let private reserved = ()
