namespace LayerTime.Core.Rigour

module internal AffineFormReserved =
    let private reserved = ()
