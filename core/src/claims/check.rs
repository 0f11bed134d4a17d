//! What can be wrong with a row by itself, once its values are read.

use std::collections::BTreeSet;

use super::column::Fault;
use super::columns::{Claims, UNKNOWN, UNKNOWN_FEN};
use super::fields::{Field, INSURANCE_TYPES, SEXES};
use super::options::ReadOptions;
use super::parse::Part;
use crate::money::Fen;
use crate::problem::Entry;
use crate::problem::catalogue::claims as c;
use crate::table::cell::date;
use crate::text::Dictionary;

/// Plausible weights at birth or admission of a newborn, in grams; 0 stands for not given.
const WEIGHT_G: (i32, i32) = (100, 9_999);
/// Most days of a life under one year.
const FIRST_YEAR_DAYS: i32 = 365;
/// The fields of [`super::BillParts`], in their order.
const PARTS: [Field; 5] =
    [Field::FulamtOwnpayAmt, Field::PreselfpayAmt, Field::DedcStd, Field::TcmAmt, Field::TcmBaseAmt];
const LEVEL_CHARACTERS_MAX: usize = 16;

/// Adds the faults of all rows of a part.
pub(super) fn check_rows(part: &mut Part, gend: &Dictionary, options: &ReadOptions) {
    let claims = &part.claims;
    let unreadable: BTreeSet<(usize, &str)> =
        part.findings.faults.iter().map(|fault| (fault.row, fault.field)).collect();
    let mut faults = Vec::new();
    let required = Field::NEVER_EMPTY.iter().chain(options.required.iter());
    let required: BTreeSet<Field> = required.copied().collect();
    for field in required {
        for row in (0..claims.len()).filter(|&row| is_empty(claims, gend, field, row)) {
            if !unreadable.contains(&(row, field.name())) {
                faults.push(Fault::new(row, field, &c::EMPTY_FIELD, ""));
            }
        }
    }
    check_keywords(claims, gend, options, &mut faults);
    for (field, column) in
        [(Field::SetlId, &claims.stays.setl_id), (Field::MdtrtId, &claims.mdtrt_id), (Field::PsnNo, &claims.psn_no)]
    {
        for row in (0..column.len()).filter(|&row| is_mangled(column.bytes(row))) {
            faults.push(Fault::new(row, field, &c::MANGLED_ID, column.get(row)));
        }
    }
    for row in 0..claims.len() {
        check_amounts(claims, row, part.keys.reversal[row] == 1, &mut faults);
        check_newborn(claims, row, &mut faults);
        if check_days(claims, row, &mut faults) {
            part.odd_los.push(row);
        }
    }
    part.findings.faults.append(&mut faults);
}

fn is_empty(claims: &Claims, gend: &Dictionary, field: Field, row: usize) -> bool {
    let stays = &claims.stays;
    match field {
        Field::SetlId => stays.setl_id.bytes(row).is_empty(),
        Field::MdtrtId => claims.mdtrt_id.bytes(row).is_empty(),
        Field::PsnNo => claims.psn_no.bytes(row).is_empty(),
        Field::FixmedinsCode => claims.institution.get(row).is_empty(),
        Field::HospLv => claims.hospital_level.get(row).is_empty(),
        Field::Insutype => claims.insurance_type.get(row).is_empty(),
        Field::Insuplc => claims.insured_place.get(row).is_empty(),
        Field::Gend => gend.get(row).is_empty(),
        Field::DscgCaty => stays.department.get(row).is_empty(),
        Field::DscgWay => stays.discharge_way.get(row).is_empty(),
        Field::MedType => stays.med_type.get(row).is_empty(),
        Field::Age => stays.age_years[row] == UNKNOWN,
        Field::NwbAge => stays.age_days[row] == UNKNOWN,
        Field::NwbBirWt => stays.birth_weight_g[row] == UNKNOWN,
        Field::NwbAdmWt => stays.admission_weight_g[row] == UNKNOWN,
        Field::ActIptDays => stays.los_days[row] == UNKNOWN,
        Field::Icu => stays.icu[row] == UNKNOWN,
        Field::IcuHours => stays.icu_hours[row] == UNKNOWN,
        Field::VentHours | Field::VentUsedDura => stays.vent_hours[row] == UNKNOWN,
        Field::AdmTime => claims.admitted[row] == UNKNOWN,
        Field::DscgTime => claims.discharged[row] == UNKNOWN,
        Field::SetlTime => claims.settled[row] == UNKNOWN,
        Field::DiagCodes => stays.diagnoses.views(row).is_empty(),
        Field::OprnCodes => stays.procedures.views(row).is_empty(),
        Field::MedfeeSumamt => claims.total_fen[row] == UNKNOWN_FEN,
        Field::HifpPay => claims.fund_fen[row] == UNKNOWN_FEN,
        Field::PsnPay => claims.patient_fen[row] == UNKNOWN_FEN,
        Field::OthFundPay => claims.other_fund_fen[row] == UNKNOWN_FEN,
        Field::FulamtOwnpayAmt => is_absent(&claims.parts.own_pay_fen, row),
        Field::PreselfpayAmt => is_absent(&claims.parts.first_own_pay_fen, row),
        Field::DedcStd => is_absent(&claims.parts.deductible_fen, row),
        Field::TcmAmt => is_absent(&claims.parts.tcm_fen, row),
        Field::TcmBaseAmt => is_absent(&claims.parts.tcm_base_fen, row),
        // Decide among rows, or stand in other tables: they have checks of their own.
        _ => false,
    }
}

