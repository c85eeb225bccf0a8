namespace LayerTime.Core.Claims.KuehnKuntz

module internal CensusMetamorphicReserved =
    let private reserved = ()
