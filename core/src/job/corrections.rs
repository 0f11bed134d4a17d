//! The table of corrections, and the file in which appeals and revaluations are handed in.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use super::rows::Rows;
use crate::ledger::Period;
use crate::pricing::{CaseKind, State};
use crate::problem::catalogue::books as b;
use crate::problem::{Problem, Problems};
use crate::settlement::{Action, Correction, Worth};
use crate::table::{Table, Values};
use crate::workbook::{Field, Form, Kind, Lists, Rows as FormRows, Sheet};

/// The table of what a period pays or takes back for earlier ones.
pub(super) const CORRECTIONS: &str = "corrections";

/// The table `corrections` of a month.
#[must_use]
pub(super) fn corrections_table(corrections: &[Correction]) -> Table {
    let rows = corrections;
    let money = |of: fn(&Correction) -> i64| Values::money(rows.iter().map(of));
    let words = |of: fn(&Correction) -> &str| Values::keywords(rows.iter().map(of));
    let e6 = |of: fn(&Correction) -> Option<i64>| decimals(rows.iter().map(of), 6);
    Table::new()
        .with("setl_id", Values::texts(rows.iter().map(|one| one.setl_id.as_str())))
        .with("period", Values::keywords(rows.iter().map(|one| one.period.to_string())))
        .with("fixmedins_code", words(|one| &one.institution))
        .with("insutype", words(|one| &one.insutype))
        .with("action", words(|one| one.action.code()))
        .with("points", Values::points(rows.iter().map(|one| one.points_e4)))
        .with("amount", money(|one| one.fen))
        .with("by_amount", money(|one| one.amount_fen))
        .with("outside_budget", money(|one| one.outside_fen))
        .with("state", words(|one| one.state.code()))
        .with("drg", words(|one| &one.drg))
        .with("weight", e6(|one| one.weight_e6))
        .with("kept", e6(|one| one.kept_e6))
        .with("case_kind", words(|one| one.case_kind.map_or("", CaseKind::code)))
        .with(CLEARING[0], decimals(rows.iter().map(|one| one.clearing.map(|worth| worth.points_e4)), 4))
        .with(CLEARING[1], Values::Money(rows.iter().map(|one| one.clearing.map(|worth| worth.amount_fen)).collect()))
        .with(CLEARING[2], Values::Money(rows.iter().map(|one| one.clearing.map(|worth| worth.outside_fen)).collect()))
        .with("reason", Values::texts(rows.iter().map(|one| one.reason.as_str())))
        .with("document", Values::keywords(rows.iter().map(|one| one.document.as_str())))
}

/// Columns of claims and corrections: what a case is worth at clearing, where that differs or may differ.
pub(super) const CLEARING: [&str; 3] = ["clearing_points", "clearing_by_amount", "clearing_outside"];

/// Decimals of so many digits.
pub(super) fn decimals(units: impl Iterator<Item = Option<i64>>, scale: u8) -> Values {
    Values::Decimal { units: units.map(|one| one.map(i128::from)).collect(), scale, wide: false }
}

/// What a case is worth at clearing, where the book says so.
pub(super) fn clearing_of(rows: &Rows, row: usize) -> Option<Worth> {
    let units = |column| rows.units(column, row);
    let points_e4 = units(CLEARING[0])?;
    // Books of earlier versions have points only: by points, the amounts stay.
    let amount_fen = units(CLEARING[1]).or_else(|| units("by_amount")).unwrap_or_default();
    let outside_fen = units(CLEARING[2]).or_else(|| units("outside_budget")).unwrap_or_default();
    Some(Worth { state: State::Paid, points_e4, amount_fen, outside_fen })
}

/// The state a code of a book means.
pub(super) fn state_of(code: &str) -> State {
    let known = [State::Paid, State::Unpaid];
    known.into_iter().find(|state| state.code() == code).unwrap_or(State::Excluded)
}

