//! One field of a batch, read row by row.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::clean::{Style, are_plain, clean, half_width};
use super::fields::{Field, Shape};
use super::options::ReadOptions;
use super::plan::{Origin, Plan, style};
use super::values::{Moment, decimal_fen, float_fen, parse_duration_hours, parse_whole};
use super::{UNKNOWN, UNKNOWN_FEN};
use crate::frame::{Batch, Cell, Cells};
use crate::money::{Fen, ParseFenError};
use crate::problem::catalogue::claims::{
    AMOUNT_TOO_LARGE, CODES_NOT_SEPARATED, FIRST_CODE_EMPTY, NOT_A_DATE, NOT_A_DURATION, NOT_A_FLAG, NOT_AN_AMOUNT,
    NOT_WHOLE, OUT_OF_RANGE, TOO_MANY_DECIMALS,
};
use crate::problem::catalogue::files::BROKEN_FILE;
use crate::problem::{Entry, Problem};
use crate::table::cell::decimal;
use crate::text::{Dictionary, Text, TextList};

/// Rows that are taken at once when all of them are written in the usual form.
const BLOCK: usize = 32;

/// Longest part of a value that a reject repeats.
const SHOWN_CHARACTERS: usize = 80;

/// One thing that is wrong with one row of a batch.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub row: usize,
    /// Empty: the row as a whole.
    pub field: &'static str,
    pub entry: &'static Entry,
    pub value: String,
    pub args: Vec<(&'static str, String)>,
    /// File and row, when the fault stands in another table than the claim.
    pub elsewhere: Option<(Arc<str>, u64)>,
}

impl Fault {
    pub(super) fn new(row: usize, field: Field, entry: &'static Entry, value: &str) -> Fault {
        let value: String = value.chars().take(SHOWN_CHARACTERS).collect();
        Fault {
            row,
            field: field.name(),
            entry,
            value,
            args: vec![("field", field.name().to_owned())],
            elsewhere: None,
        }
    }

    pub(super) fn of_row(row: usize, entry: &'static Entry) -> Fault {
        Fault { row, field: "", entry, value: String::new(), args: Vec::new(), elsewhere: None }
    }

    pub(super) fn with(mut self, name: &'static str, value: impl ToString) -> Fault {
        self.args.push((name, value.to_string()));
        self
    }
}

/// What reading a batch leaves behind beside its columns.
#[derive(Clone, Debug, Default)]
pub(super) struct Findings {
    pub faults: Vec<Fault>,
    pub normalised: BTreeMap<Field, u64>,
    pub floats_changed: BTreeMap<Field, u64>,
}

/// Reads the fields of one batch.
pub(super) struct BatchReader<'a> {
    batch: &'a Batch,
    plan: &'a Plan,
    options: &'a ReadOptions,
    pub(super) findings: Findings,
}

/// A field's values: a column, one constant, or nothing.
struct Values<'a> {
    field: Field,
    cells: Option<Cells>,
    constant: &'a str,
    meanings: Option<&'a BTreeMap<String, String>>,
    style: Style,
    normalised: u64,
}

impl<'a> Values<'a> {
    /// The column, where its values mean what they are.
    fn plain_cells(&self) -> Option<&Cells> {
        self.cells.as_ref().filter(|_| self.meanings.is_none())
    }

    fn cell(&self, row: usize) -> Cell<'_> {
        match &self.cells {
            Some(cells) => cells.get(row),
            None if self.constant.is_empty() => Cell::Missing,
            None => Cell::Text(self.constant),
        }
    }

    /// The clean text of a row, after the mapping's own values; `""` when there is none.
    fn text<'s>(&'s self, cell: &'s Cell<'_>, normalised: &mut u64) -> Cow<'s, str> {
        let text: Cow<'s, str> = match cell {
            Cell::Text(text) => {
                let cleaned = clean(text, self.style);
                *normalised += u64::from(matches!(cleaned, Cow::Owned(_)));
                cleaned
            }
            Cell::Whole(number) => number.to_string().into(),
            Cell::Float(number) if number.is_nan() => "".into(),
            Cell::Float(number) => number.to_string().into(),
            Cell::Decimal { units, scale } => decimal_text(*units, *scale).into(),
            Cell::Flag(flag) => if *flag { "1" } else { "0" }.into(),
            Cell::Missing | Cell::Texts(_) | Cell::Date(_) | Cell::Time(_) => "".into(),
        };
        match self.meanings.and_then(|meanings| meanings.get(&*text)) {
            Some(meaning) => Cow::Borrowed(meaning),
            None => text,
        }
    }
}

