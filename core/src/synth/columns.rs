//! Claims as a table with the names of the national interface.

use std::fmt::Write;

use super::claim::{Claim, Writing};
use super::codes::CodeBook;
use super::pattern::Tests;
use crate::claims::UNKNOWN;
use crate::scheme::condition::NumberField;
use crate::table::{Table, Values};
use crate::text::{Dictionary, Text};

/// Columns of claims, filled row by row.
#[derive(Default)]
pub(super) struct Columns {
    setl_id: Text,
    mdtrt_id: Text,
    psn_no: Text,
    institution: Dictionary,
    level: Dictionary,
    insurance_type: Dictionary,
    place: Dictionary,
    sex: Dictionary,
    wholes: [Vec<Option<i64>>; WHOLES.len()],
    dates: [Vec<Option<i32>>; 3],
    department: Dictionary,
    way: Dictionary,
    med_type: Dictionary,
    diagnoses: Text,
    procedures: Text,
    amounts: [Vec<Option<i64>>; 4],
    reversal: Dictionary,
    reverses: Text,
}

const WHOLES: [&str; 8] =
    ["age", "nwb_age", "nwb_bir_wt", "nwb_adm_wt", "act_ipt_days", "icu", "icu_hours", "vent_hours"];

impl Columns {
    pub(super) fn of(claims: &[Claim<'_>], label: &str, book: &CodeBook<'_>) -> Columns {
        let mut columns = Columns::default();
        let mut text = String::new();
        claims.iter().for_each(|claim| columns.push(claim, label, book, &mut text));
        columns
    }

    fn push(&mut self, claim: &Claim<'_>, label: &str, book: &CodeBook<'_>, text: &mut String) {
        let identifier = |letter: char, row: u64, text: &mut String| {
            text.clear();
            write!(text, "{letter}{label}{:08}", row + 1).expect("Invariant: a text takes what is written to it");
        };
        match claim.setl {
            Some(row) => identifier('S', row, text),
            None => text.clear(),
        }
        self.setl_id.push(text);
        identifier('M', claim.mdtrt, text);
        self.mdtrt_id.push(text);
        identifier('P', claim.person, text);
        self.psn_no.push(text);
        match claim.reverses {
            Some(row) => identifier('S', row, text),
            None => text.clear(),
        }
        self.reverses.push(text);
        self.reversal.push(if claim.reverses.is_some() { "1" } else { "0" });
        self.institution.push(claim.institution);
        self.level.push(claim.level);
        self.insurance_type.push(claim.insurance_type);
        self.place.push(claim.place);
        self.sex.push(claim.sex);
        let wholes = [
            claim.age,
            claim.age_days,
            claim.birth_weight_g,
            claim.admission_weight_g,
            claim.los_days,
            i32::from(claim.icu),
            claim.icu_hours,
            claim.vent_hours,
        ];
        for (column, value) in self.wholes.iter_mut().zip(wholes) {
            column.push((value != UNKNOWN).then_some(i64::from(value)));
        }
        for (column, day) in self.dates.iter_mut().zip([claim.admitted, claim.discharged, claim.settled]) {
            column.push((day != UNKNOWN).then_some(day));
        }
        self.department.push(claim.department);
        self.way.push(claim.discharge_way);
        self.med_type.push(claim.med_type);
        text.clear();
        text.push_str(claim.diagnoses);
        for code in &claim.more {
            text.push('|');
            text.push_str(book.text(*code));
        }
        self.diagnoses.push(&written(text, claim.writing));
        self.procedures.push(claim.procedures);
        let bill = claim.bill;
        let amounts = [bill.total, Some(bill.fund), Some(bill.patient), Some(bill.other)];
        for (column, fen) in self.amounts.iter_mut().zip(amounts) {
            column.push(fen);
        }
    }

    /// Appends the rows of another block.
    pub(super) fn extend(&mut self, more: Columns) {
        for (all, more) in [
            (&mut self.setl_id, &more.setl_id),
            (&mut self.mdtrt_id, &more.mdtrt_id),
            (&mut self.psn_no, &more.psn_no),
            (&mut self.diagnoses, &more.diagnoses),
            (&mut self.procedures, &more.procedures),
            (&mut self.reverses, &more.reverses),
        ] {
            all.extend(more);
        }
        for (all, more) in [
            (&mut self.institution, &more.institution),
            (&mut self.level, &more.level),
            (&mut self.insurance_type, &more.insurance_type),
            (&mut self.place, &more.place),
            (&mut self.sex, &more.sex),
            (&mut self.department, &more.department),
            (&mut self.way, &more.way),
            (&mut self.med_type, &more.med_type),
            (&mut self.reversal, &more.reversal),
        ] {
            all.extend(more);
        }
        for (all, more) in
            self.wholes.iter_mut().chain(&mut self.amounts).zip(more.wholes.into_iter().chain(more.amounts))
        {
            all.extend(more);
        }
        for (all, more) in self.dates.iter_mut().zip(more.dates) {
            all.extend(more);
        }
    }

    /// The table. What only some schemes ask for is there when this one does.
    pub(super) fn table(self, tests: &Tests) -> Table {
        let asked = [tests.icu, tests.number(NumberField::IcuHours), tests.number(NumberField::VentHours)];
        let [age, age_days, birth, weight, days, icu, icu_hours, vent_hours] = self.wholes.map(Values::Int);
        let [admitted, discharged, settled] = self.dates.map(Values::Date);
        let [total, fund, patient, other] = self.amounts.map(Values::Money);
        let mut table = Table::new()
            .with("setl_id", Values::Text(self.setl_id))
            .with("mdtrt_id", Values::Text(self.mdtrt_id))
            .with("psn_no", Values::Text(self.psn_no))
            .with("fixmedins_code", Values::Keyword(self.institution))
            .with("hosp_lv", Values::Keyword(self.level))
            .with("insutype", Values::Keyword(self.insurance_type))
            .with("insuplc", Values::Keyword(self.place))
            .with("gend", Values::Keyword(self.sex))
            .with("age", age)
            .with("nwb_age", age_days)
            .with("nwb_bir_wt", birth)
            .with("nwb_adm_wt", weight)
            .with("adm_time", admitted)
            .with("dscg_time", discharged)
            .with("act_ipt_days", days)
            .with("dscg_caty", Values::Keyword(self.department))
            .with("dscg_way", Values::Keyword(self.way))
            .with("med_type", Values::Keyword(self.med_type))
            .with("setl_time", settled)
            .with("diag_codes", Values::Text(self.diagnoses))
            .with("oprn_codes", Values::Text(self.procedures));
        for (asked, (name, values)) in
            asked.into_iter().zip([("icu", icu), ("icu_hours", icu_hours), ("vent_hours", vent_hours)])
        {
            if asked {
                table = table.with(name, values);
            }
        }
        table
            .with("medfee_sumamt", total)
            .with("hifp_pay", fund)
            .with("psn_pay", patient)
            .with("oth_fund_pay", other)
            .with("refd_setl_flag", Values::Keyword(self.reversal))
            .with("init_setl_id", Values::Text(self.reverses))
    }
}

fn written(codes: &str, writing: Writing) -> std::borrow::Cow<'_, str> {
    match writing {
        Writing::Clean => codes.into(),
        Writing::LowerCase => codes.to_lowercase().into(),
        Writing::Blanks => codes.replace('|', " | ").into(),
        Writing::FullWidth => {
            let wide = |c: char| char::from_u32(c as u32 + 0xFEE0).filter(|_| c.is_ascii_alphanumeric()).unwrap_or(c);
            codes.chars().map(wide).collect::<String>().into()
        }
        Writing::HeadLost => format!("|{codes}").into(),
    }
}
