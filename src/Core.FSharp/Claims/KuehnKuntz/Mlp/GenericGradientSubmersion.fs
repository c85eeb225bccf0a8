namespace LayerTime.Core.Claims.KuehnKuntz

module internal MlpGenericGradientSubmersionReserved =
    let private reserved = ()
