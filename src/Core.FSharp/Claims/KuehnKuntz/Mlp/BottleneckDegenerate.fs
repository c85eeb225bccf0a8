namespace LayerTime.Core.Claims.KuehnKuntz

module internal MlpBottleneckDegenerateReserved =
    let private reserved = ()