fn is_absent(column: &[i64], row: usize) -> bool {
    column.get(row).is_none_or(|fen| *fen == UNKNOWN_FEN)
}

/// Whether a spreadsheet has made a number of an identifier: `5.1E+17`, of which the last digits are lost.
fn is_mangled(id: &[u8]) -> bool {
    if !id.contains(&b'+') {
        return false;
    }
    let Some(at) = id.windows(2).position(|pair| pair == b"E+") else { return false };
    let digits = |text: &[u8]| !text.is_empty() && text.iter().all(|b| b.is_ascii_digit() || *b == b'.');
    digits(&id[..at]) && digits(&id[at + 2..])
}

/// Checks a column of few different texts a text, not a row.
fn check_texts(
    column: &Dictionary,
    field: Field,
    faults: &mut Vec<Fault>,
    check: impl Fn(&str) -> Option<&'static Entry>,
) {
    let found: Vec<Option<&'static Entry>> =
        column.texts().iter().map(|text| if text.is_empty() { None } else { check(text) }).collect();
    if found.iter().all(Option::is_none) {
        return;
    }
    for (row, &id) in column.ids().iter().enumerate() {
        if let Some(entry) = found[id as usize] {
            let text = column.get(row);
            faults.push(Fault::new(row, field, entry, text).with("value", text));
        }
    }
}

fn check_keywords(claims: &Claims, gend: &Dictionary, options: &ReadOptions, faults: &mut Vec<Fault>) {
    let registers = &options.registers;
    let outside =
        |register: &Option<BTreeSet<String>>, text: &str| register.as_ref().is_some_and(|r| !r.contains(text));
    check_texts(gend, Field::Gend, faults, |text| (!SEXES.contains(&text)).then_some(&c::NOT_A_SEX));
    check_texts(&claims.institution, Field::FixmedinsCode, faults, |text| {
        outside(&registers.institutions, text).then_some(&c::UNKNOWN_INSTITUTION)
    });
    check_texts(&claims.insurance_type, Field::Insutype, faults, |text| {
        if INSURANCE_TYPES.iter().all(|&(code, _)| code != text) {
            return Some(&c::NOT_AN_INSURANCE_TYPE);
        }
        outside(&registers.insurance_types, text).then_some(&c::INSURANCE_TYPE_NOT_REGISTERED)
    });
    check_texts(&claims.hospital_level, Field::HospLv, faults, |text| {
        if text.chars().count() > LEVEL_CHARACTERS_MAX || !text.chars().all(char::is_alphanumeric) {
            return Some(&c::NOT_A_LEVEL);
        }
        outside(&registers.levels, text).then_some(&c::LEVEL_NOT_REGISTERED)
    });
}

