//! The rules of a pack, with its lists by day.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::lists::{Items, Prices, items, prices};
use super::parties::Parties;
use crate::policy::rules::{
    Between, Counted, RecognitionBooking, RecognitionCap, RecognitionFee, RecognitionGuard, RecognitionInpatient,
    RecognitionItems, RecognitionPatient, RecognitionPayee, RecognitionPeriod, RecognitionPrices, RecognitionRetest,
    RecognitionShare, RecognitionUnit,
};
use crate::policy::{FAMILIES as ALL_FAMILIES, FamilySpec, PolicyPart, RuleNo, Ruled, points_by_rate};
use crate::problem::catalogue::{policy as p, recognition as r};
use crate::problem::{Problem, Problems};

/// The families that recognition reads.
pub const FAMILIES: [&str; 15] = [
    "recognition_share",
    "recognition_payee",
    "recognition_fee",
    "recognition_unit",
    "recognition_inpatient",
    "recognition_patient",
    "recognition_booking",
    "recognition_cap",
    "recognition_items",
    "recognition_prices",
    "recognition_period",
    "recognition_guard",
    "recognition_retest",
    "institutions",
    "method",
];

/// Those that a pack may do without.
const OPTIONAL: [&str; 4] = ["recognition_prices", "recognition_guard", "institutions", "method"];

/// The rules of one pack.
#[derive(Clone, Debug)]
pub struct Rules<'p> {
    pub part: &'p PolicyPart,
    pub share: &'p Ruled<RecognitionShare>,
    pub payee: &'p Ruled<RecognitionPayee>,
    pub fee: &'p Ruled<RecognitionFee>,
    pub unit: &'p Ruled<RecognitionUnit>,
    pub inpatient: &'p Ruled<RecognitionInpatient>,
    pub patient: &'p Ruled<RecognitionPatient>,
    pub booking: &'p Ruled<RecognitionBooking>,
    pub cap: &'p Ruled<RecognitionCap>,
    pub retest: &'p Ruled<RecognitionRetest>,
    pub earlier: Counted,
    pub items: Items,
    pub prices: Prices,
    pub parties: Parties<'p>,
    pub guards: Guards<'p>,
}

/// The guards that a pack switches on.
#[derive(Clone, Debug, Default)]
pub struct Guards<'p> {
    pub quality: bool,
    pub not_billed: bool,
    /// Code of a branch → code of its main institution.
    pub main: BTreeMap<&'p str, &'p str>,
    pub between: Vec<Between>,
    pub ping_pong_days: Option<i32>,
}

