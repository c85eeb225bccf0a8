namespace LayerTime.Core.Constructions

module internal ArchitectureClassReserved =
    let private reserved = ()
