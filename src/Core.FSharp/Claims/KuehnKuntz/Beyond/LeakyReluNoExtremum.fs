namespace LayerTime.Core.Claims.KuehnKuntz

module internal BeyondLeakyReluNoExtremumReserved =
    let private reserved = ()
