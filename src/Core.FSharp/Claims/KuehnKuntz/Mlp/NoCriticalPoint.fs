namespace LayerTime.Core.Claims.KuehnKuntz

module internal MlpNoCriticalPointReserved =
    let private reserved = ()
