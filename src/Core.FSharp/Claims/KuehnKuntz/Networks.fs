namespace LayerTime.Core.Claims.KuehnKuntz

module internal NetworksReserved =
    let private reserved = ()
