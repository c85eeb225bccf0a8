namespace LayerTime.Core.Claims.KuehnKuntz

module internal MlpNormalFormReserved =
    let private reserved = ()
