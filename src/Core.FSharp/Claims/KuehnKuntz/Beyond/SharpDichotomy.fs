namespace LayerTime.Core.Claims.KuehnKuntz

module internal BeyondSharpDichotomyReserved =
    let private reserved = ()
