namespace LayerTime.Core.Claims.KuehnKuntz

module internal CensusDegreeReserved =
    let private reserved = ()
