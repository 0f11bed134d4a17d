//! A baseline that a book has settled: claims as they were grouped, priced again by the packs that the book kept.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use super::StudyFile;
use crate::claims::{Claims, UNKNOWN, UNKNOWN_FEN};
use crate::grouper::{Grouped, Outcome, Status};
use crate::job::corrections::CORRECTIONS;
use crate::job::history::{Persons, carried, past_stays};
use crate::job::open_packs::{kept_changes, open_texts};
use crate::job::recognition::recognised_points;
use crate::job::rows::Rows;
use crate::job::year_before::openings;
use crate::job::year_record::YearRecord;
use crate::job::{PackFiles, Scheme, stays_of};
use crate::ledger::{Book, Period};
use crate::money::Fen;
use crate::policy::{Bundle, PolicySet, open};
use crate::pricing::State;
use crate::problem::catalogue::{books, scenario as x};
use crate::problem::{Problem, Problems};
use crate::scenario::{Insurance, InsuranceInput, Kind, Measure, Revision, Unit};
use crate::settlement::{Action, Compact, Correction, PointLine, RECOGNITION_POINTS};
use crate::table::{Table, Values};

/// What the book says is due, by institution and insurance type.
pub(super) struct Booked(BTreeMap<(String, String), i64>);

/// The packs: those that the file names, or those that the book kept. `true`: the book's own.
pub(super) fn bundle(file: &StudyFile) -> Result<(Bundle, bool), Problems> {
    let book = open_book(file)?;
    let period = file.period()?;
    if let Some(policy) = &file.baseline().policy {
        let (scheme, _) = Scheme::of_book(&book, period)?;
        let files = PackFiles::find(&file.named(Some(policy), "policy")?, Some(&scheme.source))?;
        return Ok((open(&files.packs, &files)?, false));
    }
    let of_year = |other: &Period| *other == period || (period.is_year() && other.whole_year() == period);
    let months = book.periods().map(|info| info.period).filter(of_year);
    for month in months.rev() {
        let manifest = book.manifest(month)?;
        let run = manifest.runs.values().find(|run| run.kept.contains_key("policy"));
        if let Some((run, kept)) = run.and_then(|run| Some((run, run.kept.get("policy")?))) {
            let ids: Vec<&str> = run.policies.iter().map(|source| source.id.as_str()).collect();
            let texts = book.kept(kept)?;
            return Ok((open_texts(&texts, &ids)?.patched(&kept_changes(&texts))?, true));
        }
    }
    Err(Problem::new(&books::NO_MONTHS).with("period", period).into())
}

fn open_book(file: &StudyFile) -> Result<Book, Problems> {
    let name = file.baseline().book.as_deref().unwrap_or_default();
    Book::open(&file.path(name))
}

/// Reads the period, and what the book says of it.
pub(super) fn input(file: &StudyFile) -> Result<(InsuranceInput, Option<Booked>), Problems> {
    let book = open_book(file)?;
    let period = file.period()?;
    let (bundle, own) = bundle(file)?;
    let (set, _) = bundle.compile(&[])?;
    if !period.is_year() {
        book.info(period)?;
        let unit = unit(&book, period, &set)?;
        let mut input = InsuranceInput::alone(period, vec![unit], bundle);
        input.carried = carried(&book, period)?;
        input.corrections = corrections(&book, period)?;
        input.recognised = settled_points(&book, period)?;
        let booked = own.then(|| dues(&book, period)).transpose()?;
        return Ok((input, booked.map(Booked)));
    }
    let months = book.periods().map(|info| info.period);
    let months: Vec<Period> = months.filter(|month| !month.is_year() && month.whole_year() == period).collect();
    if months.is_empty() {
        return Err(Problem::new(&books::NO_MONTHS).with("period", period).into());
    }
    let units = months.iter().map(|month| unit(&book, *month, &set)).collect::<Result<Vec<Unit>, Problems>>()?;
    let policy = set.on(period.last_day()).map(|pack| &set.packs[pack]);
    let policy = policy.ok_or_else(|| Problem::new(&books::NO_MONTHS).with("period", period))?;
    let record = YearRecord::read(&book, period, policy)?;
    let mut input = InsuranceInput::alone(period, units, bundle);
    let reversed = record.corrections.iter().filter(|one| one.action == Action::Reverse.code());
    input.revisions.extend(reversed.map(|one| Revision { setl_id: one.setl_id.clone() }));
    if own {
        input.booked = Compact::of(&record.cases);
    }
    input.paid = record.paid;
    input.openings = openings(&book, period)?;
    input.recognised = record.recognised;
    Ok((input, None))
}

