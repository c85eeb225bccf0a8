module LayerTime.Core.Tests.Rigour.CertificateTests

let private reserved = ()
