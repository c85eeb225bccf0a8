namespace LayerTime.Core.Claims.KuehnKuntz

module internal MlpFoldReserved =
    let private reserved = ()
