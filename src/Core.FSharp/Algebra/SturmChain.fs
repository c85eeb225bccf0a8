namespace LayerTime.Core.Algebra

module internal SturmChainReserved =
    let private reserved = ()
