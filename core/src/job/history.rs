//! What a run needs of the months that the book has settled already.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::BuildHasher;

use foldhash::quality::FixedState;

use super::Intake;
use super::corrections::CORRECTIONS;
use super::passes::ranges;
use super::rows::Rows;
use super::standing::{Standing, is_cleared, point_values, standings};
use crate::claims::ClaimStore;
use crate::ledger::{Book, Period};
use crate::policy::PolicySet;
use crate::policy::rules::Readmission;
use crate::pricing::{Bill, PastStay, State};
use crate::problem::Problems;
use crate::problem::catalogue::claims::REVERSAL_OF_NOTHING;
use crate::settlement::{Action, Carried, Correction};
use crate::text::Text;

/// The settled months of a book, in order of time. A month that holds recognised exams only is none.
pub(super) fn settled_months(book: &Book) -> Result<Vec<Period>, Problems> {
    Ok(book.periods_with("claims")?.into_iter().filter(|month| !month.is_year()).collect())
}

/// The settled months of a book before `period`, in order of time.
pub(super) fn months_before(book: &Book, period: Period) -> Result<Vec<Period>, Problems> {
    Ok(settled_months(book)?.into_iter().filter(|month| *month < period).collect())
}

/// What the month before left to be carried on: negative amounts.
pub(super) fn carried(book: &Book, period: Period) -> Result<Vec<Carried>, Problems> {
    let Some(before) = months_before(book, period)?.pop() else { return Ok(Vec::new()) };
    let lines = Rows::read(book, before, "institutions", &["fixmedins_code", "insutype", "carried_out"])?;
    let left = (0..lines.len()).filter_map(|row| {
        let fen = lines.units("carried_out", row).filter(|fen| *fen != 0)?;
        Some(Carried { institution: lines.text("fixmedins_code", row), insutype: lines.text("insutype", row), fen })
    });
    Ok(left.collect())
}

/// Paid stays of the months before that a readmission in `period` may reduce, as corrections left them; none where no
/// rule asks. Only those of the patients met now.
pub(super) fn past_stays(
    book: &Book,
    period: Period,
    set: &PolicySet,
    persons: impl FnOnce() -> Result<Persons, Problems>,
) -> Result<Vec<PastStay>, Problems> {
    let days = set.packs.iter().filter_map(|pack| match pack.readmission.as_ref().map(|rule| &rule.value) {
        Some(Readmission::Within { days, .. }) => Some(days.0),
        _ => None,
    });
    let Some(days) = days.max() else { return Ok(Vec::new()) };
    // A late claim of a month may follow a stay long before it, so all months count that no admission is too late for.
    let mut past = Vec::new();
    let mut months = months_before(book, period)?;
    months.retain(|month| (period.first_day() - month.last_day()).num_days() <= days + MONTHS_LATE_DAYS);
    if months.is_empty() {
        return Ok(past);
    }
    let persons = persons()?;
    for month in months {
        past_of_month(book, month, &persons, &mut past)?;
    }
    let changed = changed_since(book, period, &past)?;
    past.retain_mut(|stay| match changed.get(&stay.setl_id) {
        None => true,
        Some(own) => {
            stay.points_e4 = own.worth.points_e4;
            stay.amount_fen = own.worth.amount_fen;
            stay.point_value_e6 = own.point_value_e6.unwrap_or_default();
            stay.drg.clone_from(&own.drg);
            own.worth.state == State::Paid && own.period == stay.period && own.kept_e6.is_empty()
        }
    });
    Ok(past)
}

/// How those of the stays stand that are no longer as their month settled them: by corrections, or because their year
/// was cleared since.
fn changed_since(book: &Book, period: Period, past: &[PastStay]) -> Result<BTreeMap<String, Standing>, Problems> {
    let corrected = corrected_claims(book, period)?;
    let mut cleared: BTreeMap<Period, bool> = BTreeMap::new();
    for year in past.iter().map(|stay| stay.period.whole_year()) {
        if let Entry::Vacant(vacant) = cleared.entry(year) {
            vacant.insert(is_cleared(book, year, period)?);
        }
    }
    let changed = |stay: &&PastStay| corrected.contains(&stay.setl_id) || cleared[&stay.period.whole_year()];
    let changed: BTreeSet<&str> = past.iter().filter(changed).map(|stay| stay.setl_id.as_str()).collect();
    if changed.is_empty() { Ok(BTreeMap::new()) } else { standings(book, period, &|id| changed.contains(id)) }
}

/// The patients of a run by hash: whether one is among them is sure when it is not.
#[derive(Default)]
pub(super) struct Persons(HashSet<u64, FixedState>);

impl Persons {
    pub(super) fn of(claims: &ClaimStore) -> Result<Persons, Problems> {
        let mut persons = Persons::default();
        for rows in ranges(claims.len()) {
            persons.add(&claims.persons(rows)?);
        }
        Ok(persons)
    }

