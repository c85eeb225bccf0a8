namespace LayerTime.Core.Rigour

module internal CensusReserved =
    let private reserved = ()