/// The claims of a month as the book has them.
fn unit(book: &Book, period: Period, set: &PolicySet) -> Result<Unit, Problems> {
    let priced =
        ["fixmedins_code", "insutype", "drg", "status", "medfee_sumamt", "hifp_pay", "psn_pay", "oth_fund_pay"];
    let table = book.columns(period, "claims", &priced)?;
    let seen = book.table(period, "stays")?;
    let rows = table.rows();
    let money = |name: &str| match table.column(name) {
        Some(Values::Money(fen)) => fen.iter().map(|fen| fen.unwrap_or(UNKNOWN_FEN)).collect(),
        _ => vec![UNKNOWN_FEN; rows],
    };
    let days = |name: &str| match seen.column(name) {
        Some(Values::Date(days)) => days.iter().map(|day| day.unwrap_or(UNKNOWN)).collect(),
        _ => vec![UNKNOWN; rows],
    };
    let keyword = |table: &Table, name: &str| match table.column(name) {
        Some(Values::Keyword(column)) => column.clone(),
        Some(Values::Text(column)) => {
            let mut out = crate::text::Dictionary::default();
            column.iter().for_each(|text| out.push(text));
            out
        }
        _ => crate::text::Dictionary::default(),
    };
    let text = |name: &str| match seen.column(name) {
        Some(Values::Text(column)) => column.clone(),
        Some(Values::Keyword(column)) => (0..column.len()).map(|row| column.get(row)).collect(),
        _ => crate::text::Text::default(),
    };
    let claims = Claims {
        stays: stays_of(&seen),
        mdtrt_id: text("mdtrt_id"),
        psn_no: text("psn_no"),
        institution: keyword(&table, "fixmedins_code"),
        hospital_level: keyword(&seen, "hosp_lv"),
        insurance_type: keyword(&table, "insutype"),
        insured_place: keyword(&seen, "insuplc"),
        admitted: days("adm_time"),
        discharged: days("dscg_time"),
        settled: days("setl_time"),
        total_fen: money("medfee_sumamt"),
        fund_fen: money("hifp_pay"),
        patient_fen: money("psn_pay"),
        other_fund_fen: money("oth_fund_pay"),
        ..Claims::default()
    };
    let (grouped, outcomes) = outcomes(&table, &seen);
    let past = past_stays(book, period, set, || Ok(Persons::among(&claims.psn_no)))?;
    Ok(Unit { period, claims, grouped, outcomes, past })
}

/// The outcome of each row.
fn outcomes(claims: &Table, stays: &Table) -> (Grouped, Vec<Outcome>) {
    let text = |table: &Table, name: &str, row: usize| {
        table.column(name).map_or_else(String::new, |values| crate::table::cell::plain(values, row))
    };
    let mut numbers: HashMap<[String; 4], u16> = HashMap::new();
    let (mut grouped, mut outcomes) = (Grouped::default(), Vec::new());
    for row in 0..claims.rows() {
        let key =
            [text(claims, "status", row), text(stays, "mdc", row), text(stays, "adrg", row), text(claims, "drg", row)];
        let number = *numbers.entry(key).or_insert_with_key(|[code, mdc, adrg, drg]| {
            let status = Status::ALL.into_iter().find(|status| status.code() == code).unwrap_or(Status::Invalid);
            outcomes.push(Outcome { status, mdc: mdc.clone(), adrg: adrg.clone(), drg: drg.clone() });
            (outcomes.len() - 1) as u16
        });
        grouped.outcomes.push(number);
    }
    (grouped, outcomes)
}

