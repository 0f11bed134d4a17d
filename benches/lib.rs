//! What several benches share: claims of a stated shape, drawn from the tables of a scheme.

mod frames;
mod money;
mod naive;

use std::path::PathBuf;

use dianzhi::claims::{Sex, Stays, UNKNOWN};
use dianzhi::scheme::Definition;

pub use frames::{frame, group_frames};
pub use money::{claims, policy};
pub use naive::{Naive, Record, records};

/// A scheme to measure with: those of the reference data where they are, else the demonstration scheme.
///
/// # Panics
/// When a scheme cannot be read.
#[must_use]
pub fn scheme(name: &str) -> Definition {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let shared = std::env::var_os("DIANZHI_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    let real = shared.join("schemes").join(name);
    let path = if real.exists() { real } else { root.join("fixtures/demo_scheme") };
    Definition::read(&path).expect("the scheme can be read").0
}

/// A small generator of random numbers (SplitMix64): the same claims in every run.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % limit as u64) as usize
    }
}

/// Claims of adults with this many diagnoses and procedures. The principal diagnosis and the main procedure come from
/// the lists of one ADRG; a third of the secondary diagnoses are CC or MCC.
#[must_use]
pub fn stays(scheme: &Definition, count: usize, diagnoses: usize, procedures: usize) -> Stays {
    let mut random = Random(7);
    let all: Vec<&str> = scheme.mdcs.iter().flat_map(|mdc| mdc.lists.values().flatten()).map(String::as_str).collect();
    let adrgs: Vec<(&[String], Option<&[String]>)> = scheme
        .rules
        .iter()
        .filter_map(|rule| {
            let medical = scheme.list(&rule.adrg, "D1");
            let surgical = scheme.list(&rule.adrg, "P1");
            medical.or_else(|| scheme.mdcs[rule.mdc].lists.values().next().map(Vec::as_slice)).map(|d| (d, surgical))
        })
        .collect();
    let mut stays = Stays::default();
    for at in 0..count {
        let (principal, main) = adrgs[random.below(adrgs.len())];
        stays.setl_id.push(&format!("S{at:09}"));
        stays.sex.push(if random.below(2) == 0 { Sex::Male } else { Sex::Female });
        stays.age_years.push(1 + random.below(90) as i32);
        for unknown in [&mut stays.age_days, &mut stays.birth_weight_g, &mut stays.admission_weight_g] {
            unknown.push(UNKNOWN);
        }
        for unknown in [&mut stays.icu, &mut stays.icu_hours, &mut stays.vent_hours] {
            unknown.push(UNKNOWN);
        }
        stays.los_days.push(1 + random.below(30) as i32);
        stays.department.push("0301");
        stays.discharge_way.push("1");
        stays.med_type.push("21");
        for place in 0..diagnoses {
            stays.diagnoses.push_item(match place {
                0 => &principal[random.below(principal.len())],
                _ if random.below(3) == 0 => &scheme.cc[random.below(scheme.cc.len())].code,
                _ => all[random.below(all.len())],
            });
        }
        stays.diagnoses.end_row();
        for place in 0..procedures {
            stays.procedures.push_item(match main {
                Some(main) if place == 0 => &main[random.below(main.len())],
                _ => &scheme.valid_procedures[random.below(scheme.valid_procedures.len())],
            });
        }
        stays.procedures.end_row();
    }
    stays
}
