namespace LayerTime.Core.Constructions

module internal NormalFormReserved =
    let private reserved = ()
