//! What a file is: by its name, and by its first bytes.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::problem::Problem;
use crate::problem::catalogue::files::{BROKEN_FILE, CANNOT_READ, EMPTY_FILE, NOT_WHAT_NAME_SAYS, UNKNOWN_FORMAT};

/// The file types that rows are read from and written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    Parquet,
}

/// First bytes, and what they say.
const SIGNATURES: [(&[u8], &str); 14] = [
    (b"PAR1", "Parquet"),
    (b"PK\x03\x04", "Excel (.xlsx) / zip"),
    (b"\xD0\xCF\x11\xE0", "Excel (.xls)"),
    (b"\x1F\x8B", "gzip"),
    (b"\x28\xB5\x2F\xFD", "zstd"),
    (b"%PDF", "PDF"),
    (b"ARROW1", "Arrow IPC"),
    (b"ORC", "ORC"),
    (b"SQLite format 3", "SQLite"),
    (b"\xFF\xFE", "UTF-16"),
    (b"\xFE\xFF", "UTF-16"),
    (b"7z\xBC\xAF", "7z"),
    (b"Rar!", "rar"),
    (b"{\"", "JSON"),
];

impl Format {
    pub const KNOWN: &'static str = ".csv, .parquet";

    /// The format a name asks for.
    pub fn of_name(path: &Path) -> Result<Format, Problem> {
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        match extension.as_str() {
            "csv" => Ok(Format::Csv),
            "parquet" => Ok(Format::Parquet),
            _ => Err(Problem::new(&UNKNOWN_FORMAT)
                .file(file_name(path))
                .with("extension", extension)
                .with("known", Format::KNOWN)),
        }
    }

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Format::Csv => "CSV",
            Format::Parquet => "Parquet",
        }
    }

    /// The format of an existing file: what its name says, when its bytes do not deny it.
    pub fn of_file(path: &Path) -> Result<Format, Problem> {
        let name = file_name(path);
        let format = Format::of_name(path)?;
        let unreadable = |error: std::io::Error| Problem::new(&CANNOT_READ).file(name.as_str()).with("reason", error);
        let mut head = Vec::new();
        File::open(path).and_then(|f| f.take(4096).read_to_end(&mut head)).map_err(unreadable)?;
        let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&head);
        if head.is_empty() || (text.iter().all(u8::is_ascii_whitespace) && head.len() < 4096) {
            return Err(Problem::new(&EMPTY_FILE).file(name));
        }
        let found = SIGNATURES.iter().find(|(bytes, _)| text.starts_with(bytes)).map(|&(_, what)| what);
        let denied = match (format, found) {
            (Format::Parquet, Some("Parquet")) | (Format::Csv, None) if !is_binary(format, text) => None,
            (Format::Parquet, None) if is_cut_off(text) => {
                let problem = Problem::new(&BROKEN_FILE).file(name);
                return Err(problem.with("reason", "shorter than the smallest Parquet file"));
            }
            (_, Some(what)) => Some(what),
            (Format::Parquet, None) if !text.contains(&0) => Some("text"),
            (_, None) => Some("binary data"),
        };
        match denied {
            None => Ok(format),
            Some(found) => {
                Err(Problem::new(&NOT_WHAT_NAME_SAYS).file(name).with("expected", format.name()).with("found", found))
            }
        }
    }
}

fn is_binary(format: Format, head: &[u8]) -> bool {
    format == Format::Csv && (head.contains(&0) || head.starts_with(b"<"))
}

fn is_cut_off(head: &[u8]) -> bool {
    head.len() < 4 && b"PAR1".starts_with(head)
}

/// The name of a file as the user knows it.
pub(crate) fn file_name(path: &Path) -> String {
    path.display().to_string()
}
