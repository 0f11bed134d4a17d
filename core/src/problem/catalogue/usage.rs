//! Use of the program and the library.

catalogue! {
    U001 STOPPED Error { zh: "已中止，账册未变", en: "stopped; the book is as it was" }
}
