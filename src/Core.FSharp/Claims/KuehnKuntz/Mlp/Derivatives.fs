namespace LayerTime.Core.Claims.KuehnKuntz

module internal MlpDerivativesReserved =
    let private reserved = ()
