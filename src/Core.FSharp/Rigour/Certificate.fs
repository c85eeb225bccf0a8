namespace LayerTime.Core.Rigour

module internal CertificateReserved =
    let private reserved = ()
