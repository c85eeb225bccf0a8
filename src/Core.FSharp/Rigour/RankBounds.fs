namespace LayerTime.Core.Rigour

module internal RankBoundsReserved =
    let private reserved = ()
