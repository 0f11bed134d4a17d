//! The months of a year read back, a second time: each case with every correction of it, what the months paid, and what
//! the tables of the year say of both. Plain loops over the texts of the book's tables.

use std::collections::BTreeMap;

use super::Found;
use super::compare::{Audited, Row, Sheet, cannot, compare};
use super::price::round_points;
use super::ratio::Ratio;
use super::sums::to_fen;
use crate::ledger::{Book, Period};
use crate::policy::rules::Method;
use crate::policy::{Policy, PolicySet};
use crate::problem::Problems;
use crate::table::Table;
use crate::table::cell::plain;

/// A case as its month settled it, and what was corrected since.
struct Case {
    /// By column.
    figures: BTreeMap<&'static str, String>,
    points: Ratio,
    amount: Ratio,
    outside: Ratio,
    due: Ratio,
    corrected: Ratio,
    corrected_in: String,
    state: String,
    drg: String,
    /// What the case is worth at clearing, by points, by amount and outside the budget, where that is stated.
    clearing: Option<[Ratio; 3]>,
}

/// Columns that stand in the year as they stood in the month.
const KEPT: [&str; 8] =
    ["fixmedins_code", "insutype", "case_kind", "consortium", "pool", "medfee_sumamt", "hifp_pay", "psn_pay"];

/// A table of a book, text by text.
struct Texts(Table);

impl Texts {
    fn read(book: &Book, period: Period, name: &str) -> Found<Option<Texts>> {
        let told = |problems: Problems| problems.to_string();
        if !book.manifest(period).map_err(told)?.tables.contains_key(name) {
            return Ok(None);
        }
        Ok(Some(Texts(book.table(period, name).map_err(told)?)))
    }

    fn text(&self, column: &str, row: usize) -> String {
        self.0.column(column).map_or_else(String::new, |values| plain(values, row))
    }

    fn number(&self, column: &str, row: usize) -> Ratio {
        Ratio::parse(&self.text(column, row)).unwrap_or_else(Ratio::zero)
    }

    /// What a case is worth at clearing, where the table says it.
    fn clearing(&self, row: usize) -> Option<[Ratio; 3]> {
        let points = Ratio::parse(&self.text("clearing_points", row))?;
        let or = |column: &str, other: &str| {
            Ratio::parse(&self.text(column, row)).unwrap_or_else(|| self.number(other, row))
        };
        Some([points, or("clearing_by_amount", "by_amount"), or("clearing_outside", "outside_budget")])
    }
}

/// Reads the months again and compares what the tables of the year say of each case, of every correction and of what
/// was paid.
pub fn record(
    book: &Book,
    year: Period,
    set: &PolicySet,
    tables: &BTreeMap<String, Table>,
) -> Result<Audited, Problems> {
    let sheets = sheets(book, year, set).map_err(cannot)?;
    compare(&sheets, tables)
}

