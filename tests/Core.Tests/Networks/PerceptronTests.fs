module LayerTime.Core.Tests.Networks.PerceptronTests

let private reserved = ()