/// A correction that somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The claim; or
    pub setl_id: String,
    /// a whole month, to be priced anew.
    pub period: Option<Period>,
    pub action: Action,
    /// The group after an appeal.
    pub drg: String,
    pub reason: String,
    pub document: String,
    pub file: Arc<str>,
    pub row: u64,
}

impl Order {
    /// A problem at this row of the file.
    pub(super) fn problem(&self, problem: Problem) -> Problem {
        problem.file(self.file.clone()).row(self.row)
    }
}

/// The columns of a file of corrections.
pub static FORM: LazyLock<Form> = LazyLock::new(|| Form {
    key: Cow::Borrowed("corrections"),
    zh: Cow::Borrowed("更正"),
    en: Cow::Borrowed("corrections"),
    about: Cow::Borrowed("一行一项更正：申诉后改组、撤销结算、按更正后的权重与评审结果重新计价。"),
    about_en: Cow::Borrowed("Corrections of cases that earlier months have settled, a row each."),
    fields: Cow::Owned(vec![
        Field::new("setl_id", "结算号", "Settlement", Kind::Text, false, "要更正的病例；整月重新计价时不填"),
        Field::new("period", "期间", "Period", Kind::Text, false, "整月重新计价时填写，如 2026-01"),
        Field::new("action", "更正", "Action", Kind::Choice("actions"), true, "改组、重新计价或撤销"),
        Field::new("drg", "改入病组", "DRG", Kind::Text, false, "改组时必填"),
        Field::new("reason", "理由", "Reason", Kind::Text, true, "为何更正"),
        Field::new("document", "依据文件", "Document", Kind::Text, true, "决定、纪要或文号"),
    ]),
    starts: Cow::Borrowed(&[]),
    examples: Cow::Owned(vec![
        ["S0001", "", "改组", "ES31", "主要诊断选择错误", "申诉决定 2026-7"].map(Cow::Borrowed).to_vec(),
    ]),
});

/// Reads files of corrections (.csv or .parquet).
pub fn read_orders(paths: &[PathBuf]) -> Result<Vec<Order>, Problems> {
    let actions = [("regroup", "改组"), ("reprice", "重新计价"), ("reverse", "撤销")];
    let lists = Lists::default().with("actions", actions);
    let mut problems = Problems::new();
    let mut orders = Vec::new();
    for path in paths {
        let sheet = match Sheet::of_file(path) {
            Ok(sheet) => sheet,
            Err(found) => {
                problems.append(found);
                continue;
            }
        };
        let rows = FormRows::new(&FORM, &sheet, &lists);
        for row in rows.iter() {
            let (file, number) = row.place();
            let action = row.choice("action");
            let (reason, document) = (row.text("reason"), row.text("document"));
            let action = Action::ALL.into_iter().find(|known| Some(known.code()) == action.as_deref());
            let written = row.text("period");
            let period = written.parse::<Period>().ok().filter(|period| !period.is_year());
            let order = Order {
                setl_id: row.text("setl_id"),
                period,
                action: action.unwrap_or(Action::Reprice),
                drg: row.text("drg"),
                reason,
                document,
                file,
                row: number,
            };
            if let Some(field) = lacks(&order, &written) {
                row.refuse(field, Problem::new(&b::CORRECTION_LACKS).with("action", order.action.code()));
            } else if action.is_some() {
                orders.push(order);
            }
        }
        problems.append(rows.into_problems());
    }
    problems.or(orders).map(|(orders, _)| orders)
}

/// The field that does not fit to the action: a claim, or for pricing anew a month instead; a group to regroup.
fn lacks(order: &Order, period: &str) -> Option<&'static str> {
    let whole_month = order.period.is_some() && order.action == Action::Reprice;
    match (order.setl_id.is_empty(), period.is_empty()) {
        (false, false) => return Some("period"),
        (true, false) if !whole_month => return Some("period"),
        (true, true) => return Some("setl_id"),
        _ => {}
    }
    ((order.action == Action::Regroup) == order.drg.is_empty()).then_some("drg")
}
