//! Recognition worked out by hand.

mod caps;
mod guards;
mod laws;
mod naive;
mod switches;

use std::collections::BTreeSet;

use super::*;
use crate::policy::{MemoryFiles, PolicyPart, open_part};
use crate::problem::Problems;

/// Days since 1970-01-01 of 2026-03-01.
pub const MARCH: i32 = 20_513;

/// A pack of a city whose items are CT (240.01 yuan at 三级, 200.00 at 二级) and US (80.00 everywhere).
pub const PACK: &str = r#"
id = "city"
title = "city"
place = "city"
valid_from = 2026-01-01
status = "in_force"
extends = "base"

[[source]]
id = "law"
document = "law"

[rules.recognition_share]
kind = "recognition_share.fixed"
share = 0.5
source = "law"
article = "16"

[rules.institutions]
kind = "institutions.register"
placeholder = "test"
table = [
    { fixmedins_code = "A", hosp_lv = "三级", county = "one", consortium = "east" },
    { fixmedins_code = "B", hosp_lv = "二级", county = "one", consortium = "east" },
    { fixmedins_code = "B2", hosp_lv = "二级", county = "one" },
    { fixmedins_code = "C", hosp_lv = "二级", county = "two" },
]

[rules.recognition_items]
kind = "recognition_items.table"
placeholder = "test"
table = [
    { item_code = "CT" },
    { item_code = "US", days = 7 },
]

[rules.recognition_prices]
kind = "recognition_prices.table"
placeholder = "test"
table = [
    { item_code = "CT", hosp_lv = "三级", price = 240.01 },
    { item_code = "CT", hosp_lv = "二级", price = 180, valid_to = 2026-03-15 },
    { item_code = "CT", hosp_lv = "二级", price = 200, valid_from = 2026-03-16 },
    { item_code = "US", price = 80 },
]
"#;

/// The pack with rules changed or added; a rule given again stands in place of the first.
pub fn part_of(changes: &str) -> Result<Vec<PolicyPart>, Problems> {
    let changed: BTreeSet<&str> = changes.lines().filter(|line| line.starts_with("[rules.")).collect();
    let mut text = String::new();
    let mut skip = false;
    for line in PACK.lines() {
        if line.starts_with('[') {
            skip = changed.contains(line);
        }
        if !skip {
            text += line;
            text += "\n";
        }
    }
    let files = MemoryFiles::default().with("city.toml", &(text + changes));
    let bundle = open_part(&["city.toml".to_owned()], &files, &FAMILIES)?;
    bundle.parts(&[], &Rules::needed()).map(|(parts, _)| parts)
}

/// B recognised on 20 March a CT that A reported on 10 March.
pub fn record(id: &str) -> Record {
    Record {
        id: id.to_owned(),
        person: "P".to_owned(),
        insutype: "390".to_owned(),
        visit: "V".to_owned(),
        med_type: "11".to_owned(),
        item: "CT".to_owned(),
        recogniser: "B".to_owned(),
        issuer: "A".to_owned(),
        report: format!("R{id}"),
        reported: Moment { day: MARCH + 9, second: None },
        recognised: Moment { day: MARCH + 19, second: Some(36_000) },
        accepted: true,
        quality: Some(true),
        ..Record::default()
    }
}

/// What came of some records: amounts by id, and codes of refusals by id.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Came {
    pub paid: Vec<(String, i64)>,
    pub refused: Vec<(String, &'static str)>,
    pub total_fen: i64,
}

pub struct World<'a> {
    pub records: &'a [Record],
    pub tests: &'a [Test],
    pub earlier: &'a [Earlier],
    pub drg_paid: &'a [&'a str],
}

impl<'a> World<'a> {
    pub fn of(records: &'a [Record]) -> World<'a> {
        World { records, tests: &[], earlier: &[], drg_paid: &[] }
    }

    /// What comes of March 2026 under the pack with `changes`.
    pub fn with<T>(&self, changes: &str, see: impl FnOnce(&Recognised<'_>, &[Rules<'_>]) -> T) -> Result<T, Problems> {
        let parts = part_of(changes)?;
        let packs = parts.iter().map(Rules::of).collect::<Result<Vec<_>, _>>()?;
        let drg_paid = self.drg_paid.iter().map(|id| (*id).to_owned()).collect();
        let input = Input {
            period: "2026-03".parse().unwrap(),
            records: self.records,
            tests: self.tests,
            earlier: self.earlier,
            drg_paid: &drg_paid,
        };
        recognise(&input, &packs).map(|recognised| see(&recognised, &packs))
    }

    pub fn came(&self, changes: &str) -> Came {
        self.with(changes, |recognised, _| Came {
            paid: recognised.paid.iter().map(|line| (line.record.id.clone(), line.amount_fen)).collect(),
            refused: (recognised.refused.iter())
                .map(|refused| (refused.record.id.clone(), refused.reason.problem().entry.code))
                .collect(),
            total_fen: recognised.total_fen,
        })
        .unwrap()
    }

    /// The code of the problem that stops the run.
    pub fn stopped(&self, changes: &str) -> &'static str {
        self.with(changes, |_, _| ()).unwrap_err().0[0].entry.code
    }
}

/// The code of the reason that one record is refused for; empty when it is paid.
pub fn refused(record: Record, changes: &str) -> &'static str {
    World::of(&[record]).came(changes).refused.first().map_or("", |(_, code)| code)
}

/// What one record is paid.
pub fn paid(record: Record, changes: &str) -> i64 {
    let came = World::of(&[record]).came(changes);
    assert_eq!(came.refused, []);
    came.paid[0].1
}
