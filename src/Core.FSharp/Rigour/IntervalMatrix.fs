namespace LayerTime.Core.Rigour

module internal IntervalMatrixReserved =
    let private reserved = ()
