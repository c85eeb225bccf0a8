namespace LayerTime.Core.Claims.KuehnKuntz

module internal ActivationAdmissibleReserved =
    let private reserved = ()
