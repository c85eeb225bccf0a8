namespace LayerTime.Core.Constructions

module internal GlobalCountReserved =
    let private reserved = ()
