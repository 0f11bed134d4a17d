//! What may relate a row to others, as numbers: so that rows kept in many places find those they belong to.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::column::BatchReader;
use super::columns::UNKNOWN_FEN;
use super::fields::Field;
use super::intake::needed_columns;
use super::options::ReadOptions;
use super::report::Tally;
use super::sources::{Input, open};
use crate::frame::{Batch, Source};
use crate::problem::{Problem, Problems};

/// Numbers of rows: equal for equal texts, and nearly always different for different ones. What rows say of each other
/// is decided among all rows that share a number, so that a number shared by chance decides nothing.
#[derive(Clone, Debug, Default)]
pub struct RowKeys {
    /// Of `setl_id`; nothing where there is none, as in the two below.
    pub id: Vec<Option<i64>>,
    /// Of the `setl_id` that a reversal names.
    pub reverses: Vec<Option<i64>>,
    /// Of the stay: `fixmedins_code` and `mdtrt_id`.
    pub stay: Vec<Option<i64>>,
    /// Of `psn_no`, never negative.
    pub person: Vec<i64>,
    /// The rows and what they amount to, as [`super::ReadReport::input`].
    pub input: Tally,
}

/// What two numbers of equal texts are told apart by.
#[derive(Hash)]
enum Of {
    Settlement,
    Stay,
    Person,
}

/// The numbers of rows in wide form. Refuses rows that lack a column which paying needs.
pub fn keys_of(name: &str, source: Source, options: &ReadOptions) -> Result<RowKeys, Problems> {
    let fields: Vec<Field> = Field::of_claims().collect();
    let (opened, _) = open(Input::Rows(name.to_owned(), source), &fields, &needed_columns(options), options)?;
    let mut keys = RowKeys::default();
    for file in opened {
        let (reading, batches) = file.needed()?;
        for batch in batches {
            let batch = batch?;
            keys.add(&batch, &mut BatchReader::new(&batch, &reading.plan, options))?;
        }
    }
    Ok(keys)
}

impl RowKeys {
    fn add(&mut self, batch: &Batch, reader: &mut BatchReader<'_>) -> Result<(), Problem> {
        let ids = reader.texts(Field::SetlId)?;
        let reverses = reader.texts(Field::InitSetlId)?;
        let before = reader.findings.faults.len();
        let mut reversal: Vec<bool> = reader.flags(Field::RefdSetlFlag)?.iter().map(|flag| *flag == 1).collect();
        // What cannot be read may be a reversal.
        reader.findings.faults[before..].iter().for_each(|fault| reversal[fault.row] = true);
        let institutions = reader.keywords(Field::FixmedinsCode)?;
        let stays = reader.texts(Field::MdtrtId)?;
        let persons = reader.texts(Field::PsnNo)?;
        let totals = reader.amounts(Field::MedfeeSumamt)?;
        for row in 0..batch.len() {
            let id = number(&Of::Settlement, &[ids.bytes(row)]);
            let names = number(&Of::Settlement, &[reverses.bytes(row)]);
            let place = institutions.get(row).as_bytes();
            self.id.push(id);
            self.reverses.push(names.filter(|names| reversal[row] && Some(*names) != id));
            self.stay.push(number(&Of::Stay, &[place, stays.bytes(row)]));
            self.person.push(number(&Of::Person, &[persons.bytes(row)]).unwrap_or_default());
            self.input.add(Some(totals[row]).filter(|fen| *fen != UNKNOWN_FEN));
        }
        Ok(())
    }
}

/// Nothing when one of the texts is empty.
fn number(of: &Of, texts: &[&[u8]]) -> Option<i64> {
    if texts.iter().any(|text| text.is_empty()) {
        return None;
    }
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    texts.hash(&mut hasher);
    Some((hasher.finish() >> 1).cast_signed())
}
