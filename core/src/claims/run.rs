//! Rows in order as they were read at once: in memory, or in a temporary file.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use super::columns::{Claims, Sex, Stays, UNKNOWN, UNKNOWN_FEN};
use super::parse::Keys;
use super::parts::BillParts;
use super::spill::Spill;
use super::stored::{Packed, Packing, Plain, Unpacking};
use super::values::Moment;
use crate::text::{Dictionary, Names, Text, TextList, View};

/// Rows with what decides among them, and where each was read.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    pub claims: Claims,
    pub keys: Keys,
    /// The number of each row in its file.
    pub lines: Vec<u64>,
    /// Its place among the rows read at once.
    pub origin: Vec<u32>,
}

/// Which columns are wanted. What is not wanted is blank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    All,
    /// All but what decides among rows, which is empty.
    Claims,
    /// `setl_id` and the bill.
    Ids,
    /// `psn_no`.
    Persons,
    /// Places among the rows read at once.
    Origins,
}

/// Clean rows by `setl_id`.
#[derive(Debug)]
pub(super) struct Run {
    /// The file, by number.
    pub file: u32,
    /// Rows of all files before these.
    pub base: u64,
    pub rows: usize,
    /// The least and the greatest `setl_id`.
    pub first: String,
    pub last: String,
    has_parts: [bool; 5],
    held: Held,
}

#[derive(Debug)]
enum Held {
    Here(Box<Rows>),
    There(Packed),
}

/// The texts that numbers of all runs stand for, a column each in the order of [`Claims::dictionaries`].
pub(super) type SharedNames = [Arc<Names>; 7];

impl Run {
    /// Takes rows over; `spill` where they are to go, if not to stay.
    pub(super) fn of(
        (file, base): (u32, u64),
        rows: Rows,
        numbers: &[Vec<u32>; 7],
        spill: Option<&Spill>,
    ) -> io::Result<Run> {
        let ids = &rows.claims.stays.setl_id;
        let id = |row: Option<usize>| row.map_or_else(String::new, |row| ids.get(row).to_owned());
        let (first, last) = (id((!ids.is_empty()).then_some(0)), id(ids.len().checked_sub(1)));
        let has_parts = rows.claims.parts.columns().map(|column| !column.is_empty());
        let count = rows.claims.len();
        let held = match spill {
            None => Held::Here(Box::new(rows)),
            Some(spill) => Held::There(pack(&rows, numbers).write(spill)?),
        };
        Ok(Run { file, base, rows: count, first, last, has_parts, held })
    }