/// Amounts that are given must not be negative and must agree with the total. What is not given is not derived:
/// whether it is needed is a matter of the policy, which says so with `required`.
fn check_amounts(claims: &Claims, row: usize, reversal: bool, faults: &mut Vec<Fault>) {
    let known = |fen: i64| (fen != UNKNOWN_FEN).then_some(Fen(fen));
    let total = known(claims.total_fen[row]);
    let parts = [
        (Field::HifpPay, known(claims.fund_fen[row])),
        (Field::PsnPay, known(claims.patient_fen[row])),
        (Field::OthFundPay, known(claims.other_fund_fen[row])),
    ];
    if !reversal {
        let of_bill = PARTS.iter().zip(claims.parts.columns());
        let of_bill = of_bill.map(|(field, column)| (*field, column.get(row).copied().and_then(known)));
        for (field, amount) in [(Field::MedfeeSumamt, total)].into_iter().chain(parts).chain(of_bill) {
            if let Some(amount) = amount.filter(|fen| *fen < Fen::ZERO) {
                faults.push(Fault::new(row, field, &c::NEGATIVE_AMOUNT, &amount.to_string()));
            }
        }
    }
    let Some(total) = total else { return };
    let Some(sum) = Fen::sum(parts.iter().filter_map(|(_, amount)| *amount)) else {
        return faults.push(Fault::new(row, Field::MedfeeSumamt, &c::AMOUNT_TOO_LARGE, &total.to_string()));
    };
    if let [Some(fund), Some(patient), Some(other)] = parts.map(|(_, amount)| amount) {
        if sum != total {
            let fault = Fault::new(row, Field::MedfeeSumamt, &c::PAYMENTS_DO_NOT_ADD_UP, &total.to_string());
            let fault = fault.with("fund", fund).with("patient", patient).with("other", other);
            faults.push(fault.with("sum", sum).with("total", total));
        }
    } else if sum > total && total >= Fen::ZERO && !reversal {
        let fault = Fault::new(row, Field::MedfeeSumamt, &c::PAYMENTS_EXCEED_TOTAL, &total.to_string());
        faults.push(fault.with("sum", sum).with("total", total));
    }
}

/// Days of life belong to those under one year. A 0 beside an age of a year or more is the usual way of systems to
/// leave the field empty, and the birth weight may stand in the mother's record: neither is a contradiction.
fn check_newborn(claims: &Claims, row: usize, faults: &mut Vec<Fault>) {
    let stays = &claims.stays;
    let (age, days) = (stays.age_years[row], stays.age_days[row]);
    let first_birthday = age == 1 && days == FIRST_YEAR_DAYS;
    if days > FIRST_YEAR_DAYS || (age >= 1 && days >= 1 && !first_birthday) {
        let fault = Fault::new(row, Field::NwbAge, &c::AGE_AND_DAYS_DISAGREE, &days.to_string());
        let age = if age == UNKNOWN { "?".to_owned() } else { age.to_string() };
        faults.push(fault.with("age", age).with("days", days));
    }
    for (field, grams) in
        [(Field::NwbBirWt, stays.birth_weight_g[row]), (Field::NwbAdmWt, stays.admission_weight_g[row])]
    {
        if grams != UNKNOWN && grams != 0 && !(WEIGHT_G.0..=WEIGHT_G.1).contains(&grams) {
            let fault = Fault::new(row, field, &c::IMPLAUSIBLE_WEIGHT, &grams.to_string());
            faults.push(fault.with("grams", grams).with("min", WEIGHT_G.0).with("max", WEIGHT_G.1));
        }
    }
}

/// Whether the days of stay are at odds with the dates, which is only noted. A stay within one day counts 0 or 1.
fn check_days(claims: &Claims, row: usize, faults: &mut Vec<Fault>) -> bool {
    let (admitted, discharged) = (claims.admitted[row], claims.discharged[row]);
    if admitted == UNKNOWN || discharged == UNKNOWN {
        return false;
    }
    if discharged < admitted {
        let fault = Fault::new(row, Field::DscgTime, &c::DISCHARGE_BEFORE_ADMISSION, &day_text(discharged));
        faults.push(fault.with("discharged", day_text(discharged)).with("admitted", day_text(admitted)));
        return false;
    }
    let (days, los) = (discharged - admitted, claims.stays.los_days[row]);
    los != UNKNOWN && los != days && !(days == 0 && los == 1)
}

/// A day as people write it.
pub(super) fn day_text(day: i32) -> String {
    date(day).map_or_else(|| day.to_string(), |day| day.to_string())
}
