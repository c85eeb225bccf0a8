namespace LayerTime.Core.Claims.KuehnKuntz

module internal MlpMorseGenericReserved =
    let private reserved = ()
