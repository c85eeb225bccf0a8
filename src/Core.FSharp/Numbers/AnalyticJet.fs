namespace LayerTime.Core.Numbers

module internal AnalyticJetReserved =
    let private reserved = ()
