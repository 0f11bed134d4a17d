//! Conditions in the words of a language.

use super::tree::{Atom, Codes, Comparison, Condition, NumberField, Ref, TextField, word};
use crate::claims::Sex;
use crate::problem::Lang;

impl Condition {
    /// The condition as a person would say it.
    ///
    /// ```
    /// use dianzhi::{problem::Lang, scheme::condition::parse};
    /// let condition = parse("pdx in D1 and not sex == male").unwrap();
    /// assert_eq!(condition.words(Lang::Zh), "主要诊断属于 D1 且 非（性别为男）");
    /// ```
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        let join = |parts: &[Condition], joint: &str| {
            let part = |part: &Condition| match part {
                Condition::And(_) | Condition::Or(_) => bracket(&part.words(lang), lang),
                _ => part.words(lang),
            };
            parts.iter().map(part).collect::<Vec<_>>().join(joint)
        };
        match self {
            Condition::Always => lang.pick("无条件", "always").to_owned(),
            Condition::Never => lang.pick("永不", "never").to_owned(),
            Condition::And(parts) => join(parts, lang.pick(" 且 ", " and ")),
            Condition::Or(parts) => join(parts, lang.pick(" 或 ", " or ")),
            Condition::Not(inner) => {
                format!("{}{}", lang.pick("非", "not "), bracket(&inner.words(lang), lang))
            }
            Condition::Atom(atom) => atom.words(lang),
        }
    }
}

impl Atom {
    /// The test as a person would say it.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Atom::Mcc => lang.pick("有未被排除的 MCC", "has an MCC that is not excluded").to_owned(),
            Atom::Cc => lang.pick("有未被排除的 CC", "has a CC that is not excluded").to_owned(),
            Atom::Icu => lang.pick("住过重症监护", "stayed in intensive care").to_owned(),
            Atom::Codes(of, codes) => format!("{}{}", of.words(lang), codes.words(lang)),
            Atom::Number(field, op, value) => format!("{} {} {value}", field.words(lang), op.sign()),
            Atom::Sex(Sex::Male) => lang.pick("性别为男", "sex is male").to_owned(),
            Atom::Sex(_) => lang.pick("性别为女", "sex is female").to_owned(),
            Atom::Text(field, words) => {
                format!("{}{}{}", field.words(lang), lang.pick("为 ", " is "), words.join(lang.pick(" 或 ", " or ")))
            }
            Atom::TraumaRegions(op, value) => {
                format!("{} {} {value}", lang.pick("涉及的身体区域数", "number of body regions"), op.sign())
            }
        }
    }
}

impl Ref {
    /// What the reference means.
    #[must_use]
    pub fn words(self, lang: Lang) -> &'static str {
        let (zh, en) = match word(&Ref::WORDS, self) {
            "pdx" => ("主要诊断", "principal diagnosis"),
            "any_dx" => ("任一诊断", "any diagnosis"),
            "other_dx" => ("任一其他诊断", "a secondary diagnosis"),
            "main_proc" => ("主要手术操作", "main procedure"),
            "any_proc" => ("任一手术操作", "any procedure"),
            _ => ("任一其他手术操作", "a secondary procedure"),
        };
        lang.pick(zh, en)
    }
}

impl Codes {
    fn words(&self, lang: Lang) -> String {
        match self {
            Codes::List(list) => format!("{}{list}", lang.pick("属于 ", " in list ")),
            Codes::Mdc => lang.pick("属于本 MDC 诊断表", " in the diagnoses of the MDC").to_owned(),
            Codes::Valid => lang.pick("属于有效手术操作", " counts as an operation").to_owned(),
            Codes::These(codes) => format!("{}{}", lang.pick("为 ", " is "), codes.join(lang.pick("、", ", "))),
            Codes::StartsWith(prefix) => {
                format!("{}{prefix}{}", lang.pick("以 ", " starts with "), lang.pick(" 开头", ""))
            }
        }
    }
}

impl NumberField {
    /// The field's name.
    #[must_use]
    pub fn words(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            NumberField::AgeYears => ("年龄（岁）", "age in years"),
            NumberField::AgeDays => ("年龄（天）", "age in days"),
            NumberField::BirthWeightG => ("出生体重（克）", "birth weight in grams"),
            NumberField::AdmissionWeightG => ("入院体重（克）", "admission weight in grams"),
            NumberField::LosDays => ("住院天数", "length of stay in days"),
            NumberField::IcuHours => ("重症监护小时数", "hours in intensive care"),
            NumberField::VentHours => ("呼吸机使用小时数", "hours of ventilation"),
            NumberField::DiagnosisCount => ("诊断个数", "number of diagnoses"),
            NumberField::ProcedureCount => ("手术操作个数", "number of procedures"),
        };
        lang.pick(zh, en)
    }
}

impl TextField {
    /// The field's name.
    #[must_use]
    pub fn words(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            TextField::Department => ("科室", "department"),
            TextField::DischargeWay => ("离院方式", "way of discharge"),
            TextField::MedType => ("医疗类别", "type of care"),
        };
        lang.pick(zh, en)
    }
}

impl Comparison {
    const fn sign(self) -> &'static str {
        match self {
            Comparison::Less => "<",
            Comparison::LessOrEqual => "≤",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => "≥",
            Comparison::Equal => "=",
        }
    }
}

fn bracket(text: &str, lang: Lang) -> String {
    format!("{}{text}{}", lang.pick("（", "("), lang.pick("）", ")"))
}
