//! Small random claims: costs at, just under and just over the lines; stays that follow each other.

use dianzhi::claims::{Claims, Stays, UNKNOWN};
use dianzhi::grouper::{Grouped, Outcome, Status};

use super::dice::Dice;

/// Groups of the small world; the last has no weight. Then what is no group.
pub const GROUPS: [&str; 9] = ["ES31", "ES35", "BB13", "RE15", "ZZ99", "0000", "BQY", "", "EQY"];
pub const INSTITUTIONS: [(&str, &str); 4] = [("H1", "三级"), ("H2", "二级"), ("H3", "一级"), ("H4", "二级")];

/// Claims with their outcomes.
#[derive(Clone, Debug, Default)]
pub struct World {
    pub claims: Claims,
    pub grouped: Grouped,
    pub outcomes: Vec<Outcome>,
}

/// Amounts of fen that lie on a line of some pack: multiples of mean costs.
fn cost(dice: &mut Dice) -> i64 {
    const MEANS: [i64; 6] = [1_200_000, 800_000, 310_007, 1_080_000, 400_000, 980_033];
    const MULTIPLES: [i64; 9] = [1_000, 350, 400, 2_000, 2_500, 3_000, 1_500, 315, 1_300];
    match dice.below(4) {
        3 => 1 + dice.below(60_000) as i64 * 97,
        _ => {
            let mean = MEANS[dice.below(MEANS.len())];
            let multiple = MULTIPLES[dice.below(MULTIPLES.len())];
            let nudge = [0, 1, -1][dice.below(3)];
            (mean * multiple / 1_000 + nudge).max(0)
        }
    }
}

fn day(text: &str) -> i32 {
    text.parse::<chrono::NaiveDate>().unwrap().to_epoch_days()
}

impl World {
    /// `count` claims of the month before `end`, some of them late or of the month after.
    pub fn random(dice: &mut Dice, count: usize, month: &str) -> World {
        let mut world = World::default();
        let first = day(&format!("{month}-01"));
        for at in 0..count {
            world.push(dice, &format!("{month}-{at:03}"), first);
        }
        world
    }

    fn push(&mut self, dice: &mut Dice, id: &str, first: i32) {
        let (institution, level) = INSTITUTIONS[dice.below(INSTITUTIONS.len())];
        let group = GROUPS[[0, 0, 1, 2, 3, 5, 6, 7, 8, 4][dice.below(10)]];
        let discharged = first + [9, 0, 27, -1, -20, 14, 26, 40][dice.below(8)];
        let days = [8, 1, 0, 2, 3, 30, 31, 60, 61][dice.below(9)];
        let total = cost(dice);
        let patient = total * [30, 0, 100, 55][dice.below(4)] / 100;
        let other = (total - patient) * [0, 20, 100][dice.below(3)] / 100;
        let c = &mut self.claims;
        push_stay(&mut c.stays, dice, id, days);
        c.psn_no.push(["p", "q", "r", "s"][dice.below(4)]);
        c.mdtrt_id.push(id);
        c.institution.push(institution);
        c.hospital_level.push(level);
        c.insurance_type.push(["310", "390", "392"][[0, 0, 1, 1, 2][dice.below(5)]]);
        c.insured_place.push(["", "511900", "510000"][dice.below(3)]);
        c.admitted.push(discharged - days);
        c.discharged.push(discharged);
        c.settled.push(discharged + [2, 0, 3][dice.below(3)]);
        c.total_fen.push(total);
        c.fund_fen.push(total - patient - other);
        c.patient_fen.push(patient);
        c.other_fund_fen.push(other);
        let outcome = outcome(group);
        let number = self.outcomes.iter().position(|own| *own == outcome).unwrap_or_else(|| {
            self.outcomes.push(outcome);
            self.outcomes.len() - 1
        });
        self.grouped.outcomes.push(number as u16);
    }
}

fn push_stay(stays: &mut Stays, dice: &mut Dice, id: &str, days: i32) {
    stays.setl_id.push(id);
    stays.age_years.push([50, 6, 7, 0, 80, UNKNOWN][dice.below(6)]);
    stays.age_days.push([UNKNOWN, 28, 29, 0][dice.below(4)]);
    stays.birth_weight_g.push([UNKNOWN, 2_499, 2_500, 0, 1_200][dice.below(5)]);
    stays.admission_weight_g.push([UNKNOWN, 1_499, 1_500, 0][dice.below(4)]);
    stays.icu.push([UNKNOWN, 0, 1][dice.below(3)]);
    stays.icu_hours.push([UNKNOWN, 0, 24, 23][dice.below(4)]);
    stays.vent_hours.push([UNKNOWN, 95, 96, 97][dice.below(4)]);
    stays.los_days.push(days);
    stays.department.push(["01", "A15", "A16", "A17"][dice.below(4)]);
    stays.med_type.push(["21", "28", "52"][dice.below(3)]);
    stays.discharge_way.push(["1", "2", "4"][[0, 1, 1, 2][dice.below(4)]]);
    let principal = ["A00.000", "M54.500", "Z51.100"][dice.below(3)];
    match dice.below(3) {
        0 => stays.diagnoses.push([principal, "J96.000", "E11.900"]),
        1 => stays.diagnoses.push([principal, "Z51.100"]),
        _ => stays.diagnoses.push([principal]),
    }
    match dice.below(3) {
        0 => stays.procedures.push([]),
        1 => stays.procedures.push(["35.0500"]),
        _ => stays.procedures.push(["38.9300", "17.4200"]),
    }
}

fn outcome(drg: &str) -> Outcome {
    let status = match drg {
        "0000" => Status::Ungroupable,
        "" => Status::Invalid,
        drg if drg.ends_with("QY") => Status::Ambiguous,
        _ => Status::Grouped,
    };
    let adrg = drg.get(..3).unwrap_or("").to_owned();
    let mdc = drg.get(..1).map(|letter| format!("MDC{letter}")).unwrap_or_default();
    Outcome { status, mdc, adrg, drg: drg.to_owned() }
}
