//! Who the two institutions of a record are.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::policy::rules::{Between, InstitutionRow, Institutions};

/// Institutions as a policy knows them.
#[derive(Clone, Debug)]
pub enum Parties<'p> {
    /// Rows of the register by code.
    Register(BTreeMap<&'p str, Vec<&'p InstitutionRow>>),
    /// Levels as written in the records; a word that is a key here means the level beside it.
    Written(Option<&'p BTreeMap<String, String>>),
}

/// One of the two institutions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party<'p> {
    pub level: &'p str,
    pub consortium: &'p str,
    pub county: &'p str,
}

impl<'p> Parties<'p> {
    #[must_use]
    pub fn of(rule: Option<&'p Institutions>) -> Parties<'p> {
        match rule {
            Some(Institutions::Register { table }) => {
                let mut rows: BTreeMap<&str, Vec<&InstitutionRow>> = BTreeMap::new();
                for (row, _) in &table.0 {
                    rows.entry(&row.fixmedins_code).or_default().push(row);
                }
                Parties::Register(rows)
            }
            Some(Institutions::FromClaims { levels }) => Parties::Written(levels.as_ref()),
            None => Parties::Written(None),
        }
    }

    /// The institution on a day; `None` when the register does not have it.
    #[must_use]
    pub fn find(&self, code: &str, written: &'p str, day: NaiveDate) -> Option<Party<'p>> {
        match self {
            Parties::Register(rows) => {
                let valid = |row: &&&InstitutionRow| {
                    row.valid_from.is_none_or(|from| from <= day) && row.valid_to.is_none_or(|to| day <= to)
                };
                let row = rows.get(code)?.iter().find(valid)?;
                let text = |text: &'p Option<String>| text.as_deref().unwrap_or_default();
                Some(Party { level: &row.hosp_lv, consortium: text(&row.consortium), county: text(&row.county) })
            }
            Parties::Written(words) => {
                let level = words.and_then(|words| words.get(written)).map_or(written, String::as_str);
                Some(Party { level, consortium: "", county: "" })
            }
        }
    }
}

impl Between {
    /// Whether two institutions are what the scope asks; what is not known is not the same.
    #[must_use]
    pub fn holds(self, one: &Party<'_>, other: &Party<'_>) -> bool {
        let (one, other) = match self {
            Between::SameLevel => (one.level, other.level),
            Between::SameConsortium => (one.consortium, other.consortium),
            Between::SameCounty => (one.county, other.county),
        };
        !one.is_empty() && one == other
    }
}
