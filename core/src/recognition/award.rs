//! From records to awards.

use std::collections::{BTreeMap, BTreeSet};

use super::amounts::{Missing, Worth, parts, worth};
use super::cap::cut;
use super::guard::{Facts, by_person, refuse};
use super::reason::Reason;
use super::record::{Earlier, Moment, Part, Record, Test};
use super::rules::Rules;
use super::sums::{InstitutionSum, sums};
use super::take_back::{TakenBack, take_back};
use crate::ledger::Period;
use crate::policy::rules::RecognitionUnit;
use crate::problem::catalogue::recognition as r;
use crate::problem::{Problem, Problems};
use crate::table::cell::date;

/// What a period is worked out from.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    pub period: Period,
    pub records: &'a [Record],
    pub tests: &'a [Test],
    /// Awards of the periods before this one.
    pub earlier: &'a [Earlier],
    /// `setl_id` of the stays that the book has paid under DRG.
    pub drg_paid: &'a BTreeSet<String>,
}

/// A record that is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    pub record: &'a Record,
    /// The number of its pack.
    pub pack: usize,
    pub worth: Worth,
    /// What is left of the award after any cap.
    pub amount_fen: i64,
    pub recogniser: Part,
    pub issuer: Part,
}

/// A record that is not paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused<'a> {
    pub record: &'a Record,
    pub pack: Option<usize>,
    pub reason: Reason,
}

/// The awards of a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recognised<'a> {
    pub period: Period,
    /// In the order of time, then id.
    pub paid: Vec<Line<'a>>,
    pub refused: Vec<Refused<'a>>,
    pub taken_back: Vec<TakenBack<'a>>,
    /// By institution and insurance type.
    pub institutions: Vec<InstitutionSum>,
    /// Σ paid − Σ taken back.
    pub total_fen: i64,
}

/// Works out the awards of a period. `packs` are in the order of their dates; the day of recognition picks one.
pub fn recognise<'a>(input: &Input<'a>, packs: &[Rules<'_>]) -> Result<Recognised<'a>, Problems> {
    let tests = by_person(input.tests);
    let facts = Facts { period: input.period, tests: &tests, drg_paid: input.drg_paid };
    let mut desk = Desk { packs, earlier: input.earlier, missing: Missing::default(), dayless: BTreeMap::new() };
    let (mut paid, mut refused) = (Vec::new(), Vec::new());
    let mut seen = Seen::default();
    for (record, repeated) in in_order(input.records) {
        match desk.decide(record, repeated, &facts, &mut seen) {
            Ok(Some((pack, worth))) => {
                let amount_fen = worth.award_fen;
                let (recogniser, issuer) = (Part::default(), Part::default());
                paid.push(Line { record, pack, worth, amount_fen, recogniser, issuer });
            }
            Ok(None) => {}
            Err((pack, reason)) => refused.push(Refused { record, pack, reason }),
        }
    }
    desk.problems()?;
    if let Some(rules) = cap_rules(packs, input.period) {
        cut(&mut paid, &rules.cap.value, input.period, input.earlier)?;
    }
    for line in &mut paid {
        [line.recogniser, line.issuer] = parts(line.amount_fen, &packs[line.pack])?;
    }
    let taken_back = take_back(input.earlier, input.records, &tests, packs);
    let (institutions, total_fen) = sums(&paid, &refused, &taken_back)?;
    Ok(Recognised { period: input.period, paid, refused, taken_back, institutions, total_fen })
}

/// The pack whose cap holds: that of the last day of the period, else the last one.
#[must_use]
pub fn cap_rules<'r, 'p>(packs: &'r [Rules<'p>], period: Period) -> Option<&'r Rules<'p>> {
    packs.iter().find(|rules| rules.is_valid(period.last_day())).or(packs.last())
}

/// Records by time, then id; with each whether an equal one stands before it, or another of the same id.
fn in_order(records: &[Record]) -> Vec<(&Record, Option<Reason>)> {
    let mut sorted: Vec<&Record> = records.iter().collect();
    sorted.sort_by_key(|&record| key(record));
    let mut by_id: BTreeMap<&str, Vec<&Record>> = BTreeMap::new();
    for record in &sorted {
        by_id.entry(&record.id).or_default().push(record);
    }
    let mut met: BTreeSet<&str> = BTreeSet::new();
    let mark = |record: &'_ Record, first: bool| {
        let same_id = &by_id[record.id.as_str()];
        if same_id.iter().any(|other| *other != record) {
            Some(Reason::SameId)
        } else {
            (!first).then_some(Reason::Repeated)
        }
    };
    sorted.iter().map(|record| (*record, mark(record, met.insert(&record.id)))).collect()
}

/// The order of records: earliest first, then by id. The rest only keeps records of one id in one order.
fn key(record: &Record) -> (Moment, &str, &Record) {
    (record.recognised, &record.id, record)
}

/// One unit of counting: report, item, issuer, recogniser, visit; what does not count is empty.
type Unit = [String; 5];

