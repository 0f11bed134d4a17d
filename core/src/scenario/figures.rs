//! The figures of one evaluation.

use std::collections::BTreeMap;

use super::measure::Measure;

/// Which money a figure is of. They are never summed together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purse {
    Insurance,
    Awards,
    Floors,
}

impl Purse {
    /// The code written to files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Purse::Insurance => "insurance",
            Purse::Awards => "fiscal_awards",
            Purse::Floors => "fiscal_floors",
        }
    }

    #[must_use]
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Purse::Insurance => ("医保基金", "insurance"),
            Purse::Awards => ("财政奖补", "fiscal awards"),
            Purse::Floors => ("财政投入底线", "fiscal floors"),
        }
    }
}

/// What a figure is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// All of a purse.
    Total,
    Pool,
    Institution,
    Consortium,
    Level,
    Place,
    Treasury,
    Payee,
    Rule,
    Government,
}

impl Kind {
    pub const ALL: [Kind; 10] = [
        Kind::Total,
        Kind::Pool,
        Kind::Institution,
        Kind::Consortium,
        Kind::Level,
        Kind::Place,
        Kind::Treasury,
        Kind::Payee,
        Kind::Rule,
        Kind::Government,
    ];

    /// The code written to files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Kind::Total => "total",
            Kind::Pool => "pool",
            Kind::Institution => "institution",
            Kind::Consortium => "consortium",
            Kind::Level => "level",
            Kind::Place => "place",
            Kind::Treasury => "treasury",
            Kind::Payee => "payee",
            Kind::Rule => "rule",
            Kind::Government => "government",
        }
    }

    #[must_use]
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Kind::Total => ("合计", "total"),
            Kind::Pool => ("基金池", "pool"),
            Kind::Institution => ("医疗机构", "institution"),
            Kind::Consortium => ("医共体", "consortium"),
            Kind::Level => ("等级", "level"),
            Kind::Place => ("地区", "place"),
            Kind::Treasury => ("财政", "treasury"),
            Kind::Payee => ("收款人", "payee"),
            Kind::Rule => ("规则", "rule"),
            Kind::Government => ("政府", "government"),
        }
    }
}

/// One figure's name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    pub purse: Purse,
    pub kind: Kind,
    /// Code or name; empty for a total.
    pub subject: String,
    /// Insurance type, pool, year or floor; empty where there is one only.
    pub part: String,
    pub measure: Measure,
}

/// Figures by name, in the order of names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures(pub BTreeMap<Key, i64>);

impl Figures {
    /// Adds to a figure. `None` when the sum does not fit.
    pub fn add(
        &mut self,
        (purse, kind): (Purse, Kind),
        subject: &str,
        part: &str,
        measure: Measure,
        units: i64,
    ) -> Option<()> {
        let key = Key { purse, kind, subject: subject.to_owned(), part: part.to_owned(), measure };
        let own = self.0.entry(key).or_default();
        *own = own.checked_add(units)?;
        Some(())
    }
}
