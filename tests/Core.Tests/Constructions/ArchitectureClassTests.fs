module LayerTime.Core.Tests.Constructions.ArchitectureClassTests

let private reserved = ()