/// Awards so far.
#[derive(Default)]
struct Seen<'a> {
    units: BTreeMap<Unit, &'a Record>,
    by_person: BTreeMap<(&'a str, &'a str), Vec<&'a Record>>,
}

struct Desk<'d, 'p> {
    packs: &'d [Rules<'p>],
    earlier: &'d [Earlier],
    missing: Missing,
    /// Days without a pack → records.
    dayless: BTreeMap<i32, u64>,
}

type Verdict = Result<Option<(usize, Worth)>, (Option<usize>, Reason)>;

impl Desk<'_, '_> {
    /// Paid, refused, or (`Ok(None)`) not to be decided for want of a price or pack, which is noted.
    fn decide<'a>(
        &mut self,
        record: &'a Record,
        repeated: Option<Reason>,
        facts: &Facts<'_>,
        seen: &mut Seen<'a>,
    ) -> Verdict {
        if let Some(reason) = repeated {
            return Err((None, reason));
        }
        let day = date(record.recognised.day);
        if day.is_none_or(|day| day > facts.period.last_day()) {
            return Err((None, Reason::Later(record.recognised.day)));
        }
        let Some(pack) = self.packs.iter().position(|rules| day.is_some_and(|day| rules.is_valid(day))) else {
            *self.dayless.entry(record.recognised.day).or_default() += 1;
            return Ok(None);
        };
        let rules = &self.packs[pack];
        let refused = |reason| (Some(pack), reason);
        let guarded = refuse(record, rules, facts)
            .or_else(|| paid_before(record, rules, self.earlier))
            .or_else(|| ping_pong(record, rules, self.earlier, seen));
        if let Some(reason) = guarded {
            return Err(refused(reason));
        }
        let unit = unit(record, rules);
        if let Some(first) = seen.units.get(&unit) {
            return Err(refused(Reason::CountedOnce(first.id.clone())));
        }
        let worth = worth(record, rules, &mut self.missing).map_err(refused)?;
        seen.units.insert(unit, record);
        seen.by_person.entry((&record.person, &record.item)).or_default().push(record);
        Ok(worth.map(|worth| (pack, worth)))
    }

    fn problems(self) -> Result<(), Problems> {
        let mut problems = self.missing.into_problems();
        if let (Some((first, _)), Some((last, _))) = (self.dayless.first_key_value(), self.dayless.last_key_value()) {
            let shown = super::reason::shown;
            let problem = Problem::new(&r::NO_PACK_FOR_DAY).with("from", shown(*first)).with("to", shown(*last));
            problems.push(problem.with("cases", self.dayless.values().sum::<u64>()));
        }
        problems.or(()).map(|_| ())
    }
}

fn unit(record: &Record, rules: &Rules<'_>) -> Unit {
    let (recogniser, issuer) = (rules.main(&record.recogniser), rules.main(&record.issuer));
    let own = |text: &str| text.to_owned();
    let nothing = String::new;
    match rules.unit.value {
        RecognitionUnit::PerItem {} => {
            [own(&record.report), own(&record.item), own(issuer), own(recogniser), nothing()]
        }
        RecognitionUnit::PerReport {} => [own(&record.report), nothing(), own(issuer), own(recogniser), nothing()],
        RecognitionUnit::PerVisit {} => {
            [own(&record.person), nothing(), nothing(), own(recogniser), own(&record.visit)]
        }
    }
}

/// An earlier period paid this record, or another of the same unit that was not taken back.
fn paid_before(record: &Record, rules: &Rules<'_>, earlier: &[Earlier]) -> Option<Reason> {
    let own = unit(record, rules);
    let same =
        |award: &&Earlier| award.record.id == record.id || (!award.taken_back && unit(&award.record, rules) == own);
    let award = earlier.iter().filter(same).min_by_key(|award| (award.period, award.record.id.as_str()))?;
    Some(Reason::PaidBefore { period: award.period, record: award.record.id.clone() })
}

/// The issuer was paid for recognising a report of this recogniser, of the same person and item, not long ago.
fn ping_pong(record: &Record, rules: &Rules<'_>, earlier: &[Earlier], seen: &Seen<'_>) -> Option<Reason> {
    let days = rules.guards.ping_pong_days?;
    let before = earlier.iter().filter(|award| !award.taken_back).map(|award| &award.record);
    let before = before.filter(|other| other.person == record.person && other.item == record.item);
    let now = seen.by_person.get(&(record.person.as_str(), record.item.as_str())).into_iter().flatten().copied();
    let turned = |other: &&Record| {
        rules.main(&other.recogniser) == rules.main(&record.issuer)
            && rules.main(&other.issuer) == rules.main(&record.recogniser)
            && (record.recognised.day - other.recognised.day).abs() <= days
    };
    let other = before.chain(now).filter(turned).min_by_key(|&other| key(other))?;
    Some(Reason::PingPong(other.id.clone()))
}
