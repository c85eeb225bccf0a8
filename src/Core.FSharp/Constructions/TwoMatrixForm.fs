namespace LayerTime.Core.Constructions

module internal TwoMatrixFormReserved =
    let private reserved = ()
