//! Where packs and tables come from. The engine reads no disk: an edge hands in a [`Files`].

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::{FISCAL_SEEDS, SEEDS, UsedFile};
use crate::problem::catalogue::{files as f, policy as p};
use crate::problem::{Problem, Problems};

/// Names that begin so are embedded.
pub(super) const SEED: &str = "seeds:";

/// Gives the bytes of a file by name. A table's name is relative to its pack's; `scheme:NAME` is a table of the
/// grouping scheme of the run.
pub trait Files {
    /// The bytes, or why there are none.
    fn read(&self, name: &str) -> Result<Vec<u8>, String>;
}

/// Files held in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles(pub BTreeMap<String, Vec<u8>>);

impl MemoryFiles {
    #[must_use]
    pub fn with(mut self, name: &str, text: &str) -> MemoryFiles {
        self.0.insert(name.to_owned(), text.as_bytes().to_vec());
        self
    }
}

impl Files for MemoryFiles {
    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        self.0.get(name).cloned().ok_or_else(|| "not found".to_owned())
    }
}

/// Remembers what was read.
pub(super) struct Recorder<'f> {
    files: &'f dyn Files,
    seen: RefCell<BTreeMap<String, Arc<[u8]>>>,
}

impl<'f> Recorder<'f> {
    pub(super) fn new(files: &'f dyn Files) -> Recorder<'f> {
        Recorder { files, seen: RefCell::default() }
    }

    /// The text of a file: UTF-8 with or without BOM, or GBK as Excel saves it.
    pub(super) fn text(&self, name: &str) -> Result<String, Problems> {
        let bytes = self.bytes(name)?;
        let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        if let Ok(text) = std::str::from_utf8(body) {
            return Ok(text.to_owned());
        }
        let (text, _, broken) = encoding_rs::GBK.decode(body);
        if broken {
            let byte = std::str::from_utf8(body).err().map_or(0, |error| error.valid_up_to());
            return Err(Problem::new(&f::BAD_ENCODING).with("byte", byte).file(name).into());
        }
        Ok(text.into_owned())
    }

    fn bytes(&self, name: &str) -> Result<Arc<[u8]>, Problems> {
        if let Some(bytes) = self.seen.borrow().get(name) {
            return Ok(bytes.clone());
        }
        let embedded = name.strip_prefix(SEED).and_then(seed);
        let bytes: Arc<[u8]> = match embedded {
            Some((_, text)) => text.as_bytes().into(),
            None => self
                .files
                .read(name)
                .map_err(|reason| Problem::new(&p::MISSING_FILE).with("file", name).with("reason", reason))?
                .into(),
        };
        self.seen.borrow_mut().insert(name.to_owned(), bytes.clone());
        Ok(bytes)
    }

    /// The files among `names` that were read, in the order of names.
    pub(super) fn used(&self, names: &[&str]) -> Vec<UsedFile> {
        let seen = self.seen.borrow();
        seen.iter()
            .filter(|(name, _)| names.contains(&name.as_str()))
            .map(|(name, bytes)| UsedFile { name: name.clone(), bytes: bytes.clone() })
            .collect()
    }
}

fn seed(name: &str) -> Option<&'static (&'static str, &'static str)> {
    SEEDS.iter().chain(FISCAL_SEEDS).find(|(own, _)| *own == name)
}

/// The name of a table given in the pack `pack`.
pub(super) fn beside(pack: &str, table: &str) -> String {
    if table.contains(':') || table.starts_with('/') {
        return table.to_owned();
    }
    let folder = match (pack.rfind('/'), pack.starts_with(SEED)) {
        (Some(at), _) => &pack[..=at],
        (None, true) => SEED,
        (None, false) => "",
    };
    format!("{folder}{table}")
}
