namespace LayerTime.Core.Rigour

module internal ZeroSearchReserved =
    let private reserved = ()
