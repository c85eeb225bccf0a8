namespace LayerTime.Core.Claims.KuehnKuntz

module internal MlpFirstLayerDeficientReserved =
    let private reserved = ()
