//! The institutions that claims come from.

use super::random::{Random, trait_of};
use crate::problem::catalogue::synth as codes;
use crate::problem::{Problem, Problems};
use crate::scheme::RawTable;

/// The demonstration city.
const DEMO: &[u8] = include_bytes!("../../../fixtures/demo_city/institutions.csv");

/// How large a hospital is, whatever its level is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tier {
    Primary,
    Secondary,
    Tertiary,
}

impl Tier {
    pub(super) const ALL: [Tier; 3] = [Tier::Primary, Tier::Secondary, Tier::Tertiary];

    /// By the first word or digit that tells: 三级甲等, 3A, 县二级, 一级, 乡镇, 社区.
    fn of_level(level: &str) -> Option<Tier> {
        level.chars().find_map(|c| match c {
            '三' | '3' | 'Ⅲ' => Some(Tier::Tertiary),
            '二' | '2' | 'Ⅱ' => Some(Tier::Secondary),
            '一' | '1' | 'Ⅰ' | '乡' | '社' | '未' | '无' => Some(Tier::Primary),
            _ => None,
        })
    }
}

/// An institution of the register.
#[derive(Clone, Debug)]
pub(super) struct Institution {
    pub code: String,
    pub level: String,
    pub tier: Tier,
    /// Place of insurance of most of its patients.
    pub place: String,
    /// Cost level in percent of the region's.
    pub cost_percent: i64,
}

/// The institutions of a region.
#[derive(Clone, Debug)]
pub struct City {
    pub(super) institutions: Vec<Institution>,
    /// Running totals of their sizes.
    sizes: Vec<u64>,
    /// Running totals over institutions larger than the primary ones, for transfers; 0 adds for the others.
    larger: Vec<u64>,
    pub(super) places: Vec<String>,
}

impl City {
    /// The 24 institutions of the demonstration city.
    #[must_use]
    pub fn demo() -> City {
        let table = RawTable::from_csv("institutions.csv", DEMO).expect("Invariant: the embedded register is a table");
        City::from_table(&table).expect("Invariant: the embedded register is complete")
    }

    /// Reads a register: `fixmedins_code`, `level` (or `hosp_lv`) and, when there are any, `beds`. The place of
    /// insurance is the six digits after the first letter of the code.
    pub fn from_table(table: &RawTable) -> Result<City, Problems> {
        let [code] = table.columns(["fixmedins_code"])?;
        let level = match table.column("level").or_else(|| table.column("hosp_lv")) {
            Some(level) => level,
            None => table.columns(["level"])?[0],
        };
        let beds = table.column("beds");
        let mut problems = Problems::new();
        let mut city = City { institutions: Vec::new(), sizes: Vec::new(), larger: Vec::new(), places: Vec::new() };
        let (mut size_total, mut larger_total) = (0, 0);
        for row in &table.rows {
            let Some(tier) = Tier::of_level(&row.cells[level]) else {
                problems.push(table.problem(&codes::UNKNOWN_TIER, row, level).with("level", &row.cells[level]));
                continue;
            };
            let code = row.cells[code].clone();
            let stated = beds.filter(|beds| !row.cells[*beds].is_empty());
            let size = match stated.map(|beds| (beds, row.cells[beds].parse::<u32>())) {
                None => likely_beds(tier, &code),
                Some((_, Ok(size))) => u64::from(size),
                Some((beds, Err(_))) => {
                    problems.push(table.problem(&codes::NOT_BEDS, row, beds).with("value", &row.cells[beds]));
                    continue;
                }
            };
            size_total += size;
            larger_total += if tier == Tier::Primary { 0 } else { size };
            city.sizes.push(size_total);
            city.larger.push(larger_total);
            let place: String = code.chars().skip(1).take(6).filter(char::is_ascii_digit).collect();
            if !city.places.contains(&place) {
                city.places.push(place.clone());
            }
            let (usual, spread) = match tier {
                Tier::Primary => (68, 17),
                Tier::Secondary => (90, 19),
                Tier::Tertiary => (110, 23),
            };
            let cost_percent = usual - spread / 2 + trait_of(&code, 5) % spread;
            let (level, cost_percent) = (row.cells[level].clone(), cost_percent as i64);
            city.institutions.push(Institution { code, level, tier, place, cost_percent });
        }
        if !problems.has_errors() && size_total == 0 {
            problems.push(Problem::new(&codes::NO_INSTITUTION).file(table.file.clone()));
        }
        problems.or(city).map(|(city, _)| city)
    }

    /// Codes of the institutions, in the order of the register.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.institutions.iter().map(|institution| institution.code.as_str())
    }

    pub(super) fn draw(&self, random: &mut Random) -> &Institution {
        &self.institutions[random.weighted(&self.sizes)]
    }

    /// An institution that takes patients over.
    pub(super) fn draw_larger(&self, random: &mut Random) -> &Institution {
        let none = self.larger.last() == Some(&0);
        &self.institutions[random.weighted(if none { &self.sizes } else { &self.larger })]
    }
}

fn likely_beds(tier: Tier, code: &str) -> u64 {
    let (low, spread) = match tier {
        Tier::Primary => (20, 61),
        Tier::Secondary => (120, 481),
        Tier::Tertiary => (700, 901),
    };
    low + trait_of(code, 4) % spread
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_register_is_refused_with_reasons() {
        let read = |text: &str| City::from_table(&RawTable::from_csv("r.csv", text.as_bytes()).unwrap());
        let codes = |text: &str| -> Vec<&str> { read(text).unwrap_err().0.iter().map(|p| p.entry.code).collect() };
        assert_eq!(codes("fixmedins_code,level,beds\nH1,甲,1\nH2,三级,many\n"), ["Y001", "Y002"]);
        assert_eq!(codes("fixmedins_code,level\n"), ["Y003"]);
        assert_eq!(codes("fixmedins_code,level,beds\nH1,二级,0\n"), ["Y003"]);
        assert_eq!(codes("fixmedins_code\nH1\n"), ["S002"]);
        assert_eq!(City::demo().codes().count(), 24);
    }

    #[test]
    fn patients_are_handed_on_to_larger_hospitals_only() {
        let city = City::demo();
        let mut random = Random::new(1, 1);
        assert!((0..1_000).all(|_| city.draw_larger(&mut random).tier != Tier::Primary));
    }
}