/// A decimal as text, without decimals that are all zero.
fn decimal_text(units: i128, scale: i8) -> String {
    match u8::try_from(scale) {
        Ok(scale) => {
            let text = decimal(units, scale);
            text.split_once('.')
                .filter(|(_, zeros)| zeros.bytes().all(|b| b == b'0'))
                .map_or(text.clone(), |(w, _)| w.to_owned())
        }
        Err(_) => format!("{units}{}", "0".repeat(scale.unsigned_abs().into())),
    }
}

impl<'a> BatchReader<'a> {
    pub(super) fn new(batch: &'a Batch, plan: &'a Plan, options: &'a ReadOptions) -> BatchReader<'a> {
        BatchReader { batch, plan, options, findings: Findings::default() }
    }

    pub(super) fn rows(&self) -> usize {
        self.batch.len()
    }

    /// Whether the field has a column or a constant.
    pub(super) fn has(&self, field: Field) -> bool {
        self.plan.origin(field).is_some()
    }

    fn cells(&self, name: &str) -> Result<Cells, Problem> {
        let lost = || Problem::new(&BROKEN_FILE).file(self.batch.file().clone()).column(name);
        // A stream may promise columns that its batches do not have.
        let column = self.batch.find(name).ok_or_else(|| lost().with("reason", "no such column in the data"))?;
        self.batch.cells(column)
    }

    fn values(&self, field: Field) -> Result<Values<'a>, Problem> {
        let (cells, constant) = match self.plan.origin(field) {
            Some(Origin::Column(name)) => (Some(self.cells(name)?), ""),
            Some(Origin::Constant(value)) => (None, value.as_str()),
            Some(Origin::Sum(_)) | None => (None, ""),
        };
        let meanings = self.options.mapping.values.get(&field);
        Ok(Values { field, cells, constant, meanings, style: style(field, self.options), normalised: 0 })
    }

    fn done(&mut self, values: &Values<'_>) {
        if values.normalised > 0 {
            *self.findings.normalised.entry(values.field).or_default() += values.normalised;
        }
    }

    pub(super) fn fault(&mut self, fault: Fault) {
        self.findings.faults.push(fault);
    }

    /// A field of many different texts.
    pub(super) fn texts(&mut self, field: Field) -> Result<Text, Problem> {
        let mut column = Text::with_capacity(self.rows());
        let mut values = self.values(field)?;
        let mut normalised = 0;
        for rows in self.blocks() {
            let views = values.plain_cells().and_then(Cells::text_views).map(|views| &views[rows.clone()]);
            if let Some(views) = views.filter(|views| are_plain(views, values.style)) {
                column.extend_in_place(views);
                continue;
            }
            for row in rows {
                let cell = values.cell(row);
                column.push(&values.text(&cell, &mut normalised));
            }
        }
        values.normalised = normalised;
        self.done(&values);
        Ok(column)
    }

    fn blocks(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        let rows = self.rows();
        (0..rows).step_by(BLOCK).map(move |start| start..(start + BLOCK).min(rows))
    }

    /// A field of few different texts.
    pub(super) fn keywords(&mut self, field: Field) -> Result<Dictionary, Problem> {
        if !self.has(field) {
            return Ok(Dictionary::by_number(std::iter::repeat_n(0, self.rows()), 1, |_| ""));
        }
        if let Some(column) = self.few_numbers(field)? {
            return Ok(column);
        }
        let mut column = Dictionary::default();
        self.each_text(field, |text| column.push(text))?;
        Ok(column)
    }

