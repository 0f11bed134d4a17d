//! Weights of small worlds, worked out by hand.

mod adjusting;
mod laws;
mod naive;
mod trimming;
mod weighing;

use super::*;
use crate::claims::{Claims, Stays};
use crate::grouper::{Grouped, Outcome, Status};

/// `(setl_id, institution, level, number of the outcome, day, cost in fen, days)`
pub type Row<'a> = (&'a str, &'a str, &'a str, u16, i32, i64, i32);

/// Days since 1970-01-01 of the first of January.
pub const Y2023: i32 = 19_358;
pub const Y2024: i32 = 19_723;
pub const Y2025: i32 = 20_089;

pub fn claims(rows: &[Row<'_>]) -> (Claims, Grouped) {
    let mut claims = Claims { stays: Stays::default(), ..Claims::default() };
    let mut outcomes = Vec::new();
    for &(id, institution, level, outcome, day, cost, days) in rows {
        claims.stays.setl_id.push(id);
        claims.stays.los_days.push(days);
        claims.institution.push(institution);
        claims.hospital_level.push(level);
        claims.discharged.push(day);
        claims.total_fen.push(cost);
        outcomes.push(outcome);
    }
    (claims, Grouped { outcomes })
}

/// 0 AA11, 1 AA15, 2 BB11, 3 CC11, 4 ungroupable.
pub fn outcomes() -> Vec<Outcome> {
    let outcome = |status, drg: &str| Outcome {
        status,
        mdc: "MDC".to_owned() + &drg[..1],
        adrg: drg[..3].to_owned(),
        drg: drg.to_owned(),
    };
    let groups = ["AA11", "AA15", "BB11", "CC11"].map(|drg| outcome(Status::Grouped, drg));
    groups.into_iter().chain([outcome(Status::Ungroupable, "0000")]).collect()
}

/// One year, no exclusion, no trimming, whatever there is counts.
pub fn plan() -> Plan {
    Plan {
        years: Years { shares: [(2025, 1)].into(), date: YearOf::Discharge, combine: Combine::Means },
        exclusions: Vec::new(),
        trims: Vec::new(),
        formula: Formula { scale: 100, unit: Unit::Weight, pool: PoolOf::Kept, spread: Spread::Sample },
        stability: Stability { min_cases: 5, max_cv_e6: 1_000_000, unstable: Centre::Mean },
        few: Few { below: 1, then: Vec::new() },
        previous: None,
        adjustment: None,
        level: None,
        institution: None,
        levels: LevelsFrom::Claims([].into()),
    }
}

pub fn weighed(rows: &[Row<'_>], plan: &Plan) -> Weighed {
    let (claims, grouped) = claims(rows);
    weigh(&claims, &grouped, &outcomes(), plan).unwrap().0
}

/// Values in ten-thousandths by group.
pub fn values(weighed: &Weighed) -> Vec<(&str, Option<i64>)> {
    weighed.groups.iter().map(|group| (group.group.drg.as_str(), group.value_e4)).collect()
}