fn sheets(book: &Book, year: Period, set: &PolicySet) -> Found<Vec<Sheet>> {
    let last = year.last_day();
    let valid = |policy: &&Policy| policy.valid_from <= last && policy.valid_to.is_none_or(|to| last <= to);
    let policy = set.packs.iter().find(valid).ok_or("pack")?;
    let months: Vec<Period> = book.periods().map(|info| info.period).filter(|month| !month.is_year()).collect();
    let (mut cases, mut order) = (BTreeMap::new(), Vec::new());
    let mut paid: BTreeMap<(String, String), (Ratio, Ratio)> = BTreeMap::new();
    for month in months.iter().filter(|month| month.whole_year() == year) {
        claims(book, *month, &mut cases, &mut order)?;
        payments(book, *month, &mut paid)?;
    }
    let mut made = Vec::new();
    for month in months.iter().filter(|month| month.whole_year() >= year) {
        corrections(book, *month, (year, policy), &mut cases, &mut paid, &mut made)?;
    }
    let mut origins: BTreeMap<(String, String), (Ratio, Ratio)> = BTreeMap::new();
    for case in cases.values() {
        let key = (case.figures["fixmedins_code"].clone(), case.figures["insutype"].clone());
        let sum = origins.entry(key).or_insert_with(|| (Ratio::zero(), Ratio::zero()));
        *sum = (&sum.0 + &case.due, &sum.1 + &case.corrected);
    }
    for month in months.iter().filter(|month| month.whole_year() == year) {
        let Some(lines) = Texts::read(book, *month, "recognition_points")? else { continue };
        for row in 0..lines.0.rows() {
            let key = (lines.text("fixmedins_code", row), lines.text("insutype", row));
            let sum = origins.entry(key).or_insert_with(|| (Ratio::zero(), Ratio::zero()));
            sum.0 = &sum.0 + lines.number("due", row);
        }
    }
    let claims = order.iter().map(|key| claim_row(key, &cases[key])).collect();
    let mut reserves = Vec::new();
    for before in book.periods().map(|info| info.period).filter(|before| before.is_year()) {
        if before.year() + 1 != year.year() {
            continue;
        }
        let Some(closed) = Texts::read(book, before, "reserves")? else { continue };
        for row in 0..closed.0.rows() {
            let pool = closed.text("insutype", row);
            reserves.push(Row::new(&[&pool]).money("opening", &closed.number("closing", row)));
        }
    }
    if policy.reserve.is_none() {
        reserves.clear();
    }
    Ok(vec![
        Sheet::partial("reserves", &["insutype"], reserves),
        Sheet::new("claims", &[], claims),
        Sheet::partial("institutions", &["fixmedins_code", "insutype"], institutions(&paid, &origins)),
        Sheet::new("corrections", &["setl_id", "period", "made_in", "action"], made),
    ])
}

fn claims(
    book: &Book,
    month: Period,
    cases: &mut BTreeMap<(String, String), Case>,
    order: &mut Vec<(String, String)>,
) -> Found<()> {
    let Some(claims) = Texts::read(book, month, "claims")? else { return Ok(()) };
    for row in (0..claims.0.rows()).filter(|row| claims.text("state", *row) != "excluded") {
        let text = |column: &str| claims.text(column, row);
        let mut figures: BTreeMap<&'static str, String> = KEPT.iter().map(|column| (*column, text(column))).collect();
        figures.insert("oth_fund_pay", text("oth_fund_pay"));
        let key = (text("setl_id"), month.to_string());
        order.push(key.clone());
        cases.insert(
            key,
            Case {
                figures,
                points: claims.number("points", row),
                amount: claims.number("by_amount", row),
                outside: claims.number("outside_budget", row),
                due: claims.number("due", row),
                corrected: Ratio::zero(),
                corrected_in: String::new(),
                state: text("state"),
                drg: text("drg"),
                clearing: claims.clearing(row),
            },
        );
    }
    Ok(())
}

/// Payable without what was carried in, with what is carried out; and what was withheld.
fn payments(book: &Book, month: Period, paid: &mut BTreeMap<(String, String), (Ratio, Ratio)>) -> Found<()> {
    let Some(lines) = Texts::read(book, month, "institutions")? else { return Ok(()) };
    for row in 0..lines.0.rows() {
        let own = paid
            .entry((lines.text("fixmedins_code", row), lines.text("insutype", row)))
            .or_insert_with(|| (Ratio::zero(), Ratio::zero()));
        let for_itself =
            lines.number("payable", row) + lines.number("carried_out", row) - lines.number("carried_in", row);
        *own = (&own.0 + for_itself, &own.1 + lines.number("withheld", row));
    }
    Ok(())
}

