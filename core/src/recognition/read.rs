//! Records and tests from CSV and Parquet files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::record::{Moment, Record, Test};
use crate::frame::{Batch, Cell, Cells, Kind, Source};
use crate::money::Fen;
use crate::problem::catalogue::{claims as c, files as f, recognition as r};
use crate::problem::{Lang, Problem, Problems};
use crate::table::cell::{date, decimal};
use crate::table::{Table, Values};

/// A row that cannot be used. It is no record: neither paid nor refused, but listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub file: Arc<str>,
    pub row: u64,
    pub id: String,
    pub field: &'static str,
    pub value: String,
}

/// Rows that can be used, and those that cannot.
#[derive(Clone, Debug)]
pub struct Read<T> {
    pub rows: Vec<T>,
    pub unreadable: Vec<Unreadable>,
}

/// Columns that must be there and filled in, then those that may be absent.
const RECORD: (&[&str], &[&str]) = (
    &[
        "record_id",
        "psn_no",
        "insutype",
        "mdtrt_id",
        "med_type",
        "item_code",
        "fixmedins_code",
        "issuer_code",
        "report_id",
        "report_time",
        "recog_time",
        "recog_flag",
    ],
    &["setl_id", "hosp_lv", "issuer_lv", "reason", "quality", "fee", "retest_time", "dr_code", "result_hash"],
);
const TEST: (&[&str], &[&str]) = (&["psn_no", "fixmedins_code", "mdtrt_id", "item_code", "done_time"], &[]);

/// Reads files of recognitions.
pub fn read_records(paths: &[PathBuf]) -> Result<Read<Record>, Problems> {
    read(paths, RECORD, record)
}

/// Reads files of tests done.
pub fn read_tests(paths: &[PathBuf]) -> Result<Read<Test>, Problems> {
    read(paths, TEST, test)
}

/// The table `recognition_rejects`.
#[must_use]
pub fn rejects(unreadable: &[Unreadable]) -> Table {
    let problem = |row: &Unreadable| Problem::new(&r::UNREADABLE).with("field", row.field).with("value", &row.value);
    Table::new()
        .with("file", Values::keywords(unreadable.iter().map(|row| &*row.file)))
        .with("row", Values::ints(unreadable.iter().map(|row| i64::try_from(row.row).unwrap_or(i64::MAX))))
        .with("record_id", Values::texts(unreadable.iter().map(|row| &row.id)))
        .with("field", Values::keywords(unreadable.iter().map(|row| row.field)))
        .with("code", Values::keywords(unreadable.iter().map(|_| r::UNREADABLE.code)))
        .with("reason_zh", Values::texts(unreadable.iter().map(|row| problem(row).message(Lang::Zh))))
        .with("reason_en", Values::texts(unreadable.iter().map(|row| problem(row).message(Lang::En))))
}

/// One row as texts, by column name.
struct Row<'a> {
    names: &'a [&'static str],
    texts: Vec<String>,
}

/// What is wrong with a row: the field and what stands in it.
type Fault = (&'static str, String);

impl Row<'_> {
    fn text(&self, name: &'static str) -> &str {
        let at = self.names.iter().position(|own| *own == name);
        at.map_or("", |at| &self.texts[at])
    }

    fn own(&self, name: &'static str) -> String {
        self.text(name).to_owned()
    }

    /// `None` when blank.
    fn parse<T>(&self, name: &'static str, parse: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, Fault> {
        match self.text(name) {
            "" => Ok(None),
            text => parse(text).map(Some).ok_or_else(|| (name, text.to_owned())),
        }
    }

    fn needed<T>(&self, name: &'static str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, Fault> {
        self.parse(name, parse)?.ok_or_else(|| (name, String::new()))
    }
}

fn flag(text: &str) -> Option<bool> {
    match text {
        "1" | "Y" | "y" | "true" | "是" => Some(true),
        "0" | "N" | "n" | "false" | "否" => Some(false),
        _ => None,
    }
}

fn record(row: &Row<'_>) -> Result<Record, Fault> {
    Ok(Record {
        id: row.own("record_id"),
        person: row.own("psn_no"),
        insutype: row.own("insutype"),
        visit: row.own("mdtrt_id"),
        settlement: row.own("setl_id"),
        med_type: row.own("med_type"),
        item: row.own("item_code"),
        recogniser: row.own("fixmedins_code"),
        recogniser_level: row.own("hosp_lv"),
        issuer: row.own("issuer_code"),
        issuer_level: row.own("issuer_lv"),
        report: row.own("report_id"),
        reported: row.needed("report_time", Moment::parse)?,
        recognised: row.needed("recog_time", Moment::parse)?,
        accepted: row.needed("recog_flag", flag)?,
        why_not: row.own("reason"),
        quality: row.parse("quality", flag)?,
        fee_fen: row.parse("fee", |text| text.parse::<Fen>().ok().filter(|fen| fen.0 >= 0))?.map(|fen| fen.0),
        retested: row.parse("retest_time", Moment::parse)?,
        doctor: row.own("dr_code"),
        hash: row.own("result_hash"),
    })
}

