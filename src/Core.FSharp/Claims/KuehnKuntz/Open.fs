namespace LayerTime.Core.Claims.KuehnKuntz

module internal OpenReserved =
    let private reserved = ()
