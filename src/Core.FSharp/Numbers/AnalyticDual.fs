namespace LayerTime.Core.Numbers

module internal AnalyticDualReserved =
    let private reserved = ()
