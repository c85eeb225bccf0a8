namespace LayerTime.Core.Claims.KuehnKuntz

module internal MlpRankDeficiencyClassReserved =
    let private reserved = ()
