namespace LayerTime.Core.Claims.KuehnKuntz

module internal BeyondCertifiedIndexPathReserved =
    let private reserved = ()
