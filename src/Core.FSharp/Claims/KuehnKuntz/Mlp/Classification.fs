namespace LayerTime.Core.Claims.KuehnKuntz

module internal MlpClassificationReserved =
    let private reserved = ()
