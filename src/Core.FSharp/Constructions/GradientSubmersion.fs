namespace LayerTime.Core.Constructions

module internal GradientSubmersionReserved =
    let private reserved = ()
