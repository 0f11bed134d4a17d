//! Settling a small world and auditing it.

use std::collections::BTreeMap;

use dianzhi::audit::{self, Audited, MonthAudit};
use dianzhi::ledger::Period;
use dianzhi::policy::{PolicySet, RuleRef};
use dianzhi::pricing::{Options, PastStay, Priced, TcmCosts, price};
use dianzhi::problem::Problems;
use dianzhi::settlement::{
    Carried, Cases, Correction, Details, Month, MonthInput, PaidMonth, PointLine, Year, YearInput, month, year,
};
use dianzhi::table::{Table, Values};

use super::claims::World;

/// What a month rests on beside claims and rules.
#[derive(Clone, Debug, Default)]
pub struct Around {
    pub past: Vec<PastStay>,
    pub carried: Vec<Carried>,
    pub corrections: Vec<Correction>,
    pub details: Option<Details>,
    /// Points of recognised exams.
    pub recognised: Vec<PointLine>,
    /// TCM cost and its base, in fen.
    pub tcm: Option<(Vec<i64>, Vec<i64>)>,
}

/// A settled month with its tables.
pub struct Settled {
    pub priced: Priced,
    pub month: Month,
    pub tables: BTreeMap<String, Table>,
}

fn options<'a>(period: Period, around: &'a Around) -> Options<'a> {
    let tcm = around.tcm.as_ref().map(|(tcm_fen, base_fen)| TcmCosts { tcm_fen, base_fen });
    Options { period: Some(period), past: &around.past, tcm }
}

/// Settles a month as the program does.
pub fn settle(world: &World, set: &PolicySet, at: &str, around: &Around) -> Result<Settled, Problems> {
    let period: Period = at.parse().unwrap();
    let priced = price(&world.claims, &world.grouped, &world.outcomes, set, &options(period, around))?;
    let input = MonthInput {
        period,
        claims: &world.claims,
        priced: &priced,
        set,
        carried: &around.carried,
        details: around.details.as_ref(),
        past: &around.past,
        corrections: &around.corrections,
        recognised: &around.recognised,
    };
    let (month, _) = month(&input)?;
    let tables = month.tables(&world.claims, &world.grouped, &world.outcomes, &priced, set);
    let mut tables: BTreeMap<String, Table> =
        tables.into_iter().map(|(name, table)| (name.to_owned(), table)).collect();
    let pools = (0..priced.len()).map(|row| priced.pools.get(usize::from(priced.pool[row])).map_or("", String::as_str));
    let pools = Values::keywords(pools);
    let claims = tables.remove("claims").unwrap();
    tables.insert("claims".to_owned(), claims.with("pool", pools));
    tables.insert("corrections".to_owned(), corrections(&month.corrections));
    Ok(Settled { priced, month, tables })
}

fn corrections(rows: &[Correction]) -> Table {
    Table::new()
        .with("setl_id", Values::texts(rows.iter().map(|one| one.setl_id.as_str())))
        .with("period", Values::keywords(rows.iter().map(|one| one.period.to_string())))
        .with("fixmedins_code", Values::keywords(rows.iter().map(|one| one.institution.as_str())))
        .with("insutype", Values::keywords(rows.iter().map(|one| one.insutype.as_str())))
        .with("points", Values::points(rows.iter().map(|one| one.points_e4)))
        .with("amount", Values::money(rows.iter().map(|one| one.fen)))
}

/// Audits a settled month.
pub fn check(
    world: &World,
    set: &PolicySet,
    at: &str,
    around: &Around,
    tables: &BTreeMap<String, Table>,
) -> Result<Audited, Problems> {
    let period: Period = at.parse().unwrap();
    let options = options(period, around);
    let input = MonthAudit {
        period,
        claims: &world.claims,
        grouped: &world.grouped,
        outcomes: &world.outcomes,
        set,
        options: &options,
        carried: &around.carried,
        details: around.details.as_ref(),
        corrections: &around.corrections,
        recognised: &around.recognised,
        joined: None,
        reduced: None,
    };
    audit::month(&input, tables)
}

/// Clears a year of one month's cases, and its tables.
pub fn clear(
    settled: &Settled,
    world: &World,
    set: &PolicySet,
    paid: &[PaidMonth],
    around: &Around,
) -> Result<(Year, BTreeMap<String, Table>), Problems> {
    let cases = Cases::of(&world.claims, &settled.priced, around.details.as_ref());
    let input = YearInput {
        period: "2026".parse().unwrap(),
        cases: &cases,
        set,
        paid,
        openings: &BTreeMap::new(),
        recognised: &around.recognised,
    };
    let (year, _) = year(&input)?;
    let tables = year.tables(set).into_iter().map(|(name, table)| (name.to_owned(), table)).collect();
    Ok((year, tables))
}

/// Audits a cleared year.
pub fn check_year(
    settled: &Settled,
    world: &World,
    set: &PolicySet,
    paid: &[PaidMonth],
    around: &Around,
    tables: &BTreeMap<String, Table>,
) -> Result<Audited, Problems> {
    let cases = Cases::of(&world.claims, &settled.priced, around.details.as_ref());
    let recognised = &around.recognised;
    audit::year(
        &YearInput {
            period: "2026".parse().unwrap(),
            cases: &cases,
            set,
            paid,
            openings: &BTreeMap::new(),
            recognised,
        },
        tables,
    )
}

/// Points of recognised exams under some pack.
pub fn point_line(institution: &str, insutype: &str, period: &str, points_e4: i64) -> PointLine {
    PointLine {
        institution: institution.into(),
        insutype: insutype.into(),
        period: period.parse().unwrap(),
        records: 1,
        points_e4,
        pack: "exams".into(),
        rule: RuleRef {
            name: "booking".into(),
            kind: "recognition_booking.points",
            pack: "exams".into(),
            citation: None,
            placeholder: Some("a".into()),
            parameters: Vec::new(),
        },
        monthly_due_fen: 0,
    }
}
