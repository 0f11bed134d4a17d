//! The columns of claims.

use std::ops::Range;

use super::parts::BillParts;
use crate::text::{Dictionary, Text, TextList};

/// A whole number that was not given.
pub const UNKNOWN: i32 = i32::MIN;

/// An amount that was not given. It is no amount: sums must leave it out or refuse it.
pub const UNKNOWN_FEN: i64 = i64::MIN;

/// Sex as coded in `gend`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Sex {
    /// The field is empty.
    #[default]
    NotGiven = 0,
    Male = 1,
    Female = 2,
    /// Something else stands in the field.
    Other = 3,
}

impl Sex {
    /// The sex of the number that stands for it.
    #[must_use]
    pub(super) const fn of_code(code: u8) -> Sex {
        match code {
            0 => Sex::NotGiven,
            1 => Sex::Male,
            2 => Sex::Female,
            _ => Sex::Other,
        }
    }
}

/// What grouping needs to know of claims: one row a claim, all columns of equal length. Numbers that were not given
/// are [`UNKNOWN`], texts that were not given are empty. NHSA names at the edge stand in the comments.
#[derive(Clone, Debug, Default)]
pub struct Stays {
    /// `setl_id`
    pub setl_id: Text,
    /// `gend`: 1 male, 2 female
    pub sex: Vec<Sex>,
    /// `age`, whole years
    pub age_years: Vec<i32>,
    /// `nwb_age`, days, for those under one year
    pub age_days: Vec<i32>,
    /// `nwb_bir_wt`
    pub birth_weight_g: Vec<i32>,
    /// `nwb_adm_wt`
    pub admission_weight_g: Vec<i32>,
    /// `act_ipt_days`
    pub los_days: Vec<i32>,
    /// `dscg_caty`
    pub department: Dictionary,
    /// `dscg_way`
    pub discharge_way: Dictionary,
    /// `med_type`
    pub med_type: Dictionary,
    /// `icu`: 1 when the stay includes intensive care, 0 when not
    pub icu: Vec<i32>,
    /// `icu_hours`
    pub icu_hours: Vec<i32>,
    /// `vent_hours` (`vent_used_dura` in 4101 tables)
    pub vent_hours: Vec<i32>,
    /// `diag_codes`, principal first
    pub diagnoses: TextList,
    /// `oprn_codes`, main first
    pub procedures: TextList,
}

