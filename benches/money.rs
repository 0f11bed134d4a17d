//! What claims cost, and a pack that prices them.

use dianzhi::claims::{Claims, Stays, UNKNOWN};
use dianzhi::grouper::Grouper;
use dianzhi::policy::{MemoryFiles, PolicySet, open};

use crate::Random;

const LEVELS: [&str; 3] = ["三级", "二级", "一级"];

/// A weight from 0.20 to 1.80, in hundredths, for the group at a place: 1 on average, as weights are, so that a bill of
/// what its weight stands for is normal.
const fn weight_e2(group: usize) -> usize {
    20 + group * 37 % 161
}

/// A pack for two pools, three levels of coefficients and outliers on both sides, with a weight for every group of a
/// scheme; what it does not say is of the base pack.
///
/// # Panics
/// When the pack is not valid.
#[must_use]
pub fn policy(grouper: &Grouper) -> PolicySet {
    let groups = grouper.outcomes().iter().enumerate().filter(|(_, outcome)| !outcome.mdc.is_empty());
    let weight = |(at, outcome): (usize, &dianzhi::grouper::Outcome)| {
        let e2 = weight_e2(at);
        format!("{{ drg = \"{}\", weight = {}.{:02} }}", outcome.drg, e2 / 100, e2 % 100)
    };
    let mut weights: Vec<String> = groups.map(weight).collect();
    weights.sort_unstable();
    weights.dedup_by_key(|row| row.split('"').nth(1).unwrap_or_default().to_owned());
    let pack = format!(
        "id = \"bench\"\ntitle = \"bench\"\nplace = \"bench\"\nvalid_from = 2020-01-01\nstatus = \"in_force\"\n\
         extends = \"base\"\n[rules.weights]\nkind = \"weights.table\"\nplaceholder = \"b\"\ntable = [{}]\n\
         [rules.budget]\nkind = \"budget.table\"\nplaceholder = \"b\"\ntable = [\
         {{ period = \"2026\", pool = \"310\", fund_budget = 4000000000 }}, \
         {{ period = \"2026\", pool = \"390\", fund_budget = 4000000000 }}]\n\
         [rules.level]\nkind = \"coefficient.level\"\nplaceholder = \"b\"\n\
         levels = {{ \"三级\" = 1.1, \"二级\" = 1, \"一级\" = 0.85 }}\n\
         [rules.high_line]\nkind = \"high_line.flat\"\nratio = 2.5\nequal = \"normal\"\nplaceholder = \"b\"\n",
        weights.join(", ")
    );
    let files = MemoryFiles::default().with("bench.toml", &pack);
    let bundle = open(&["bench.toml".to_owned()], &files).expect("the pack can be read");
    bundle.compile(&[]).expect("the pack is valid").0
}

/// The claims of stays: institutions of three levels, two insurance types, days of one year, and a bill around what the
/// weight of the group stands for, one in twenty an outlier on either side.
#[must_use]
pub fn claims(grouper: &Grouper, stays: Stays, institutions: usize) -> Claims {
    let mut random = Random(11);
    let grouped = grouper.group(&stays, false);
    let mut claims = Claims::default();
    for outcome in grouped.outcomes {
        let institution = random.below(institutions);
        let spread = match random.below(40) {
            0 => 10 + random.below(20),
            1 => 280 + random.below(300),
            _ => 60 + random.below(120),
        };
        let total = (weight_e2(outcome.into()) * 10_000 * spread / 100 + random.below(100)) as i64;
        claims.institution.push(&format!("H5119020{institution:04}"));
        claims.hospital_level.push(LEVELS[institution % 3]);
        claims.insurance_type.push(["310", "390"][random.below(2)]);
        claims.discharged.push(20_500 + random.below(350) as i32);
        claims.settled.push(20_500 + random.below(350) as i32);
        claims.admitted.push(UNKNOWN);
        claims.total_fen.push(total);
        claims.fund_fen.push(total - total * 3 / 10);
        claims.patient_fen.push(total * 3 / 10);
        claims.other_fund_fen.push(0);
    }
    Claims { stays, ..claims }
}
