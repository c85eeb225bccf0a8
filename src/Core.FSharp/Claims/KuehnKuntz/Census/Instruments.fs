namespace LayerTime.Core.Claims.KuehnKuntz

module internal CensusInstrumentsReserved =
    let private reserved = ()
