namespace LayerTime.Core.Claims.KuehnKuntz

module internal DrawsReserved =
    let private reserved = ()
