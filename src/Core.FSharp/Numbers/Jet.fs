namespace LayerTime.Core.Numbers

module internal JetReserved =
    let private reserved = ()