/// What a month corrects of earlier ones and no scenario of it changes: all but readmissions.
fn corrections(book: &Book, period: Period) -> Result<Vec<Correction>, Problems> {
    let columns = ["setl_id", "period", "fixmedins_code", "insutype", "action", "points", "amount"];
    let Some(table) = Rows::read_if_any(book, period, CORRECTIONS, &columns)? else { return Ok(Vec::new()) };
    let action = |row: usize| Action::ALL.into_iter().find(|action| action.code() == table.str("action", row));
    let kept = (0..table.len()).filter_map(|row| Some((row, action(row)?)));
    let correction = |(row, action): (usize, Action)| Correction {
        institution: table.text("fixmedins_code", row),
        insutype: table.text("insutype", row),
        setl_id: table.text("setl_id", row),
        period: table.str("period", row).parse().unwrap_or(period),
        action,
        fen: table.units("amount", row).unwrap_or_default(),
        points_e4: table.units("points", row).unwrap_or_default(),
        amount_fen: 0,
        outside_fen: 0,
        state: State::Excluded,
        drg: String::new(),
        weight_e6: None,
        kept_e6: None,
        case_kind: None,
        clearing: None,
        reason: String::new(),
        document: String::new(),
        rule: None,
    };
    Ok(kept.filter(|(_, action)| *action != Action::Readmission).map(correction).collect())
}

/// The points of recognised exams that the month was settled with.
fn settled_points(book: &Book, period: Period) -> Result<Vec<PointLine>, Problems> {
    let taken = Rows::read_if_any(book, period, RECOGNITION_POINTS, &["due"])?.is_some();
    if taken { recognised_points(book, period) } else { Ok(Vec::new()) }
}

fn dues(book: &Book, period: Period) -> Result<BTreeMap<(String, String), i64>, Problems> {
    let columns = ["fixmedins_code", "insutype", "due"];
    let lines = Rows::read(book, period, "institutions", &columns)?;
    let due = |row: usize| {
        let key = (lines.text("fixmedins_code", row), lines.text("insutype", row));
        (key, lines.units("due", row).unwrap_or_default())
    };
    Ok((0..lines.len()).map(due).collect())
}

impl Booked {
    /// A baseline must be what the book says, to the fen.
    pub(super) fn check(&self, insurance: &Insurance) -> Result<(), Problems> {
        let figures = insurance.baseline()?;
        for ((institution, insutype), booked) in &self.0 {
            let found = figures.0.iter().find(|(key, _)| {
                key.kind == Kind::Institution
                    && key.measure == Measure::Due
                    && key.subject == *institution
                    && key.part == *insutype
            });
            let found = found.map_or(0, |(_, units)| *units);
            if found != *booked {
                let subject = format!("{institution} {insutype}");
                let problem = Problem::new(&x::BASELINE_DIFFERS).with("subject", subject);
                return Err(problem.with("found", Fen(found)).with("booked", Fen(*booked)).into());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEMO: &str = "[baseline]\nscheme = \"demo\"\npolicy = \"demo\"\nclaims = [\"demo\"]\nperiod = \"2026-03\"\n";

    /// A fen more than the book has, and an institution that the book alone has.
    #[test]
    fn a_baseline_that_is_not_what_the_book_says_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.toml");
        std::fs::write(&path, DEMO).unwrap();
        let (base, _) = StudyFile::read(&path).unwrap().base().unwrap();
        let insurance = base.insurance.unwrap();
        let figures = insurance.baseline().unwrap();
        let of_due = |(key, fen): (&crate::scenario::Key, &i64)| {
            let is_due = key.kind == Kind::Institution && key.measure == Measure::Due;
            is_due.then(|| ((key.subject.clone(), key.part.clone()), *fen))
        };
        let dues: BTreeMap<(String, String), i64> = figures.0.iter().filter_map(of_due).collect();
        assert!(Booked(dues.clone()).check(&insurance).is_ok());
        let mut more = dues.clone();
        let (subject, fen) = more.iter_mut().next().map(|(key, fen)| (key.clone(), fen)).unwrap();
        *fen += 1;
        let told = Booked(more).check(&insurance).unwrap_err();
        assert_eq!(told.0[0].entry.code, x::BASELINE_DIFFERS.code);
        assert_eq!(told.0[0].args[0].1, format!("{} {}", subject.0, subject.1));
        let mut other = dues;
        other.insert(("H-gone".to_owned(), "310".to_owned()), 5);
        assert_eq!(Booked(other).check(&insurance).unwrap_err().0[0].args[1].1, "0.00");
    }
}
