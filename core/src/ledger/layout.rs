//! Where things are in a book.

use std::path::{Path, PathBuf};

use super::Period;

/// The folders and files of a book.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub root: PathBuf,
}

impl Layout {
    pub const MANIFEST: &str = "manifest.json";

    pub fn new(root: &Path) -> Layout {
        Layout { root: root.to_owned() }
    }

    pub fn index(&self) -> PathBuf {
        self.root.join("book.json")
    }

    pub fn periods(&self) -> PathBuf {
        self.root.join("periods")
    }

    pub fn period(&self, period: Period) -> PathBuf {
        self.periods().join(period.to_string())
    }

    /// What belongs to the program and not to the results.
    pub fn work(&self) -> PathBuf {
        self.root.join(".dianzhi")
    }

    /// Held exclusively by whoever writes, for as long as it writes.
    pub fn write_lock(&self) -> PathBuf {
        self.work().join("write.lock")
    }

    /// Held exclusively at the moment of exchange, shared by readers.
    pub fn swap_lock(&self) -> PathBuf {
        self.work().join("swap.lock")
    }

    /// Where runs in the making are.
    pub fn staging(&self) -> PathBuf {
        self.work().join("next")
    }

    pub fn staged(&self, period: Period) -> PathBuf {
        self.staging().join(period.to_string())
    }

    /// The ending of a folder moved aside where two folders cannot be exchanged.
    pub const ASIDE: &str = ".old";

    pub fn aside(&self, period: Period) -> PathBuf {
        self.staging().join(format!("{period}{}", Self::ASIDE))
    }

    /// The `book.json` to come, from just before the exchange until it counts.
    pub fn intent(&self) -> PathBuf {
        self.work().join("book.json.next")
    }

    /// A file in the making, to be renamed when it is whole.
    pub fn scratch(&self) -> PathBuf {
        self.work().join("part")
    }

    /// Where the text of schemes and policies is kept, each under its own SHA-256.
    pub fn sources(&self) -> PathBuf {
        self.root.join("sources")
    }

    pub fn source(&self, sha256: &str) -> PathBuf {
        self.sources().join(format!("{sha256}.json"))
    }

    pub fn table(name: &str) -> String {
        format!("{name}.parquet")
    }

    /// A path as people see it: from the book's folder on.
    pub fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }
}
