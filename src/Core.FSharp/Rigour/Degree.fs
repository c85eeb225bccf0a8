namespace LayerTime.Core.Rigour

module internal DegreeReserved =
    let private reserved = ()
