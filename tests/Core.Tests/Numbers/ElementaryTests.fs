module LayerTime.Core.Tests.Numbers.ElementaryTests

open Xunit
open LayerTime.Core.Numbers

[<Fact>]
let ``sqrt of four is two`` () = Assert.Equal(2.0, Elementary.sqrt 4.0)
