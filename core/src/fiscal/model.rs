//! The compiled floors, and the accounts they are put to.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::awards::{Citation, Level};
use crate::money::Fen;
pub use crate::policy::fiscal::{Bound, Closing, Unit};

/// A government that floors apply to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Government {
    pub name: String,
    pub level: Level,
}

/// A column of the accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub code: String,
    pub name: String,
    pub unit: Unit,
    /// May be negative.
    pub signed: bool,
    pub note: String,
}

/// A floor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Floor {
    pub id: String,
    pub title: String,
    pub citation: Citation,
    pub levels: Vec<Level>,
    /// The account that must reach it.
    pub amount: String,
    pub kind: FloorKind,
}

/// How much is required. Accounts stand by their codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FloorKind {
    Share {
        base: String,
        share: Decimal,
        bound: Bound,
        closing: Closing,
    },
    Amount(Fen),
    PerHead {
        heads: String,
        each: Fen,
    },
    /// Last year's amount grown by this year's index.
    Growth {
        index: String,
        cap_at_zero: bool,
    },
    InFull {
        needed: String,
    },
    /// A balance that must not be above last year's less a share.
    Decrease {
        fall: Decimal,
    },
    CoFunding {
        total: String,
        shares: Shares,
    },
}

/// Where the shares of a joint funding stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shares {
    /// By government; Σ = 1.
    Stated(BTreeMap<String, Decimal>),
    /// In an account of each government.
    Account(String),
}

/// A compiled pack of floors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    pub id: String,
    pub title: String,
    /// The text is not in force: every result is marked.
    pub simulation: bool,
    pub from: NaiveDate,
    pub to: Option<NaiveDate>,
    pub governments: Vec<Government>,
    pub accounts: Vec<Account>,
    pub floors: Vec<Floor>,
    /// Figures the source does not give, each with its stated default.
    pub placeholders: Vec<String>,
}

impl Policy {
    #[must_use]
    pub fn account(&self, code: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.code == code)
    }

    #[must_use]
    pub fn government(&self, name: &str) -> Option<&Government> {
        self.governments.iter().find(|government| government.name == name)
    }
}

/// A figure of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    Money(Fen),
    /// A count or a rate.
    Number(Decimal),
}

/// A government's accounts of a year, by account code. What is not known is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Year {
    pub government: String,
    pub year: i32,
    pub figures: BTreeMap<String, Figure>,
}

impl Year {
    /// An amount; `None` when it is not known.
    #[must_use]
    pub fn money(&self, code: &str) -> Option<Fen> {
        match self.figures.get(code) {
            Some(Figure::Money(fen)) => Some(*fen),
            _ => None,
        }
    }

    /// A count or rate; `None` when it is not known.
    #[must_use]
    pub fn number(&self, code: &str) -> Option<Decimal> {
        match self.figures.get(code) {
            Some(Figure::Number(number)) => Some(*number),
            _ => None,
        }
    }
}
