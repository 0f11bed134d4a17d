//! Inpatient claims (医疗保障基金结算清单) as plain columns.

use crate::text::{Dictionary, Text, TextList};

/// A whole number that was not given.
pub const UNKNOWN: i32 = i32::MIN;

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
    /// `hifp_pay`: what the pooled fund has paid at discharge
    pub fund_fen: Vec<i64>,
    /// `psn_pay`: what the patient has paid
    pub patient_fen: Vec<i64>,
    /// `oth_fund_pay`: what other funds (大病, 救助, 公务员 …) have paid
    pub other_fund_fen: Vec<i64>,
}

impl Claims {
    #[must_use]
    pub fn len(&self) -> usize {
        self.stays.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.stays.is_empty()
    }
}
