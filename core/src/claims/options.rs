//! What the caller says about the claims to read.

use std::collections::BTreeSet;

use super::fields::Field;
use super::mapping::Mapping;
use crate::money::Rounding;

/// How claims are read.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    pub mapping: Mapping,
    /// How amounts in float columns are rounded to the fen. `None` refuses such columns.
    pub float_money: Option<Rounding>,
    pub registers: Registers,
    /// Fields that must be given in every claim, beside those that always must: what the policy computes with.
    pub required: Vec<Field>,
}

/// What is known to exist. A register that is absent checks nothing.
#[derive(Clone, Debug, Default)]
pub struct Registers {
    /// Values of `fixmedins_code`.
    pub institutions: Option<BTreeSet<String>>,
    /// Values of `hosp_lv`; an empty field is left to the register of institutions.
    pub levels: Option<BTreeSet<String>>,
    /// Values of `insutype`.
    pub insurance_types: Option<BTreeSet<String>>,
}