    /// Keywords of a column of small whole numbers, such as a sex.
    fn few_numbers(&self, field: Field) -> Result<Option<Dictionary>, Problem> {
        const MISSING: i32 = 1000;
        let values = self.values(field)?;
        let numbers = values.plain_cells().and_then(|cells| cells.wholes_in(0..=MISSING - 1, MISSING));
        let text = |number: usize| if number == MISSING as usize { String::new() } else { number.to_string() };
        let column = |numbers: Vec<i32>| {
            Dictionary::by_number(numbers.iter().map(|number| *number as usize), MISSING as usize + 1, text)
        };
        Ok(numbers.map(column))
    }

    fn each_text(&mut self, field: Field, mut take: impl FnMut(&str)) -> Result<(), Problem> {
        let mut values = self.values(field)?;
        let mut normalised = 0;
        for row in 0..self.rows() {
            let cell = values.cell(row);
            take(&values.text(&cell, &mut normalised));
        }
        values.normalised = normalised;
        self.done(&values);
        Ok(())
    }

    /// Diagnosis or procedure codes.
    pub(super) fn codes(&mut self, field: Field) -> Result<TextList, Problem> {
        let mut values = self.values(field)?;
        let mut column = TextList::default();
        for rows in self.blocks() {
            if take_plain(&values, rows.clone(), &mut column) {
                continue;
            }
            for row in rows {
                if !take_plain(&values, row..row + 1, &mut column) {
                    self.codes_of(row, &mut values, &mut column);
                }
            }
        }
        self.done(&values);
        Ok(column)
    }

    /// The codes of a row. An empty code among others is left out, but not at the head of the list, where leaving it
    /// out would make a secondary code the main one. Codes that are taken as written are all kept.
    fn codes_of(&mut self, row: usize, values: &mut Values<'_>, column: &mut TextList) {
        let (separator, exact) = (self.options.mapping.separator.codes.as_str(), values.style == Style::Exact);
        let (mut first_empty, mut kept, mut changed, mut odd) = (false, 0, false, false);
        let mut take = |code: &str, view: Option<&u128>| {
            if let Some(view) = view.filter(|view| are_plain(&[**view], Style::Code)) {
                kept += 1;
                return column.push_in_place(*view);
            }
            let cleaned = clean(code, values.style);
            odd = true;
            changed |= matches!(cleaned, Cow::Owned(_));
            first_empty |= cleaned.is_empty() && kept == 0 && !exact;
            if exact || !cleaned.is_empty() {
                kept += 1;
                column.push_item(&cleaned);
            }
        };
        match values.cell(row) {
            Cell::Text("") => {}
            Cell::Text(text) if exact || text.is_ascii() => text.split(separator).for_each(|code| take(code, None)),
            Cell::Text(text) => {
                let half = half_width(text);
                half.split(separator).for_each(|code| take(code, None));
                changed |= half != text;
            }
            Cell::Texts(items) => match code_views(values, row..row + 1) {
                Some((_, views)) => items.zip(views).for_each(|(code, view)| take(code, Some(view))),
                None => items.for_each(|code| take(code, None)),
            },
            _ => {}
        }
        values.normalised += u64::from(changed);
        column.end_row();
        if first_empty && kept > 0 {
            self.fault(Fault::new(row, values.field, &FIRST_CODE_EMPTY, ""));
        }
        let holds_several = |code: &&str| code.contains(['|', ',', ';', '，', '；', '、']);
        if let Some(code) = column.get(row).filter(|_| odd).find(holds_several) {
            let fault = Fault::new(row, values.field, &CODES_NOT_SEPARATED, code);
            self.findings.faults.push(fault.with("separator", separator));
        }
    }

