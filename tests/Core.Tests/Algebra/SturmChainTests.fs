module LayerTime.Core.Tests.Algebra.SturmChainTests

let private reserved = ()
