namespace LayerTime.Core.Claims.KuehnKuntz

module internal ResnetNoCriticalPointReserved =
    let private reserved = ()