    /// A whole number, in the bounds of its field.
    pub(super) fn wholes(&mut self, field: Field) -> Result<Vec<i32>, Problem> {
        if !self.has(field) {
            return Ok(vec![UNKNOWN; self.rows()]);
        }
        let (min, max) = if let Shape::Whole(min, max) = field.shape() { (min, max) } else { (0, i32::MAX) };
        let parse = if field.shape() == Shape::Duration { parse_duration_hours } else { parse_whole };
        let not = if field.shape() == Shape::Duration { &NOT_A_DURATION } else { &NOT_WHOLE };
        let mut values = self.values(field)?;
        if let Some(column) = values.plain_cells().and_then(|cells| cells.wholes_in(min..=max, UNKNOWN)) {
            return Ok(column);
        }
        let mut column = Vec::with_capacity(self.rows());
        let mut normalised = 0;
        for row in 0..self.rows() {
            let cell = values.cell(row);
            let number = match &cell {
                Cell::Missing => None,
                Cell::Whole(number) if values.meanings.is_none() => Some(Ok(*number)),
                Cell::Float(number) if number.is_nan() => None,
                _ => match values.text(&cell, &mut normalised) {
                    text if text.is_empty() => None,
                    text => Some(parse(&text).ok_or(text)),
                },
            };
            column.push(match number {
                None => UNKNOWN,
                Some(Ok(number)) => match i32::try_from(number) {
                    Ok(number) if (min..=max).contains(&number) => number,
                    _ => {
                        let fault = Fault::new(row, field, &OUT_OF_RANGE, &number.to_string());
                        self.findings.faults.push(fault.with("min", min).with("max", max));
                        UNKNOWN
                    }
                },
                Some(Err(text)) => {
                    self.findings.faults.push(Fault::new(row, field, not, &text));
                    UNKNOWN
                }
            });
        }
        values.normalised = normalised;
        self.done(&values);
        Ok(column)
    }

    /// Yes (1), no (0) or [`UNKNOWN`].
    pub(super) fn flags(&mut self, field: Field) -> Result<Vec<i32>, Problem> {
        if !self.has(field) {
            return Ok(vec![UNKNOWN; self.rows()]);
        }
        let mut column = Vec::with_capacity(self.rows());
        let mut bad = Vec::new();
        self.each_text(field, |text| {
            column.push(match text {
                "" => UNKNOWN,
                "0" => 0,
                "1" => 1,
                other => {
                    bad.push((column.len(), other.to_owned()));
                    UNKNOWN
                }
            });
        })?;
        bad.into_iter().for_each(|(row, value)| self.fault(Fault::new(row, field, &NOT_A_FLAG, &value)));
        Ok(column)
    }

    /// Amounts in fen, [`UNKNOWN_FEN`] where none is given.
    /// The amounts of a field; no row where the file does not have it.
    pub(super) fn amounts_if_any(&mut self, field: Field) -> Result<Vec<i64>, Problem> {
        if self.plan.origin(field).is_none() { Ok(Vec::new()) } else { self.amounts(field) }
    }

    pub(super) fn amounts(&mut self, field: Field) -> Result<Vec<i64>, Problem> {
        match self.plan.origin(field) {
            None => Ok(vec![UNKNOWN_FEN; self.rows()]),
            Some(Origin::Sum(columns)) => {
                let mut sums = vec![UNKNOWN_FEN; self.rows()];
                for name in columns {
                    let values = Values { cells: Some(self.cells(name)?), ..self.values(field)? };
                    let column = self.amount_column(values);
                    for (row, (sum, amount)) in sums.iter_mut().zip(column).enumerate() {
                        *sum = match (*sum, amount) {
                            (known, UNKNOWN_FEN) => known,
                            (UNKNOWN_FEN, amount) => amount,
                            (sum, amount) => sum.checked_add(amount).unwrap_or_else(|| {
                                self.findings.faults.push(Fault::new(row, field, &AMOUNT_TOO_LARGE, name));
                                UNKNOWN_FEN
                            }),
                        };
                    }
                }
                Ok(sums)
            }
            Some(_) => self.values(field).map(|values| self.amount_column(values)),
        }
    }

