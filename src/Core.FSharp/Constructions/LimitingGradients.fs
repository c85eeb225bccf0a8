namespace LayerTime.Core.Constructions

module internal LimitingGradientsReserved =
    let private reserved = ()
