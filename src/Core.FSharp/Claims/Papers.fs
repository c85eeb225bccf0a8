namespace LayerTime.Core.Claims

open LayerTime.Core.Claims.Hauser
open LayerTime.Core.Claims.KuehnKuntz
open LayerTime.Core.Claims.Ruseckas
open LayerTime.Core.Claims.Duan
open LayerTime.Core.Claims.ThorpeVanGennip

/// The catalogue of all papers.
[<RequireQualifiedAccess>]
module Papers =
    /// Every claim of every paper, in the order of the papers. A faulty catalogue is a fault of ours.
    let catalogue: Catalogue =
        match Catalogue.create (Hauser.claims @ KuehnKuntz.claims @ Ruseckas.claims @ Duan.claims @ ThorpeVanGennip.claims) with
        | Ok catalogue -> catalogue
        | Error problems -> invalidOp (String.concat " " problems)
