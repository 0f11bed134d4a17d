//! A batch of rows as columns of claims, with what is wrong with each row by itself.

use std::ops::Range;

use super::check::check_rows;
use super::column::{BatchReader, Fault, Findings};
use super::columns::{Claims, Sex, Stays, UNKNOWN};
use super::fields::Field;
use super::options::ReadOptions;
use super::parts::BillParts;
use super::sources::Reading;
use super::values::Moment;
use crate::frame::Batch;
use crate::problem::Problem;
use crate::problem::catalogue::files::RAGGED_ROW;
use crate::text::{Dictionary, Text};

/// What decides among rows, and is not kept.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys {
    /// `setl_time`
    pub settled_at: Vec<Option<Moment>>,
    /// `refd_setl_flag`: 1, 0 or [`UNKNOWN`]
    pub reversal: Vec<i32>,
    /// `init_setl_id`
    pub reverses: Text,
    /// `vali_flag`
    pub valid: Vec<i32>,
}

impl Keys {
    /// These rows.
    pub(super) fn slice(&self, rows: Range<usize>) -> Keys {
        Keys {
            settled_at: self.settled_at[rows.clone()].to_vec(),
            reversal: self.reversal[rows.clone()].to_vec(),
            reverses: self.reverses.slice(rows.clone()),
            valid: self.valid[rows].to_vec(),
        }
    }

    /// These rows, in this order.
    pub(super) fn take(self, rows: &[u32]) -> Keys {
        Keys {
            settled_at: rows.iter().map(|&row| self.settled_at[row as usize]).collect(),
            reversal: rows.iter().map(|&row| self.reversal[row as usize]).collect(),
            reverses: self.reverses.take(rows),
            valid: rows.iter().map(|&row| self.valid[row as usize]).collect(),
        }
    }

    pub(super) fn append(&mut self, more: &Keys) {
        self.settled_at.extend_from_slice(&more.settled_at);
        self.reversal.extend_from_slice(&more.reversal);
        self.reverses.extend(&more.reverses);
        self.valid.extend_from_slice(&more.valid);
    }
}

/// The rows of one batch.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    pub claims: Claims,
    pub keys: Keys,
    pub findings: Findings,
    /// Stays of which the length does not agree with the dates: row numbers in the batch.
    pub odd_los: Vec<usize>,
}

/// Reads what grouping needs.
pub(super) fn parse_stays(reader: &mut BatchReader<'_>) -> Result<(Stays, Dictionary), Problem> {
    let gend = reader.keywords(Field::Gend)?;
    let sexes: Vec<Sex> = gend.texts().iter().map(|text| sex(text)).collect();
    let from_duration = reader.wholes(Field::VentUsedDura)?;
    let hours = reader.wholes(Field::VentHours)?;
    let vent_hours = hours.iter().zip(&from_duration).map(|(&h, &d)| if h == UNKNOWN { d } else { h }).collect();
    let stays = Stays {
        setl_id: reader.texts(Field::SetlId)?,
        sex: gend.ids().iter().map(|&id| sexes[id as usize]).collect(),
        age_years: reader.wholes(Field::Age)?,
        age_days: reader.wholes(Field::NwbAge)?,
        birth_weight_g: reader.wholes(Field::NwbBirWt)?,
        admission_weight_g: reader.wholes(Field::NwbAdmWt)?,
        los_days: reader.wholes(Field::ActIptDays)?,
        department: reader.keywords(Field::DscgCaty)?,
        discharge_way: reader.keywords(Field::DscgWay)?,
        med_type: reader.keywords(Field::MedType)?,
        icu: reader.flags(Field::Icu)?,
        icu_hours: reader.wholes(Field::IcuHours)?,
        vent_hours,
        diagnoses: reader.codes(Field::DiagCodes)?,
        procedures: reader.codes(Field::OprnCodes)?,
    };
    Ok((stays, gend))
}

fn sex(text: &str) -> Sex {
    match text {
        "" => Sex::NotGiven,
        "1" => Sex::Male,
        "2" => Sex::Female,
        _ => Sex::Other,
    }
}

/// Rows with a wrong number of fields, whose values may stand in the wrong columns.
pub(super) fn note_ragged(batch: &Batch, columns: usize, reader: &mut BatchReader<'_>) {
    for &(row, found) in batch.ragged() {
        reader.fault(Fault::of_row(row, &RAGGED_ROW).with("found", found).with("expected", columns));
    }
}

/// Reads a batch. `faults` are those that other tables have for its rows.
pub(super) fn parse_claims(
    batch: &Batch,
    faults: Vec<Fault>,
    reading: &Reading,
    options: &ReadOptions,
) -> Result<Part, Problem> {
    let mut reader = BatchReader::new(batch, &reading.plan, options);
    reader.findings.faults = faults;
    note_ragged(batch, reading.columns, &mut reader);
    let (stays, gend) = parse_stays(&mut reader)?;
    let days = |moments: &[Option<Moment>]| moments.iter().map(|m| m.map_or(UNKNOWN, |m| m.day)).collect();
    let settled_at = reader.moments(Field::SetlTime)?;
    let claims = Claims {
        stays,
        mdtrt_id: reader.texts(Field::MdtrtId)?,
        psn_no: reader.texts(Field::PsnNo)?,
        institution: reader.keywords(Field::FixmedinsCode)?,
        hospital_level: reader.keywords(Field::HospLv)?,
        insurance_type: reader.keywords(Field::Insutype)?,
        insured_place: reader.keywords(Field::Insuplc)?,
        admitted: days(&reader.moments(Field::AdmTime)?),
        discharged: days(&reader.moments(Field::DscgTime)?),
        settled: days(&settled_at),
        total_fen: reader.amounts(Field::MedfeeSumamt)?,
        fund_fen: reader.amounts(Field::HifpPay)?,
        patient_fen: reader.amounts(Field::PsnPay)?,
        other_fund_fen: reader.amounts(Field::OthFundPay)?,
        parts: BillParts {
            own_pay_fen: reader.amounts_if_any(Field::FulamtOwnpayAmt)?,
            first_own_pay_fen: reader.amounts_if_any(Field::PreselfpayAmt)?,
            deductible_fen: reader.amounts_if_any(Field::DedcStd)?,
            tcm_fen: reader.amounts_if_any(Field::TcmAmt)?,
            tcm_base_fen: reader.amounts_if_any(Field::TcmBaseAmt)?,
        },
    };
    let keys = Keys {
        settled_at,
        reversal: reader.flags(Field::RefdSetlFlag)?,
        reverses: reader.texts(Field::InitSetlId)?,
        valid: reader.flags(Field::ValiFlag)?,
    };
    let mut part = Part { claims, keys, findings: reader.findings, odd_los: Vec::new() };
    check_rows(&mut part, &gend, options);
    part.findings.faults.sort_by_key(|fault| fault.row);
    Ok(part)
}
