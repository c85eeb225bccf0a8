namespace LayerTime.Core.Claims.KuehnKuntz

module internal BeyondRobustCensusReserved =
    let private reserved = ()
