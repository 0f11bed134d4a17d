//! Every kind of rule about fiscal money: awards (激励奖补) and floors (投入底线). [`crate::awards`] and
//! [`crate::fiscal`] compile them.

mod awards;
mod floors;

pub use awards::{
    AchievementRow, Achievements, AwardRule, Band, CapRow, CapScope, ClawbackPart, Comparison, Funding, HistoryTest,
    Level, OncePer, PhaseRow, PlaceRow, ReadingRow, Requirement, SecondAwardRule, SecondShares, SubjectKind, Switch,
    Terms, TierRow, Ties, Treasuries,
};
pub use floors::{AccountRow, Accounts, Bound, Closing, Floor, GovernmentRow, Governments, Unit};

use super::compile::read_rules;
use super::load::{Header, Merged};
use super::spec::families;
use super::{RuleNo, RuleRef};
use crate::problem::Problems;

families! {
    treasury: Treasuries,
    achievement: Achievements,
    switch: Switch,
    award: AwardRule,
    second_award: SecondAwardRule,
    government: Governments,
    account: Accounts,
    floor: Floor,
}

/// A pack of fiscal money, read but not yet compiled.
#[derive(Clone, Debug)]
pub struct FiscalPack {
    pub header: Header,
    pub rules: Vec<RuleRef>,
    pub book: RuleBook,
}

impl FiscalPack {
    /// The rule of a number.
    #[must_use]
    pub fn rule(&self, number: RuleNo) -> &RuleRef {
        &self.rules[usize::from(number.0)]
    }
}

/// Reads and counts the rules of a pack. `None` when an error was told.
pub(super) fn read(pack: &Merged, problems: &mut Problems) -> Option<FiscalPack> {
    let (book, rules) = read_rules::<RuleBook>(pack, problems)?;
    Some(FiscalPack { header: pack.header.clone(), rules, book })
}