fn test(row: &Row<'_>) -> Result<Test, Fault> {
    Ok(Test {
        person: row.own("psn_no"),
        institution: row.own("fixmedins_code"),
        visit: row.own("mdtrt_id"),
        item: row.own("item_code"),
        done: row.needed("done_time", Moment::parse)?,
    })
}

fn read<T>(
    paths: &[PathBuf],
    (needed, optional): (&[&'static str], &[&'static str]),
    parse: fn(&Row<'_>) -> Result<T, Fault>,
) -> Result<Read<T>, Problems> {
    let mut problems = Problems::new();
    let mut read = Read { rows: Vec::new(), unreadable: Vec::new() };
    for path in paths {
        if let Err(found) = read_file(path, needed, optional, parse, &mut read) {
            problems.append(found);
        }
    }
    read.unreadable.sort_by(|a, b| (&a.file, a.row).cmp(&(&b.file, b.row)));
    problems.or(read).map(|(read, _)| read)
}

fn read_file<T>(
    path: &Path,
    needed: &[&'static str],
    optional: &[&'static str],
    parse: fn(&Row<'_>) -> Result<T, Fault>,
    read: &mut Read<T>,
) -> Result<(), Problems> {
    let source = Source::open(path)?;
    let file: Arc<str> = path.file_name().unwrap_or_default().to_string_lossy().into();
    let heads: Vec<String> = source.heads().iter().map(|head| head.name.trim().to_owned()).collect();
    let absent = needed.iter().filter(|name| !heads.iter().any(|head| head == **name));
    let absent = absent.map(|name| {
        let problem = Problem::new(&r::MISSING_COLUMN).with("column", name).with("known", heads.join(", "));
        problem.file(path.to_string_lossy().as_ref())
    });
    Problems(absent.collect()).or(())?;
    let mut columns: Vec<(usize, &'static str)> = (needed.iter().chain(optional))
        .filter_map(|name| Some((heads.iter().position(|head| head == name)?, *name)))
        .collect();
    columns.sort_unstable();
    let wanted: Vec<usize> = columns.iter().map(|(at, _)| *at).collect();
    let names: Vec<&'static str> = columns.iter().map(|(_, name)| *name).collect();
    for batch in source.batches(&wanted)? {
        let batch = batch?;
        let cells: Vec<Cells> = (0..names.len()).map(|at| batch.cells(at)).collect::<Result<_, _>>()?;
        refuse_floats(&names, &cells, &batch)?;
        for row in 0..batch.len() {
            let texts = cells.iter().map(|cells| text(&cells.get(row))).collect();
            let row_texts = Row { names: &names, texts };
            let blank = needed.iter().find(|name| row_texts.text(name).is_empty());
            let parsed = match blank {
                Some(name) => Err((*name, String::new())),
                None => parse(&row_texts),
            };
            match parsed {
                Ok(value) => read.rows.push(value),
                Err((field, value)) => {
                    let (file, row, id) = (file.clone(), batch.row_number(row), row_texts.own("record_id"));
                    read.unreadable.push(Unreadable { file, row, id, field, value });
                }
            }
        }
    }
    Ok(())
}

/// Rows of a wrong length, and amounts in floats, stop the run.
fn refuse_floats(names: &[&'static str], cells: &[Cells], batch: &Batch) -> Result<(), Problems> {
    let mut problems = Problems::new();
    for (row, found) in batch.ragged() {
        let problem = Problem::new(&f::RAGGED_ROW).with("found", found).with("expected", "header");
        problems.push(problem.file(batch.file().clone()).row(batch.row_number(*row)));
    }
    for (name, cells) in names.iter().zip(cells) {
        if cells.kind() == Kind::Float && *name == "fee" {
            problems.push(Problem::new(&c::FLOAT_MONEY).with("column", name).file(batch.file().clone()));
        }
    }
    problems.or(()).map(|_| ())
}

/// A value as text; blanks at the ends are no part of it.
fn text(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Missing => String::new(),
        Cell::Text(text) => text.trim().to_owned(),
        Cell::Texts(items) => items.clone().collect::<Vec<_>>().join("|"),
        Cell::Whole(number) => number.to_string(),
        Cell::Decimal { units, scale } => decimal(*units, u8::try_from(*scale).unwrap_or(0)),
        Cell::Float(number) => number.to_string(),
        Cell::Date(days) => date(*days).map_or_else(String::new, |day| day.to_string()),
        Cell::Time(us) => {
            let seconds = us.div_euclid(1_000_000);
            let (day, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
            let day = i32::try_from(day).ok().and_then(date).map_or_else(String::new, |day| day.to_string());
            format!("{day} {:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
        }
        Cell::Flag(flag) => if *flag { "1" } else { "0" }.to_owned(),
    }
}
