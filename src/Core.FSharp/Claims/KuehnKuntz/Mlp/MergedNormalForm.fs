namespace LayerTime.Core.Claims.KuehnKuntz

module internal MlpMergedNormalFormReserved =
    let private reserved = ()
