//! To which cases a rule applies.

use chrono::NaiveDate;

use crate::policy::node::parse_value;
use crate::policy::spec::{Codes, Context, Param, Whole, record};
use crate::problem::Problems;

record! {
    /// To which cases a rule applies: all that is stated must hold. An absent key holds always, an unknown value never.
    When {
        drgs: Codes [optional], "病组", "groups";
        adrgs: Codes [optional], "核心病组", "ADRGs";
        mdcs: Codes [optional], "主要诊断大类", "MDCs";
        departments: Vec<String> [optional], "出院科别（dscg_caty）", "departments (dscg_caty)";
        med_types: Vec<String> [optional], "医疗类别（med_type）", "kinds of care (med_type)";
        discharge_ways: Vec<String> [optional], "离院方式（dscg_way）", "ways of discharge (dscg_way)";
        institutions: Vec<String> [optional], "定点机构编码", "institutions";
        levels: Vec<String> [optional], "机构等级", "levels of institution";
        insutypes: Vec<String> [optional], "险种（insutype）", "insurance types (insutype)";
        diagnoses: Vec<String> [optional], "主要诊断编码前缀", "prefixes of the principal diagnosis";
        any_diagnoses: Vec<String> [optional], "任一诊断（主要或其他）编码前缀", "prefixes of any diagnosis, principal or other";
        procedures: Vec<String> [optional], "任一手术操作编码前缀", "prefixes of any procedure";
        procedure_classes: Vec<Vec<String>> [optional],
            "几类手术操作，每类为一组编码前缀",
            "classes of procedures, each a list of prefixes";
        procedure_classes_from: Whole<1, 100> [optional],
            "至少有其中几类（含）；不写则为全部",
            "at least so many of them (inclusive); all without it";
        days_from: Whole<0, 36_500> [optional], "住院天数不少于（含）", "stays of at least so many days (inclusive)";
        days_to: Whole<0, 36_500> [optional], "住院天数不多于（含）", "stays of at most so many days (inclusive)";
        age_from: Whole<0, 150> [optional], "年龄不小于（含）", "ages from (inclusive)";
        age_to: Whole<0, 150> [optional], "年龄不大于（含）", "ages to (inclusive)";
        age_days_to: Whole<0, 366> [optional], "日龄不大于（含）", "age in days up to (inclusive)";
        birth_weight_below: Whole<0, 20_000> [optional],
            "出生体重低于（克，不含）", "birth weight below (grams, exclusive)";
        admission_weight_below: Whole<0, 20_000> [optional],
            "新生儿入院体重低于（克，不含）", "weight of a newborn at admission below (grams, exclusive)";
        icu: bool [optional], "是否含重症监护", "whether the stay includes intensive care";
        icu_hours_from: Whole<0, 1_000_000> [optional], "重症监护小时数不少于（含）", "hours of intensive care from (inclusive)";
        vent_hours_from: Whole<0, 1_000_000> [optional], "呼吸机使用小时数不少于（含）", "hours of ventilation from (inclusive)";
        discharged_from: NaiveDate [optional], "出院日不早于（含）", "discharged from this day (inclusive)";
        discharged_to: NaiveDate [optional], "出院日不晚于（含）", "discharged up to this day (inclusive)";
        settled_from: NaiveDate [optional], "结算日不早于（含）", "settled from this day (inclusive)";
        settled_to: NaiveDate [optional], "结算日不晚于（含）", "settled up to this day (inclusive)";
    }
}

impl When {
    /// Whether it asks nothing, and so holds for every case.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let mut problems = Problems::new();
        let nothing = When::read(&parse_value("{}", "default"), &mut Context::new(&mut problems, ""));
        nothing.as_ref() == Some(self)
    }
}
