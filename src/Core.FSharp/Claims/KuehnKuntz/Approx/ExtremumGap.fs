namespace LayerTime.Core.Claims.KuehnKuntz

module internal ApproxExtremumGapReserved =
    let private reserved = ()