    /// Some of the rows, with texts numbered as all runs have them.
    pub(super) fn load(
        &self,
        rows: Range<usize>,
        wanted: Wanted,
        names: &SharedNames,
        spill: Option<&Spill>,
    ) -> io::Result<Rows> {
        match (&self.held, spill) {
            (Held::Here(own), _) => Ok(own.slice(rows)),
            (Held::There(packed), Some(from)) => {
                unpack(Unpacking { from, packed }, rows, wanted, names, self.has_parts)
            }
            (Held::There(_), None) => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// All rows, where they are in memory.
    pub(super) fn into_rows(self) -> Option<Rows> {
        match self.held {
            Held::Here(rows) => Some(*rows),
            Held::There(_) => None,
        }
    }

    /// Numbers the texts of rows in memory as all runs have them.
    pub(super) fn renumber(&mut self, names: &SharedNames) {
        let Held::Here(rows) = &mut self.held else { return };
        for (column, names) in rows.claims.dictionaries_mut().into_iter().zip(names) {
            let mut all = Dictionary::of(names, Vec::new());
            all.extend(column);
            *column = all;
        }
    }
}

impl Rows {
    pub(super) fn slice(&self, rows: Range<usize>) -> Rows {
        Rows {
            claims: self.claims.slice(rows.clone()),
            keys: self.keys.slice(rows.clone()),
            lines: self.lines[rows.clone()].to_vec(),
            origin: self.origin[rows].to_vec(),
        }
    }

    /// These rows, in this order, with dictionaries as they are.
    pub(super) fn pick(self, rows: &[u32]) -> Rows {
        Rows {
            claims: self.claims.pick(rows),
            keys: self.keys.take(rows),
            lines: rows.iter().map(|&row| self.lines[row as usize]).collect(),
            origin: rows.iter().map(|&row| self.origin[row as usize]).collect(),
        }
    }

    pub(super) fn append(&mut self, more: &Rows) {
        self.claims.append(&more.claims);
        self.keys.append(&more.keys);
        self.lines.extend_from_slice(&more.lines);
        self.origin.extend_from_slice(&more.origin);
    }
}

fn pack(rows: &Rows, numbers: &[Vec<u32>; 7]) -> Packing {
    let mut out = Packing::default();
    let (claims, stays, keys) = (&rows.claims, &rows.claims.stays, &rows.keys);
    for text in [&stays.setl_id, &claims.mdtrt_id, &claims.psn_no, &keys.reverses] {
        out.text(text);
    }
    for list in [&stays.diagnoses, &stays.procedures] {
        out.list(list);
    }
    for (column, numbers) in claims.dictionaries().into_iter().zip(numbers) {
        let shared: Vec<u32> = column.ids().iter().map(|&id| numbers[id as usize]).collect();
        out.plain(&shared);
    }
    out.plain(&stays.sex.iter().map(|sex| *sex as u8).collect::<Vec<u8>>());
    let numbers: [&[i32]; 13] = [
        &stays.age_years,
        &stays.age_days,
        &stays.birth_weight_g,
        &stays.admission_weight_g,
        &stays.los_days,
        &stays.icu,
        &stays.icu_hours,
        &stays.vent_hours,
        &claims.admitted,
        &claims.discharged,
        &claims.settled,
        &keys.reversal,
        &keys.valid,
    ];
    numbers.into_iter().for_each(|column| out.plain(column));
    let day = |moment: &Option<Moment>| moment.map_or(UNKNOWN, |moment| moment.day);
    let second = |moment: &Option<Moment>| moment.and_then(|moment| moment.second).map_or(-1, |second| second as i32);
    out.plain(&keys.settled_at.iter().map(day).collect::<Vec<i32>>());
    out.plain(&keys.settled_at.iter().map(second).collect::<Vec<i32>>());
    out.plain(&rows.lines);
    out.plain(&rows.origin);
    for column in [&claims.total_fen, &claims.fund_fen, &claims.patient_fen, &claims.other_fund_fen] {
        out.plain(column);
    }
    claims.parts.columns().into_iter().filter(|column| !column.is_empty()).for_each(|column| out.plain(column));
    out
}

/// Numbers of columns, in the order of [`pack`].
mod at {
    pub const SETL_ID: usize = 0;
    pub const MDTRT_ID: usize = 1;
    pub const PSN_NO: usize = 2;
    pub const REVERSES: usize = 3;
    pub const DIAGNOSES: usize = 4;
    pub const PROCEDURES: usize = 5;
    pub const NAMES: usize = 6;
    pub const SEX: usize = 13;
    pub const NUMBERS: usize = 14;
    pub const DAY: usize = 27;
    pub const SECOND: usize = 28;
    pub const LINES: usize = 29;
    pub const ORIGIN: usize = 30;
    pub const MONEY: usize = 31;
    pub const PARTS: usize = 35;
}

fn unpack(
    from: Unpacking<'_>,
    rows: Range<usize>,
    wanted: Wanted,
    names: &SharedNames,
    has_parts: [bool; 5],
) -> io::Result<Rows> {
    if wanted == Wanted::Origins {
        return Ok(Rows { origin: from.plain(at::ORIGIN, rows)?, ..Rows::default() });
    }
    let (all, full) = (wanted == Wanted::All, matches!(wanted, Wanted::All | Wanted::Claims));
    let read = Reading { from, rows: rows.clone(), full };
    let name = |column: usize| -> io::Result<Dictionary> {
        Ok(Dictionary::of(&names[column], read.plain(at::NAMES + column, full)?))
    };
    let days = |column: usize| read.plain::<i32>(at::NUMBERS + column, full);
    let money = |column: usize, is_wanted: bool| read.plain::<i64>(column, is_wanted);
    let list = |column: usize| read.list(column);
    let sexes: Vec<u8> = read.plain(at::SEX, full)?;
    let mut parts = BillParts::default();
    let present = parts.columns_mut().into_iter().zip(has_parts).filter(|(_, has)| *has && full);
    for (place, (column, _)) in present.enumerate() {
        *column = money(at::PARTS + place, true)?;
    }
    let stays = Stays {
        setl_id: read.text(at::SETL_ID, wanted != Wanted::Persons)?,
        sex: sexes.into_iter().map(Sex::of_code).collect(),
        age_years: days(0)?,
        age_days: days(1)?,
        birth_weight_g: days(2)?,
        admission_weight_g: days(3)?,
        los_days: days(4)?,
        department: name(0)?,
        discharge_way: name(1)?,
        med_type: name(2)?,
        icu: days(5)?,
        icu_hours: days(6)?,
        vent_hours: days(7)?,
        diagnoses: list(at::DIAGNOSES)?,
        procedures: list(at::PROCEDURES)?,
    };
    let claims = Claims {
        stays,
        mdtrt_id: read.text(at::MDTRT_ID, full)?,
        psn_no: read.text(at::PSN_NO, full || wanted == Wanted::Persons)?,
        institution: name(3)?,
        hospital_level: name(4)?,
        insurance_type: name(5)?,
        insured_place: name(6)?,
        admitted: days(8)?,
        discharged: days(9)?,
        settled: days(10)?,
        total_fen: money(at::MONEY, full || wanted == Wanted::Ids)?,
        fund_fen: money(at::MONEY + 1, full)?,
        patient_fen: money(at::MONEY + 2, full)?,
        other_fund_fen: money(at::MONEY + 3, full)?,
        parts,
    };
    if !all {
        return Ok(Rows { claims, ..Rows::default() });
    }
    let keys = Keys {
        settled_at: read.moments()?,
        reversal: days(11)?,
        reverses: read.text(at::REVERSES, true)?,
        valid: days(12)?,
    };
    let (lines, origin) = (from.plain(at::LINES, rows.clone())?, from.plain(at::ORIGIN, rows)?);
    Ok(Rows { claims, keys, lines, origin })
}

/// Rows to be read, of all columns or of those that are asked for.
struct Reading<'a> {
    from: Unpacking<'a>,
    rows: Range<usize>,
    full: bool,
}

impl Reading<'_> {
    fn plain<T: Plain>(&self, column: usize, is_wanted: bool) -> io::Result<Vec<T>> {
        match is_wanted {
            true => self.from.plain(column, self.rows.clone()),
            false => Ok(vec![T::zeroed(); self.rows.len()]),
        }
    }

