namespace LayerTime.Core.Claims.KuehnKuntz

module internal PaperReserved =
    let private reserved = ()
