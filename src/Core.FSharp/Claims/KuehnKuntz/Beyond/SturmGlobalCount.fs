namespace LayerTime.Core.Claims.KuehnKuntz

module internal BeyondSturmGlobalCountReserved =
    let private reserved = ()