impl<'p> Rules<'p> {
    /// The families that a pack must have, for [`crate::policy::Bundle::parts`].
    #[must_use]
    pub fn needed() -> Vec<&'static FamilySpec> {
        let needed = |spec: &&'static FamilySpec| FAMILIES.contains(&spec.family) && !OPTIONAL.contains(&spec.family);
        ALL_FAMILIES.iter().copied().filter(needed).collect()
    }

    /// The rules of a pack.
    pub fn of(part: &'p PolicyPart) -> Result<Rules<'p>, Problems> {
        let mut problems = Problems::new();
        let book = &part.book;
        let fee = only(&book.recognition_fee, "recognition_fee")?;
        let RecognitionItems::Table { table, days } = &only(&book.recognition_items, "recognition_items")?.value;
        let RecognitionPeriod::ByDay { earlier } = only(&book.recognition_period, "recognition_period")?.value;
        let by_list = fee.value != RecognitionFee::Actual {};
        let prices = match book.recognition_prices.first() {
            Some(rule) => {
                let RecognitionPrices::Table { table } = &rule.value;
                prices(table, &path(part, rule.rule), &mut problems)
            }
            None if by_list => return Err(missing("recognition_prices")),
            None => Prices::default(),
        };
        let rules = Rules {
            part,
            share: only(&book.recognition_share, "recognition_share")?,
            payee: only(&book.recognition_payee, "recognition_payee")?,
            fee,
            unit: only(&book.recognition_unit, "recognition_unit")?,
            inpatient: only(&book.recognition_inpatient, "recognition_inpatient")?,
            patient: only(&book.recognition_patient, "recognition_patient")?,
            booking: only(&book.recognition_booking, "recognition_booking")?,
            cap: only(&book.recognition_cap, "recognition_cap")?,
            retest: only(&book.recognition_retest, "recognition_retest")?,
            earlier,
            items: items(table, days.0, &path(part, book.recognition_items[0].rule), &mut problems),
            prices,
            parties: Parties::of(book.institutions.first().map(|rule| &rule.value)),
            guards: Guards::of(part),
        };
        rules.check(&mut problems);
        problems.or(rules).map(|(rules, _)| rules)
    }

    fn check(&self, problems: &mut Problems) {
        let with_register = matches!(self.parties, Parties::Register(_));
        for rule in &self.part.book.recognition_guard {
            let needs = matches!(
                rule.value,
                RecognitionGuard::Between { scope: Between::SameConsortium | Between::SameCounty }
            );
            if needs && !with_register {
                let name = &self.part.rule(rule.rule).name;
                let problem = Problem::new(&r::NEEDS_REGISTER).with("rule", name);
                problems.push(problem.file(self.part.id.as_str()).rule(path(self.part, rule.rule)));
            }
        }
        let RecognitionBooking::Points { value } = &self.booking.value else { return };
        let tell = |problem: Problem| problem.file(self.part.id.as_str()).rule(path(self.part, self.booking.rule));
        if value.0 == 0 {
            problems.push(tell(Problem::new(&p::OUT_OF_RANGE).with("value", 0).with("range", "> 0")));
        }
        if let Some(problem) = points_by_rate(&self.part.book) {
            problems.push(tell(problem));
        }
    }

    /// The institution that a code stands for: a branch is its main institution.
    #[must_use]
    pub fn main<'c>(&self, code: &'c str) -> &'c str
    where
        'p: 'c,
    {
        self.guards.main.get(code).copied().unwrap_or(code)
    }

    /// Whether the pack is valid on a day.
    #[must_use]
    pub fn is_valid(&self, day: NaiveDate) -> bool {
        self.part.is_valid(day)
    }
}

impl<'p> Guards<'p> {
    fn of(part: &'p PolicyPart) -> Guards<'p> {
        let mut guards = Guards::default();
        for rule in &part.book.recognition_guard {
            match &rule.value {
                RecognitionGuard::Quality {} => guards.quality = true,
                RecognitionGuard::NotBilled {} => guards.not_billed = true,
                RecognitionGuard::Campuses { main } => {
                    guards.main.extend(main.iter().map(|(branch, main)| (branch.as_str(), main.as_str())));
                }
                RecognitionGuard::Between { scope } => guards.between.push(*scope),
                RecognitionGuard::PingPong { days } => {
                    let days = i32::try_from(days.0).unwrap_or(i32::MAX);
                    guards.ping_pong_days = Some(guards.ping_pong_days.map_or(days, |own| own.max(days)));
                }
            }
        }
        guards
    }
}

/// The place of a rule in its pack.
pub(super) fn path(part: &PolicyPart, rule: RuleNo) -> String {
    format!("rules.{}", part.rule(rule).name)
}

fn only<'a, T>(rules: &'a [Ruled<T>], family: &'static str) -> Result<&'a Ruled<T>, Problems> {
    rules.first().ok_or_else(|| missing(family))
}

fn missing(family: &'static str) -> Problems {
    let spec = ALL_FAMILIES.iter().find(|spec| spec.family == family);
    let kinds: Vec<&str> = spec.iter().flat_map(|spec| spec.kinds).map(|kind| kind.kind).collect();
    let meaning = spec.map_or_else(String::new, |spec| format!("{} / {}", spec.words.zh, spec.words.en));
    let problem = Problem::new(&p::MISSING_RULE).with("family", family).with("meaning", meaning);
    problem.with("kinds", kinds.join(", ")).into()
}
