namespace LayerTime.Core.Claims.KuehnKuntz

module internal CensusCompleteReserved =
    let private reserved = ()
