//! What grouping saw of each claim, as a table of the book, and back: so that a group can be explained and appealed
//! against years later.

use std::collections::BTreeMap;

use super::rows::Rows;
use crate::claims::{Claims, Sex, Stays, UNKNOWN, UNKNOWN_FEN};
use crate::grouper::{Grouped, Outcome, Status};
use crate::ledger::{Book, Period};
use crate::pricing::Means;
use crate::problem::Problems;
use crate::table::cell::plain;
use crate::table::{Table, Values};
use crate::text::{Dictionary, Text, TextList};

/// Stands between the codes of a list.
const SEPARATOR: char = '|';

/// The table `stays`: what grouping saw, who and when, and the group above the DRG.
#[must_use]
pub fn stays_table(claims: &Claims, grouped: &Grouped, outcomes: &[Outcome]) -> Table {
    let days = |column: &[i32]| Values::Date(column.iter().map(|&day| (day != UNKNOWN).then_some(day)).collect());
    let group = |text: fn(&Outcome) -> &str| {
        let numbers = grouped.outcomes.iter().map(|outcome| usize::from(*outcome));
        Values::Keyword(Dictionary::by_number(numbers, outcomes.len(), |outcome| text(&outcomes[outcome])))
    };
    seen(&claims.stays)
        .with("mdtrt_id", Values::Text(claims.mdtrt_id.clone()))
        .with("psn_no", Values::Text(claims.psn_no.clone()))
        .with("insuplc", Values::Keyword(claims.insured_place.clone()))
        .with("hosp_lv", Values::Keyword(claims.hospital_level.clone()))
        .with("adm_time", days(&claims.admitted))
        .with("dscg_time", days(&claims.discharged))
        .with("setl_time", days(&claims.settled))
        .with("mdc", group(|outcome| outcome.mdc.as_str()))
        .with("adrg", group(|outcome| outcome.adrg.as_str()))
}

/// The columns that grouping reads.
fn seen(stays: &Stays) -> Table {
    let numbers = |column: &[i32]| {
        Values::Int(column.iter().map(|&number| (number != UNKNOWN).then_some(i64::from(number))).collect())
    };
    let codes = |column: &TextList| {
        let (mut lists, mut list) = (Text::with_capacity(column.len()), String::new());
        for row in 0..column.len() {
            list.clear();
            for (at, code) in column.get(row).enumerate() {
                list.extend((at > 0).then_some(SEPARATOR));
                list.push_str(code);
            }
            lists.push(&list);
        }
        Values::Text(lists)
    };
    let gend = |number: usize| SEXES.iter().find(|sex| **sex as usize == number).map_or("", |sex| sex_code(*sex));
    Table::new()
        .with("setl_id", Values::Text(stays.setl_id.clone()))
        .with("gend", Values::Keyword(Dictionary::by_number(stays.sex.iter().map(|sex| *sex as usize), 4, gend)))
        .with("age", numbers(&stays.age_years))
        .with("nwb_age", numbers(&stays.age_days))
        .with("nwb_bir_wt", numbers(&stays.birth_weight_g))
        .with("nwb_adm_wt", numbers(&stays.admission_weight_g))
        .with("act_ipt_days", numbers(&stays.los_days))
        .with("dscg_caty", Values::Keyword(stays.department.clone()))
        .with("dscg_way", Values::Keyword(stays.discharge_way.clone()))
        .with("med_type", Values::Keyword(stays.med_type.clone()))
        .with("icu", numbers(&stays.icu))
        .with("icu_hours", numbers(&stays.icu_hours))
        .with("vent_hours", numbers(&stays.vent_hours))
        .with("diag_codes", codes(&stays.diagnoses))
        .with("oprn_codes", codes(&stays.procedures))
}

/// The claims of a settled month with the group each was settled by.
pub(super) fn settled_claims(book: &Book, month: Period) -> Result<(Claims, Vec<Outcome>, Grouped), Problems> {
    Ok(claims_of(book.table(month, "claims")?, book.table(month, "stays")?))
}

/// The same of some rows, their numbers in order.
pub(super) fn settled_rows(
    book: &Book,
    month: Period,
    rows: &[usize],
) -> Result<(Claims, Vec<Outcome>, Grouped), Problems> {
    Ok(claims_of(book.rows(month, "claims", rows)?, book.rows(month, "stays", rows)?))
}

