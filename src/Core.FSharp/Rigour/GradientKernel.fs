namespace LayerTime.Core.Rigour

module internal GradientKernelReserved =
    let private reserved = ()
