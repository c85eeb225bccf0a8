namespace LayerTime.Core.Rigour

module internal KrawczykReserved =
    let private reserved = ()