/// The claims of the tables `claims` and `stays`, which have the same rows.
pub(crate) fn claims_of(claims: Table, stays: Table) -> (Claims, Vec<Outcome>, Grouped) {
    let (claims, stays) = (Rows { table: claims }, Rows { table: stays });
    let mut out = Claims { stays: stays_of(&stays.table), ..Claims::default() };
    let mut outcomes: Vec<Outcome> = Vec::new();
    let mut grouped = Grouped::default();
    let mut numbers: BTreeMap<[String; 4], u16> = BTreeMap::new();
    for row in 0..claims.len() {
        out.mdtrt_id.push(stays.str("mdtrt_id", row));
        out.psn_no.push(stays.str("psn_no", row));
        out.institution.push(claims.str("fixmedins_code", row));
        out.hospital_level.push(stays.str("hosp_lv", row));
        out.insurance_type.push(claims.str("insutype", row));
        out.insured_place.push(stays.str("insuplc", row));
        let day = |column| stays.day(column, row).unwrap_or(UNKNOWN);
        out.admitted.push(day("adm_time"));
        out.discharged.push(day("dscg_time"));
        out.settled.push(day("setl_time"));
        let fen = |column| claims.units(column, row).unwrap_or(UNKNOWN_FEN);
        out.total_fen.push(fen("medfee_sumamt"));
        out.fund_fen.push(fen("hifp_pay"));
        out.patient_fen.push(fen("psn_pay"));
        out.other_fund_fen.push(fen("oth_fund_pay"));
        let parts = &mut out.parts;
        let columns = [
            (&mut parts.own_pay_fen, "fulamt_ownpay_amt"),
            (&mut parts.first_own_pay_fen, "preselfpay_amt"),
            (&mut parts.deductible_fen, "dedc_std"),
            (&mut parts.tcm_fen, "tcm_amt"),
            (&mut parts.tcm_base_fen, "tcm_base_amt"),
        ];
        for (column, name) in columns {
            column.push(fen(name));
        }
        let key =
            [claims.text("status", row), stays.text("mdc", row), stays.text("adrg", row), claims.text("drg", row)];
        let number = *numbers.entry(key).or_insert_with_key(|[status, mdc, adrg, drg]| {
            let status = Status::ALL.into_iter().find(|known| known.code() == status).unwrap_or(Status::Invalid);
            outcomes.push(Outcome { status, mdc: mdc.clone(), adrg: adrg.clone(), drg: drg.clone() });
            u16::try_from(outcomes.len() - 1).expect("Invariant: a scheme has under 2^16 outcomes")
        });
        grouped.outcomes.push(number);
    }
    (out, outcomes, grouped)
}

/// The means that a month measured.
pub(super) fn means_of(book: &Book, month: Period) -> Result<Means, Problems> {
    let claims = Rows::read(book, month, "claims", &["pool", "pool_mean"])?;
    let mut means = Means::new();
    for row in 0..claims.len() {
        if let Some(mean) = claims.units("pool_mean", row)
            && !means.contains_key(claims.str("pool", row))
        {
            means.insert(claims.text("pool", row), (i128::from(mean), 1));
        }
    }
    Ok(means)
}

/// The claims of some rows of that table.
#[must_use]
pub fn stays_of(table: &Table) -> Stays {
    let mut stays = Stays::default();
    let text = |name: &str, row: usize| table.column(name).map_or_else(String::new, |values| plain(values, row));
    let number = |name: &str, row: usize| text(name, row).parse().unwrap_or(UNKNOWN);
    for row in 0..table.rows() {
        stays.setl_id.push(&text("setl_id", row));
        stays.sex.push(sex_of(&text("gend", row)));
        stays.age_years.push(number("age", row));
        stays.age_days.push(number("nwb_age", row));
        stays.birth_weight_g.push(number("nwb_bir_wt", row));
        stays.admission_weight_g.push(number("nwb_adm_wt", row));
        stays.los_days.push(number("act_ipt_days", row));
        stays.department.push(&text("dscg_caty", row));
        stays.discharge_way.push(&text("dscg_way", row));
        stays.med_type.push(&text("med_type", row));
        stays.icu.push(number("icu", row));
        stays.icu_hours.push(number("icu_hours", row));
        stays.vent_hours.push(number("vent_hours", row));
        push_codes(&mut stays.diagnoses, &text("diag_codes", row));
        push_codes(&mut stays.procedures, &text("oprn_codes", row));
    }
    stays
}

fn push_codes(list: &mut TextList, codes: &str) {
    list.push(codes.split(SEPARATOR).filter(|code| !code.is_empty()));
}

const SEXES: [Sex; 4] = [Sex::NotGiven, Sex::Male, Sex::Female, Sex::Other];

const fn sex_code(sex: Sex) -> &'static str {
    match sex {
        Sex::NotGiven => "",
        Sex::Male => "1",
        Sex::Female => "2",
        Sex::Other => "9",
    }
}

fn sex_of(code: &str) -> Sex {
    match code {
        "" => Sex::NotGiven,
        "1" => Sex::Male,
        "2" => Sex::Female,
        _ => Sex::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_survive_the_book() {
        let mut stays = Stays::default();
        for (sex, age, diagnoses) in [(Sex::Male, 70, &["I21.0", "E11.9"][..]), (Sex::Other, UNKNOWN, &[])] {
            stays.setl_id.push("x");
            stays.sex.push(sex);
            stays.diagnoses.push(diagnoses.iter().copied());
            stays.procedures.push([]);
            for column in [&mut stays.department, &mut stays.discharge_way, &mut stays.med_type] {
                column.push("03");
            }
            let numbers = [
                &mut stays.age_years,
                &mut stays.age_days,
                &mut stays.birth_weight_g,
                &mut stays.admission_weight_g,
                &mut stays.los_days,
                &mut stays.icu,
                &mut stays.icu_hours,
                &mut stays.vent_hours,
            ];
            numbers.into_iter().for_each(|column| column.push(age));
        }
        let back = stays_of(&seen(&stays));
        assert_eq!(back.sex, stays.sex);
        assert_eq!(back.age_years, stays.age_years);
        assert_eq!(back.vent_hours, stays.vent_hours);
        assert_eq!(back.diagnoses.get(0).collect::<Vec<_>>(), ["I21.0", "E11.9"]);
        assert_eq!((back.diagnoses.get(1).len(), back.procedures.get(0).len()), (0, 0));
        assert_eq!(back.department.get(1), "03");
    }
}
