//! What a period's results were made of: the content of `manifest.json`.
//!
//! A manifest holds no clock, no path and no user: the same inputs, scheme, policy, options and version give the same
//! bytes. Inputs are known by their SHA-256 alone, in the order of it, so that names and order of files do not count.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Period;

/// The layout of a book that this program writes.
pub const FORMAT: u32 = 1;

/// The job, the table of its records, and the role of that table where a settlement reads points from it.
pub const RECOGNITION: &str = "recognition";

/// The total of that job that counts its lines of points, where it has any.
pub const POINT_LINES: &str = "recognition_point_lines";

/// Which money a book is about. Insurance money and fiscal money never share a book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Insurance,
    Fiscal,
}

/// `manifest.json` of one period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub format: u32,
    pub kind: Kind,
    pub period: Period,
    /// The manifests this period builds on: of a month, the month before; of a year, its months and the year before.
    pub previous: Vec<Link>,
    /// By name of the job (`month`, `recognition` …): each can be run again without the others.
    pub runs: BTreeMap<String, Run>,
    /// By name; the file is `NAME.parquet`.
    pub tables: BTreeMap<String, TableEntry>,
}

/// Another period's manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    pub period: Period,
    pub manifest_sha256: String,
}

/// One job done for a period.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Version of the program.
    pub engine: String,
    /// A draft policy had a part: nothing here may be paid.
    pub simulation: bool,
    pub inputs: Vec<Input>,
    pub scheme: Option<Source>,
    pub policies: Vec<Source>,
    /// What of these the book keeps, `scheme` or `policy`: the SHA-256 that names the file in `sources/`.
    pub kept: BTreeMap<String, String>,
    /// What the user chose on the command line.
    pub options: BTreeMap<String, String>,
    /// Policy parameters without a source that the results rely on, e.g. `bazhong.prepay_share = 0.95`.
    pub placeholders: Vec<String>,
    /// Counts and amounts of the whole run as decimal texts, e.g. `claims_in`, `due`.
    pub totals: BTreeMap<String, String>,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// What it was read as: `claims`, `records`, `mapping` …
    pub role: String,
    pub sha256: String,
    pub bytes: u64,
}

/// A scheme or policy pack.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub id: String,
    pub sha256: String,
}

/// One table file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableEntry {
    /// The job that wrote it.
    pub run: String,
    pub rows: u64,
    pub bytes: u64,
    pub sha256: String,
    /// Control sums of the amount and point columns, as decimal texts.
    pub sums: BTreeMap<String, String>,
}

/// The role of an input that is the corrections of a later month, which a clearing has counted.
pub const COUNTED: &str = "corrections ";

impl Manifest {
    /// The later months whose corrections a clearing has counted, with the hashes of their tables.
    pub fn counted(&self) -> impl Iterator<Item = (Period, &str)> {
        let inputs = self.runs.values().flat_map(|run| &run.inputs);
        inputs.filter_map(|input| Some((input.role.strip_prefix(COUNTED)?.parse().ok()?, input.sha256.as_str())))
    }

    /// Whether a draft policy had a part in any run.
    #[must_use]
    pub fn is_simulation(&self) -> bool {
        self.runs.values().any(|run| run.simulation)
    }

    /// Whether the month was settled with other points of recognised exams than those that stand in it now.
    #[must_use]
    pub fn is_stale_recognition(&self) -> bool {
        let Some(month) = self.runs.get("month") else { return false };
        let taken = month.inputs.iter().find(|input| input.role == RECOGNITION);
        match taken {
            Some(taken) => self.tables.get(RECOGNITION).is_none_or(|table| table.sha256 != taken.sha256),
            None => self.runs.get(RECOGNITION).is_some_and(|run| run.totals.contains_key(POINT_LINES)),
        }
    }

    /// The bytes of `manifest.json`.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical(self)
    }
}

impl Run {
    /// Puts lists into the order that does not depend on how the user wrote the command.
    pub(super) fn sort(&mut self) {
        self.inputs.sort();
        self.policies.sort();
        self.placeholders.sort();
        self.placeholders.dedup();
    }
}

/// The one way a value is written: two blanks of indent, fields in declared order, a line feed at the end.
pub(super) fn canonical(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).expect("Invariant: texts, numbers and lists become JSON");
    bytes.push(b'\n');
    bytes
}
