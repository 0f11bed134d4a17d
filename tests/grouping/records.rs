//! A claim as plain texts, as both sides of a comparison read it.

use dianzhi::claims::{Sex, Stays, UNKNOWN};

/// What the condition language can ask of a claim. Empty: not given.
#[derive(Clone, Debug, Default)]
pub struct Record {
    pub id: String,
    pub sex: String,
    pub age: String,
    pub age_days: String,
    pub birth_weight_g: String,
    pub dept: String,
    pub los_days: String,
    pub discharge_way: String,
    pub icu: String,
    pub diagnoses: Vec<String>,
    pub procedures: Vec<String>,
}

/// Records as columns.
pub fn stays(records: &[Record]) -> Stays {
    let mut stays = Stays::default();
    let number = |text: &str| text.parse().unwrap_or(UNKNOWN);
    for record in records {
        stays.setl_id.push(&record.id);
        stays.sex.push(match record.sex.as_str() {
            "" => Sex::NotGiven,
            "1" => Sex::Male,
            "2" => Sex::Female,
            _ => Sex::Other,
        });
        stays.age_years.push(number(&record.age));
        stays.age_days.push(number(&record.age_days));
        stays.birth_weight_g.push(number(&record.birth_weight_g));
        stays.admission_weight_g.push(UNKNOWN);
        stays.los_days.push(number(&record.los_days));
        stays.department.push(&record.dept);
        stays.discharge_way.push(&record.discharge_way);
        stays.med_type.push("");
        stays.icu.push(number(&record.icu));
        stays.icu_hours.push(UNKNOWN);
        stays.vent_hours.push(UNKNOWN);
        stays.diagnoses.push(record.diagnoses.iter().map(String::as_str));
        stays.procedures.push(record.procedures.iter().map(String::as_str));
    }
    stays
}
