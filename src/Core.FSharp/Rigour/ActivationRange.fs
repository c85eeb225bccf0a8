namespace LayerTime.Core.Rigour

module internal ActivationRangeReserved =
    let private reserved = ()
