namespace LayerTime.Core.Rigour

module internal InertiaReserved =
    let private reserved = ()
