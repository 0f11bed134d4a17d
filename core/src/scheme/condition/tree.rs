//! The typed tree of a condition.

use std::fmt;

use crate::claims::Sex;

/// A condition of an MDC, an ADRG rule or a DRG.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    Always,
    Never,
    /// All hold.
    And(Vec<Condition>),
    /// At least one holds.
    Or(Vec<Condition>),
    Not(Box<Condition>),
    Atom(Atom),
}

/// A test of one thing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Atom {
    /// Has a major complication or comorbidity that is not excluded.
    Mcc,
    /// Has a complication or comorbidity that is not excluded.
    Cc,
    /// The stay includes intensive care.
    Icu,
    /// At least one of the referenced codes is among the codes.
    Codes(Ref, Codes),
    Number(NumberField, Comparison, i32),
    Sex(Sex),
    /// The field is one of the words.
    Text(TextField, Vec<String>),
    /// The number of different body regions of the MDC that the diagnoses belong to.
    TraumaRegions(Comparison, i32),
}

/// Whether codes are diagnoses or procedures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Diagnosis,
    Procedure,
}

/// Which of the codes of a kind are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// The first: principal diagnosis, main procedure.
    First,
    /// All after the first.
    Others,
    /// All.
    Any,
}

/// The codes of a claim that a test looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ref {
    pub kind: Kind,
    pub reach: Reach,
}

/// A set of codes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Codes {
    /// A list of the same ADRG in `adrg_codes`.
    List(String),
    /// All diagnoses of the MDC at hand.
    Mdc,
    /// The procedures that count as an operation.
    Valid,
    These(Vec<String>),
    StartsWith(String),
}

/// A whole number of a stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NumberField {
    AgeYears,
    AgeDays,
    BirthWeightG,
    AdmissionWeightG,
    LosDays,
    IcuHours,
    VentHours,
    DiagnosisCount,
    ProcedureCount,
}

/// A text field of a stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TextField {
    Department,
    DischargeWay,
    MedType,
}

/// How a number is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
}

impl Comparison {
    pub const WORDS: [(&'static str, Comparison); 5] = [
        ("<=", Comparison::LessOrEqual),
        (">=", Comparison::GreaterOrEqual),
        ("==", Comparison::Equal),
        ("<", Comparison::Less),
        (">", Comparison::Greater),
    ];

    #[must_use]
    pub const fn holds(self, left: i32, right: i32) -> bool {
        match self {
            Comparison::Less => left < right,
            Comparison::LessOrEqual => left <= right,
            Comparison::Greater => left > right,
            Comparison::GreaterOrEqual => left >= right,
            Comparison::Equal => left == right,
        }
    }
}

impl Ref {
    pub const WORDS: [(&'static str, Ref); 6] = [
        ("pdx", Ref { kind: Kind::Diagnosis, reach: Reach::First }),
        ("any_dx", Ref { kind: Kind::Diagnosis, reach: Reach::Any }),
        ("other_dx", Ref { kind: Kind::Diagnosis, reach: Reach::Others }),
        ("main_proc", Ref { kind: Kind::Procedure, reach: Reach::First }),
        ("any_proc", Ref { kind: Kind::Procedure, reach: Reach::Any }),
        ("other_proc", Ref { kind: Kind::Procedure, reach: Reach::Others }),
    ];
}

impl NumberField {
    pub const WORDS: [(&'static str, NumberField); 9] = [
        ("age", NumberField::AgeYears),
        ("age_days", NumberField::AgeDays),
        ("birth_weight_g", NumberField::BirthWeightG),
        ("admission_weight_g", NumberField::AdmissionWeightG),
        ("los_days", NumberField::LosDays),
        ("icu_hours", NumberField::IcuHours),
        ("vent_hours", NumberField::VentHours),
        ("dx_count", NumberField::DiagnosisCount),
        ("proc_count", NumberField::ProcedureCount),
    ];
}

impl TextField {
    pub const WORDS: [(&'static str, TextField); 3] =
        [("dept", TextField::Department), ("discharge_way", TextField::DischargeWay), ("med_type", TextField::MedType)];
}

/// The word of the language for a value of one of the tables above.
pub(super) fn word<T: PartialEq + Copy>(words: &[(&'static str, T)], value: T) -> &'static str {
    words.iter().find(|(_, v)| *v == value).map_or("", |(word, _)| word)
}

impl Condition {
    /// All tests of the condition, in reading order.
    pub fn atoms(&self) -> Vec<&Atom> {
        match self {
            Condition::Always | Condition::Never => Vec::new(),
            Condition::And(parts) | Condition::Or(parts) => parts.iter().flat_map(Condition::atoms).collect(),
            Condition::Not(inner) => inner.atoms(),
            Condition::Atom(atom) => vec![atom],
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Condition::Always => f.write_str("always"),
            Condition::Never => f.write_str("never"),
            Condition::And(parts) => {
                for (at, part) in parts.iter().enumerate() {
                    let gap = if at == 0 { "" } else { " and " };
                    match part {
                        Condition::Or(_) => write!(f, "{gap}({part})")?,
                        _ => write!(f, "{gap}{part}")?,
                    }
                }
                Ok(())
            }
            Condition::Or(parts) => {
                for (at, part) in parts.iter().enumerate() {
                    let gap = if at == 0 { "" } else { " or " };
                    match part {
                        Condition::And(_) => write!(f, "{gap}({part})")?,
                        _ => write!(f, "{gap}{part}")?,
                    }
                }
                Ok(())
            }
            Condition::Not(inner) => match **inner {
                Condition::And(_) | Condition::Or(_) => write!(f, "not ({inner})"),
                _ => write!(f, "not {inner}"),
            },
            Condition::Atom(atom) => atom.fmt(f),
        }
    }
}

impl fmt::Display for Atom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Atom::Mcc => f.write_str("mcc"),
            Atom::Cc => f.write_str("cc"),
            Atom::Icu => f.write_str("icu"),
            Atom::Codes(of, codes) => {
                let of = word(&Ref::WORDS, *of);
                match codes {
                    Codes::List(list) => write!(f, "{of} in {list}"),
                    Codes::Mdc => write!(f, "{of} in MDC"),
                    Codes::Valid => write!(f, "{of} in VALID"),
                    Codes::These(codes) => write!(f, "{of} in {{{}}}", codes.join(",")),
                    Codes::StartsWith(prefix) => write!(f, "{of} startswith {prefix}"),
                }
            }
            Atom::Number(field, op, value) => {
                write!(f, "{} {} {value}", word(&NumberField::WORDS, *field), word(&Comparison::WORDS, *op))
            }
            Atom::Sex(sex) => write!(f, "sex == {}", if *sex == Sex::Male { "male" } else { "female" }),
            Atom::Text(field, words) => write!(f, "{} in {{{}}}", word(&TextField::WORDS, *field), words.join(",")),
            Atom::TraumaRegions(op, value) => write!(f, "trauma_regions {} {value}", word(&Comparison::WORDS, *op)),
        }
    }
}