    fn amount_column(&mut self, mut values: Values<'_>) -> Vec<i64> {
        let mut column = Vec::with_capacity(self.rows());
        let (mut normalised, mut changed) = (0, 0);
        for row in 0..self.rows() {
            let cell = values.cell(row);
            let amount = match &cell {
                Cell::Missing => Ok(UNKNOWN_FEN),
                Cell::Whole(yuan) => yuan.checked_mul(100).ok_or(&AMOUNT_TOO_LARGE),
                Cell::Decimal { units, scale } => decimal_fen(*units, *scale).map_err(amount_entry),
                Cell::Float(yuan) => self.float(*yuan, &mut changed),
                _ => match values.text(&cell, &mut normalised) {
                    text if text.is_empty() => Ok(UNKNOWN_FEN),
                    text => Fen::parse(text.as_bytes()).map(|fen| fen.0).map_err(amount_entry),
                },
            };
            column.push(amount.unwrap_or_else(|entry: &'static Entry| {
                let mut ignored = 0;
                let value = values.text(&cell, &mut ignored);
                self.findings.faults.push(Fault::new(row, values.field, entry, &value));
                UNKNOWN_FEN
            }));
        }
        if changed > 0 {
            *self.findings.floats_changed.entry(values.field).or_default() += changed;
        }
        values.normalised = normalised;
        self.done(&values);
        column
    }

    fn float(&self, yuan: f64, changed: &mut u64) -> Result<i64, &'static Entry> {
        let Some(rounding) = self.options.float_money else { return Err(&NOT_AN_AMOUNT) };
        if yuan.is_nan() {
            return Ok(UNKNOWN_FEN);
        }
        let (fen, moved) = float_fen(yuan, rounding).ok_or(&NOT_AN_AMOUNT)?;
        *changed += u64::from(moved);
        Ok(fen)
    }

    /// Moments; `None` where none is given or it cannot be read.
    pub(super) fn moments(&mut self, field: Field) -> Result<Vec<Option<Moment>>, Problem> {
        let mut values = self.values(field)?;
        let mut column = Vec::with_capacity(self.rows());
        let mut normalised = 0;
        for row in 0..self.rows() {
            let cell = values.cell(row);
            let (moment, shown) = match &cell {
                Cell::Missing => (None, None),
                Cell::Date(day) => (Moment::of_day(*day), Some(day.to_string().into())),
                Cell::Time(us) => (Moment::of_microseconds(*us), Some(us.to_string().into())),
                _ => match values.text(&cell, &mut normalised) {
                    text if text.is_empty() => (None, None),
                    text => (Moment::parse(&text), Some(text)),
                },
            };
            if let (None, Some(shown)) = (moment, &shown) {
                self.findings.faults.push(Fault::new(row, field, &NOT_A_DATE, shown));
            }
            column.push(moment);
        }
        values.normalised = normalised;
        self.done(&values);
        Ok(column)
    }
}

/// Where the codes of rows begin, and the codes as string views; nothing where they are not lists of codes to be
/// cleaned, or one is missing.
fn code_views<'v>(values: &'v Values<'_>, rows: Range<usize>) -> Option<(&'v [i64], &'v [u128])> {
    let cells = values.cells.as_ref().filter(|_| values.style == Style::Code);
    let (ends, views) = cells.and_then(Cells::list_views)?;
    let ends = &ends[rows.start..=rows.end];
    Some((ends, &views[*ends.first()? as usize..*ends.last()? as usize]))
}

/// Takes the codes of rows as they are, where all of them are in their usual form.
fn take_plain(values: &Values<'_>, rows: Range<usize>, column: &mut TextList) -> bool {
    let plain = code_views(values, rows).filter(|(_, views)| are_plain(views, Style::Code));
    plain.map(|(ends, views)| column.extend_in_place(ends, views)).is_some()
}

fn amount_entry(error: ParseFenError) -> &'static Entry {
    match error {
        ParseFenError::Empty | ParseFenError::NotANumber => &NOT_AN_AMOUNT,
        ParseFenError::TooManyDecimals => &TOO_MANY_DECIMALS,
        ParseFenError::TooLarge => &AMOUNT_TOO_LARGE,
    }
}