impl Stays {
    #[must_use]
    pub fn len(&self) -> usize {
        self.setl_id.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Stays {
    /// These rows, in this order. Each column is freed once it is picked from, so that there are never two of
    /// everything.
    #[must_use]
    fn take_with(self, rows: &[u32], dictionary: TakeDictionary) -> Stays {
        Stays {
            setl_id: self.setl_id.take(rows),
            sex: pick(self.sex, rows),
            age_years: pick(self.age_years, rows),
            age_days: pick(self.age_days, rows),
            birth_weight_g: pick(self.birth_weight_g, rows),
            admission_weight_g: pick(self.admission_weight_g, rows),
            los_days: pick(self.los_days, rows),
            department: dictionary(self.department, rows),
            discharge_way: dictionary(self.discharge_way, rows),
            med_type: dictionary(self.med_type, rows),
            icu: pick(self.icu, rows),
            icu_hours: pick(self.icu_hours, rows),
            vent_hours: pick(self.vent_hours, rows),
            diagnoses: self.diagnoses.take(rows),
            procedures: self.procedures.take(rows),
        }
    }

    /// Appends the rows of another.
    pub(crate) fn append(&mut self, more: &Stays) {
        self.setl_id.extend(&more.setl_id);
        self.sex.extend_from_slice(&more.sex);
        self.age_years.extend_from_slice(&more.age_years);
        self.age_days.extend_from_slice(&more.age_days);
        self.birth_weight_g.extend_from_slice(&more.birth_weight_g);
        self.admission_weight_g.extend_from_slice(&more.admission_weight_g);
        self.los_days.extend_from_slice(&more.los_days);
        self.department.extend(&more.department);
        self.discharge_way.extend(&more.discharge_way);
        self.med_type.extend(&more.med_type);
        self.icu.extend_from_slice(&more.icu);
        self.icu_hours.extend_from_slice(&more.icu_hours);
        self.vent_hours.extend_from_slice(&more.vent_hours);
        self.diagnoses.extend(&more.diagnoses);
        self.procedures.extend(&more.procedures);
    }
}

impl Stays {
    /// These rows, with the texts of all.
    #[must_use]
    fn slice(&self, rows: Range<usize>) -> Stays {
        Stays {
            setl_id: self.setl_id.slice(rows.clone()),
            sex: self.sex[rows.clone()].to_vec(),
            age_years: self.age_years[rows.clone()].to_vec(),
            age_days: self.age_days[rows.clone()].to_vec(),
            birth_weight_g: self.birth_weight_g[rows.clone()].to_vec(),
            admission_weight_g: self.admission_weight_g[rows.clone()].to_vec(),
            los_days: self.los_days[rows.clone()].to_vec(),
            department: self.department.slice(rows.clone()),
            discharge_way: self.discharge_way.slice(rows.clone()),
            med_type: self.med_type.slice(rows.clone()),
            icu: self.icu[rows.clone()].to_vec(),
            icu_hours: self.icu_hours[rows.clone()].to_vec(),
            vent_hours: self.vent_hours[rows.clone()].to_vec(),
            diagnoses: self.diagnoses.slice(rows.clone()),
            procedures: self.procedures.slice(rows),
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "frees the column")]
fn pick<T: Copy>(values: Vec<T>, rows: &[u32]) -> Vec<T> {
    rows.iter().map(|&row| values[row as usize]).collect()
}

/// What payment needs to know of claims, row by row beside [`Stays`]. Days are counted from 1970-01-01, money in fen.
#[derive(Clone, Debug, Default)]
pub struct Claims {
    pub stays: Stays,
    /// `mdtrt_id`; empty when not given
    pub mdtrt_id: Text,
    /// `psn_no`; empty when not given
    pub psn_no: Text,
    /// `fixmedins_code`
    pub institution: Dictionary,
    /// `hosp_lv` as written in the claim; the institution register decides when it names a level
    pub hospital_level: Dictionary,
    /// `insutype`: 310 employees (职工), 390 residents (居民) …
    pub insurance_type: Dictionary,
    /// `insuplc`, the place of insurance; empty when not given
    pub insured_place: Dictionary,
    /// `adm_time`, days; [`UNKNOWN`] when not given
    pub admitted: Vec<i32>,
    /// `dscg_time`, days
    pub discharged: Vec<i32>,
    /// `setl_time`, days; [`UNKNOWN`] when not given
    pub settled: Vec<i32>,
    /// `medfee_sumamt`: the whole bill
    pub total_fen: Vec<i64>,
    /// `hifp_pay`: what the pooled fund has paid at discharge; [`UNKNOWN_FEN`] when not given, as the two below
    pub fund_fen: Vec<i64>,
    /// `psn_pay`: what the patient has paid
    pub patient_fen: Vec<i64>,
    /// `oth_fund_pay`: what other funds (大病, 救助, 公务员 …) have paid
    pub other_fund_fen: Vec<i64>,
    pub parts: BillParts,
}

/// How rows of a dictionary are taken.
type TakeDictionary = fn(Dictionary, &[u32]) -> Dictionary;

impl Claims {
    /// The columns of few different texts.
    #[must_use]
    pub(super) fn dictionaries(&self) -> [&Dictionary; 7] {
        let stays = &self.stays;
        [
            &stays.department,
            &stays.discharge_way,
            &stays.med_type,
            &self.institution,
            &self.hospital_level,
            &self.insurance_type,
            &self.insured_place,
        ]
    }

    /// The same, to be changed.
    pub(super) fn dictionaries_mut(&mut self) -> [&mut Dictionary; 7] {
        let stays = &mut self.stays;
        [
            &mut stays.department,
            &mut stays.discharge_way,
            &mut stays.med_type,
            &mut self.institution,
            &mut self.hospital_level,
            &mut self.insurance_type,
            &mut self.insured_place,
        ]
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.stays.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.stays.is_empty()
    }

    /// These rows, in this order, with dictionaries in the order of their texts.
    #[must_use]
    pub fn take(self, rows: &[u32]) -> Claims {
        self.take_with(rows, Dictionary::take)
    }

    /// These rows, in this order, with dictionaries as they are.
    #[must_use]
    pub(super) fn pick(self, rows: &[u32]) -> Claims {
        self.take_with(rows, Dictionary::pick)
    }

    /// Each column is freed once it is picked from, so that there are never two of everything.
    fn take_with(self, rows: &[u32], dictionary: TakeDictionary) -> Claims {
        Claims {
            stays: self.stays.take_with(rows, dictionary),
            mdtrt_id: self.mdtrt_id.take(rows),
            psn_no: self.psn_no.take(rows),
            institution: dictionary(self.institution, rows),
            hospital_level: dictionary(self.hospital_level, rows),
            insurance_type: dictionary(self.insurance_type, rows),
            insured_place: dictionary(self.insured_place, rows),
            admitted: pick(self.admitted, rows),
            discharged: pick(self.discharged, rows),
            settled: pick(self.settled, rows),
            total_fen: pick(self.total_fen, rows),
            fund_fen: pick(self.fund_fen, rows),
            patient_fen: pick(self.patient_fen, rows),
            other_fund_fen: pick(self.other_fund_fen, rows),
            parts: self.parts.take(rows),
        }
    }

    /// These rows, with the texts of all.
    #[must_use]
    pub fn slice(&self, rows: Range<usize>) -> Claims {
        Claims {
            stays: self.stays.slice(rows.clone()),
            mdtrt_id: self.mdtrt_id.slice(rows.clone()),
            psn_no: self.psn_no.slice(rows.clone()),
            institution: self.institution.slice(rows.clone()),
            hospital_level: self.hospital_level.slice(rows.clone()),
            insurance_type: self.insurance_type.slice(rows.clone()),
            insured_place: self.insured_place.slice(rows.clone()),
            admitted: self.admitted[rows.clone()].to_vec(),
            discharged: self.discharged[rows.clone()].to_vec(),
            settled: self.settled[rows.clone()].to_vec(),
            total_fen: self.total_fen[rows.clone()].to_vec(),
            fund_fen: self.fund_fen[rows.clone()].to_vec(),
            patient_fen: self.patient_fen[rows.clone()].to_vec(),
            other_fund_fen: self.other_fund_fen[rows.clone()].to_vec(),
            parts: self.parts.slice(rows),
        }
    }

    /// Appends the rows of another.
    pub(crate) fn append(&mut self, more: &Claims) {
        let before = self.len();
        self.stays.append(&more.stays);
        self.parts.append(&more.parts, before, self.len());
        self.mdtrt_id.extend(&more.mdtrt_id);
        self.psn_no.extend(&more.psn_no);
        self.institution.extend(&more.institution);
        self.hospital_level.extend(&more.hospital_level);
        self.insurance_type.extend(&more.insurance_type);
        self.insured_place.extend(&more.insured_place);
        self.admitted.extend_from_slice(&more.admitted);
        self.discharged.extend_from_slice(&more.discharged);
        self.settled.extend_from_slice(&more.settled);
        self.total_fen.extend_from_slice(&more.total_fen);
        self.fund_fen.extend_from_slice(&more.fund_fen);
        self.patient_fen.extend_from_slice(&more.patient_fen);
        self.other_fund_fen.extend_from_slice(&more.other_fund_fen);
    }

    /// Whether two rows say the same.
    pub(super) fn same(&self, a: usize, b: usize) -> bool {
        let s = &self.stays;
        s.setl_id.bytes(a) == s.setl_id.bytes(b)
            && s.sex[a] == s.sex[b]
            && s.age_years[a] == s.age_years[b]
            && s.age_days[a] == s.age_days[b]
            && s.birth_weight_g[a] == s.birth_weight_g[b]
            && s.admission_weight_g[a] == s.admission_weight_g[b]
            && s.los_days[a] == s.los_days[b]
            && s.department.id(a) == s.department.id(b)
            && s.discharge_way.id(a) == s.discharge_way.id(b)
            && s.med_type.id(a) == s.med_type.id(b)
            && s.icu[a] == s.icu[b]
            && s.icu_hours[a] == s.icu_hours[b]
            && s.vent_hours[a] == s.vent_hours[b]
            && s.diagnoses.get(a).eq(s.diagnoses.get(b))
            && s.procedures.get(a).eq(s.procedures.get(b))
            && self.mdtrt_id.bytes(a) == self.mdtrt_id.bytes(b)
            && self.psn_no.bytes(a) == self.psn_no.bytes(b)
            && self.institution.id(a) == self.institution.id(b)
            && self.hospital_level.id(a) == self.hospital_level.id(b)
            && self.insurance_type.id(a) == self.insurance_type.id(b)
            && self.insured_place.id(a) == self.insured_place.id(b)
            && self.admitted[a] == self.admitted[b]
            && self.discharged[a] == self.discharged[b]
            && self.settled[a] == self.settled[b]
            && self.total_fen[a] == self.total_fen[b]
            && self.fund_fen[a] == self.fund_fen[b]
            && self.patient_fen[a] == self.patient_fen[b]
            && self.other_fund_fen[a] == self.other_fund_fen[b]
            && self.parts.same(a, b)
    }
}