fn corrections(
    book: &Book,
    month: Period,
    (year, policy): (Period, &Policy),
    cases: &mut BTreeMap<(String, String), Case>,
    paid: &mut BTreeMap<(String, String), (Ratio, Ratio)>,
    made: &mut Vec<Row>,
) -> Found<()> {
    let Some(rows) = Texts::read(book, month, "corrections")? else { return Ok(()) };
    for row in 0..rows.0.rows() {
        let text = |column: &str| rows.text(column, row);
        let amount = rows.number("amount", row);
        let of_year = text("period").parse::<Period>().is_ok_and(|period| period.whole_year() == year);
        let by_year = month.whole_year() == year;
        // Paid by this year's months for another year, or by later months for this one.
        if of_year != by_year {
            let key = (text("fixmedins_code"), text("insutype"));
            let own = paid.entry(key).or_insert_with(|| (Ratio::zero(), Ratio::zero()));
            own.0 = if of_year { &own.0 + &amount } else { &own.0 - &amount };
        }
        if !of_year {
            continue;
        }
        let month = month.to_string();
        made.push(
            Row::new(&[&text("setl_id"), &text("period"), &month, &text("action")])
                .number("points", Some(&rows.number("points", row)), 4)
                .money("amount", &amount)
                .text("state", &text("state"))
                .text("drg", &text("drg"))
                .text("reason", &text("reason"))
                .text("document", &text("document")),
        );
        let Some(case) = cases.get_mut(&(text("setl_id"), text("period"))) else { continue };
        case.points = &case.points + rows.number("points", row);
        case.amount = &case.amount + rows.number("by_amount", row);
        case.outside = &case.outside + rows.number("outside_budget", row);
        case.corrected = &case.corrected + &amount;
        (case.state, case.drg) = (text("state"), text("drg"));
        let gap = if case.corrected_in.is_empty() { "" } else { " " };
        case.corrected_in = format!("{}{gap}{month}", case.corrected_in);
        if case.state != "paid" {
            (case.points, case.amount, case.outside) = (Ratio::zero(), Ratio::zero(), Ratio::zero());
        }
        if !text("case_kind").is_empty() {
            case.figures.insert("case_kind", text("case_kind"));
        }
        let readmission = text("action") == "readmission";
        case.clearing = match (readmission, Ratio::parse(&text("kept")), case.clearing.take()) {
            (true, ..) if rows.clearing(row).is_some() => rows.clearing(row),
            (true, Some(kept), Some([points, amount, outside])) => {
                let by_rate = matches!(policy.method.value, Method::Rate { .. });
                let amount = if by_rate { to_fen(policy, &(&amount * &kept)) } else { amount };
                Some([round_points(policy, &(&points * &kept)), amount, outside])
            }
            (true, ..) => None,
            (false, ..) => rows.clearing(row),
        };
    }
    Ok(())
}

fn claim_row((id, period): &(String, String), case: &Case) -> Row {
    let at_clearing = case.clearing.as_ref().filter(|_| case.state == "paid");
    let now = [&case.points, &case.amount, &case.outside];
    let [points, amount, outside] = at_clearing.map_or(now, |worth| worth.each_ref());
    let row = Row::new(&[id, period]).text("setl_id", id).text("period", period);
    let row = case.figures.iter().fold(row, |row, (column, figure)| row.text(column, figure));
    row.text("state", &case.state)
        .text("drg", &case.drg)
        .number("points", Some(points), 4)
        .money("by_amount", amount)
        .money("outside_budget", outside)
        .money("monthly_due", &case.due)
        .money("corrections", &case.corrected)
        .text("corrected_in", &case.corrected_in)
}

/// What was paid and withheld, what was due by month, what was corrected, and both.
fn institutions(
    paid: &BTreeMap<(String, String), (Ratio, Ratio)>,
    origins: &BTreeMap<(String, String), (Ratio, Ratio)>,
) -> Vec<Row> {
    let nothing = (Ratio::zero(), Ratio::zero());
    let keys: std::collections::BTreeSet<_> = paid.keys().chain(origins.keys()).collect();
    let row = |key: &(String, String)| {
        let (payments, withheld) = paid.get(key).unwrap_or(&nothing);
        let (due, corrected) = origins.get(key).unwrap_or(&nothing);
        Row::new(&[&key.0, &key.1])
            .money("prepaid", payments)
            .money("deposit", withheld)
            .money("monthly_due", due)
            .money("corrections", corrected)
            .money("net_due", &(due + corrected))
    };
    keys.into_iter().map(row).collect()
}