    pub(super) fn among(people: &Text) -> Persons {
        let mut persons = Persons::default();
        persons.add(people);
        persons
    }

    fn add(&mut self, people: &Text) {
        self.0.extend(people.iter().filter(|person| !person.is_empty()).map(hash_of));
    }

    pub(super) fn insert(&mut self, person: &str) {
        if !person.is_empty() {
            self.0.insert(hash_of(person));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn may_have(&self, person: &str) -> bool {
        self.0.contains(&hash_of(person))
    }
}

pub(super) fn hash_of(text: &str) -> u64 {
    FixedState::default().hash_one(text)
}

/// How late a claim may come and still be linked to a stay before it.
pub(super) const MONTHS_LATE_DAYS: i64 = 366;

fn corrected_claims(book: &Book, period: Period) -> Result<BTreeSet<String>, Problems> {
    let mut ids = BTreeSet::new();
    for month in months_before(book, period)? {
        if let Some(made) = Rows::read_if_any(book, month, CORRECTIONS, &["setl_id"])? {
            ids.extend((0..made.len()).map(|row| made.text("setl_id", row)));
        }
    }
    Ok(ids)
}

fn past_of_month(book: &Book, month: Period, persons: &Persons, past: &mut Vec<PastStay>) -> Result<(), Problems> {
    let columns = [
        "setl_id",
        "fixmedins_code",
        "consortium",
        "insutype",
        "pool",
        "drg",
        "state",
        "points",
        "by_amount",
        "psn_pay",
        "oth_fund_pay",
        "fulamt_ownpay_amt",
        "preselfpay_amt",
        "dedc_std",
    ];
    let claims = Rows::read(book, month, "claims", &columns)?;
    let stays = Rows::read(book, month, "stays", &["psn_no", "mdc", "adrg", "dscg_time"])?;
    let values = point_values(book, month)?;
    for row in (0..claims.len()).filter(|&row| claims.str("state", row) == State::Paid.code()) {
        let Some(discharged) = stays.day("dscg_time", row) else { continue };
        if !persons.may_have(stays.str("psn_no", row)) {
            continue;
        }
        let fen = |column| claims.units(column, row).unwrap_or(i64::MIN);
        let own = ["fulamt_ownpay_amt", "preselfpay_amt", "dedc_std"].map(fen);
        past.push(PastStay {
            setl_id: claims.text("setl_id", row),
            person: stays.text("psn_no", row),
            institution: claims.text("fixmedins_code", row),
            consortium: Some(claims.text("consortium", row)).filter(|name| !name.is_empty()),
            drg: claims.text("drg", row),
            adrg: stays.text("adrg", row),
            mdc: stays.text("mdc", row),
            discharged,
            insutype: claims.text("insutype", row),
            period: month,
            points_e4: claims.units("points", row).unwrap_or_default(),
            // By rate there is none, and points pay nothing.
            point_value_e6: values.get(claims.str("pool", row)).copied().flatten().unwrap_or_default(),
            amount_fen: claims.units("by_amount", row).unwrap_or_default(),
            bill: Bill {
                patient_fen: fen("psn_pay"),
                other_fund_fen: fen("oth_fund_pay"),
                own_pay_fen: own.iter().all(|fen| *fen != i64::MIN).then_some(own),
            },
        });
    }
    Ok(())
}

/// Reversals (冲正) among the rejects that name a claim an earlier month has settled: what was due for it is taken back
/// in full, corrections included. The rejected rows become rows rightly left out.
pub(super) fn reversals(book: &Book, period: Period, intake: &mut Intake) -> Result<Vec<Correction>, Problems> {
    let wanted = intake.rejects.rows.iter().filter(|reject| reject.entry == &REVERSAL_OF_NOTHING);
    let wanted: BTreeSet<String> = wanted.map(|reject| reject.value.clone()).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let found = standings(book, period, &|id| wanted.contains(id))?;
    let corrections: BTreeMap<String, (Correction, i64)> = found
        .into_iter()
        .filter(|(_, own)| !own.reversed && own.worth.state != State::Excluded)
        .map(|(setl_id, own)| {
            let correction = Correction {
                institution: own.institution,
                insutype: own.insutype,
                setl_id: setl_id.clone(),
                period: own.period,
                action: Action::Reverse,
                fen: -own.due_fen,
                points_e4: -own.worth.points_e4,
                amount_fen: -own.worth.amount_fen,
                outside_fen: -own.worth.outside_fen,
                state: State::Excluded,
                drg: own.drg,
                weight_e6: None,
                kept_e6: None,
                case_kind: None,
                clearing: None,
                reason: String::new(),
                document: String::new(),
                rule: None,
            };
            (setl_id, (correction, own.total_fen))
        })
        .collect();
    Ok(intake.take_reversals(&corrections))
}
