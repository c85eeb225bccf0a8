namespace LayerTime.Core.Rigour

module internal GradientSystemReserved =
    let private reserved = ()