    fn text(&self, column: usize, is_wanted: bool) -> io::Result<Text> {
        match is_wanted {
            true => self.from.text(column, self.rows.clone()),
            false => Ok(Text::of_parts(vec![View::EMPTY; self.rows.len()], Vec::new())),
        }
    }

    /// Days and seconds of settlement; none where the day is not known.
    fn moments(&self) -> io::Result<Vec<Option<Moment>>> {
        let moments = self.plain::<i32>(at::DAY, true)?.into_iter().zip(self.plain::<i32>(at::SECOND, true)?);
        let moment = |(day, second)| (day != UNKNOWN).then(|| Moment { day, second: u32::try_from(second).ok() });
        Ok(moments.map(moment).collect())
    }

    fn list(&self, column: usize) -> io::Result<TextList> {
        match self.full {
            true => self.from.list(column, self.rows.clone()),
            false => Ok(TextList::of_parts(vec![0; self.rows.len() + 1], Text::default())),
        }
    }
}

/// Fills up what one file has and another has not.
pub(super) fn complete_parts(claims: &mut Claims, has: [bool; 5]) {
    let rows = claims.len();
    let columns = claims.parts.columns_mut().into_iter().zip(has);
    columns.filter(|(_, has)| *has).for_each(|(column, _)| column.resize(rows, UNKNOWN_FEN));
}
