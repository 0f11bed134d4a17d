//! Claims made from cells.

use super::bits::Bits;
use super::cell::Cell;
use super::universe::{Dim, Universe};
use crate::claims::{Stays, UNKNOWN};
use crate::scheme::condition::{Comparison, Kind, NumberField};
use crate::scheme::{Level, SeverityScan};

/// A claim made up to reach a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// Places in the universe's codes, the first one first.
    codes: [Vec<usize>; 2],
    /// Places by [`Dim`].
    values: [usize; Dim::COUNT],
}

/// The members of the sets of a cell, listed once.
pub struct Maker<'a> {
    universe: &'a Universe<'a>,
    cell: &'a Cell,
    dims: [Vec<usize>; Dim::COUNT],
    /// Members of the needed sets that are not barred.
    needs: [Vec<Vec<usize>>; 2],
}

impl<'a> Maker<'a> {
    #[must_use]
    pub fn new(universe: &'a Universe<'a>, cell: &'a Cell) -> Maker<'a> {
        let dims = cell.dims.each_ref().map(|set| set.iter().collect());
        let needs = [Kind::Diagnosis, Kind::Procedure].map(|kind| {
            let free = |need: &std::sync::Arc<Bits>| need.minus(&cell.barred[kind as usize]).iter().collect();
            cell.needs[kind as usize].iter().map(free).collect()
        });
        Maker { universe, cell, dims, needs }
    }

    /// How many claims show every code of the cell once.
    #[must_use]
    pub fn variety(&self) -> usize {
        let needs = self.needs.iter().flatten().map(Vec::len);
        self.dims.iter().map(Vec::len).chain(needs).max().unwrap_or(0)
    }

    /// Claim number `at` of `of`, spread evenly over the cell; `None` when that principal diagnosis leads to none.
    #[must_use]
    pub fn claim(&self, at: usize, of: usize) -> Option<Witness> {
        let mut values = [0; Dim::COUNT];
        for (dim, members) in self.dims.iter().enumerate() {
            // Fields begin with their usual value; what a rule needs of them the cell has settled. Codes are turned.
            let turning = dim == Dim::Principal as usize || dim == Dim::MainProcedure as usize;
            values[dim] = *if turning { spread(members, at, of)? } else { members.first()? };
        }
        let diagnoses = self.diagnoses(values[Dim::Principal as usize], at, of)?;
        let procedures = self.procedures(values[Dim::MainProcedure as usize], at, of)?;
        let witness = Witness { codes: [diagnoses, procedures], values };
        self.counts_fit(&witness).then_some(witness)
    }

    fn diagnoses(&self, principal: usize, at: usize, of: usize) -> Option<Vec<usize>> {
        let (universe, cell) = (self.universe, self.cell);
        let needs = &self.needs[Kind::Diagnosis as usize];
        let fits = |code: &usize| self.other_fits(principal, *code);
        let mut others: Vec<usize> = Vec::new();
        for need in needs {
            if !others.iter().any(|other| need.binary_search(other).is_ok()) {
                others.push(*turned(need, at, of).find(|code| fits(code))?);
            }
        }
        for level in [Level::Cc, Level::Mcc] {
            let counts = |code: &usize| self.counts_as(principal, *code, level);
            if cell.severity[level as usize] == Some(true) && !others.iter().any(counts) {
                let severe = universe.with_level[level as usize].iter();
                others.push(severe.into_iter().find(|code| counts(code) && fits(code))?);
            }
        }
        self.add_regions(principal, &mut others)?;
        if principal == universe.nothing(Kind::Diagnosis) {
            return others.is_empty().then(Vec::new);
        }
        let mut diagnoses = vec![principal];
        diagnoses.append(&mut others);
        self.pad(Kind::Diagnosis, &mut diagnoses);
        // With other diagnoses beside it, the principal one may itself be scanned.
        let scanned = universe.definition.options.severity_scan == SeverityScan::All && diagnoses.len() > 1;
        let clean = !scanned || self.conforms(principal, principal);
        clean.then_some(diagnoses)
    }

    fn procedures(&self, main: usize, at: usize, of: usize) -> Option<Vec<usize>> {
        let needs = &self.needs[Kind::Procedure as usize];
        if main == self.universe.nothing(Kind::Procedure) {
            return needs.is_empty().then(Vec::new);
        }
        let mut procedures = vec![main];
        for need in needs {
            if !procedures[1..].iter().any(|other| need.binary_search(other).is_ok()) {
                procedures.push(*turned(need, at, of).next()?);
            }
        }
        self.pad(Kind::Procedure, &mut procedures);
        Some(procedures)
    }

    /// Adds diagnoses of further body regions until the comparisons with their number hold.
    fn add_regions(&self, principal: usize, others: &mut Vec<usize>) -> Option<()> {
        for (mdc, op, value, wanted) in &self.cell.regions {
            let regions = &self.universe.regions[*mdc];
            let mut more = regions.iter();
            loop {
                let hit = |region: &Bits| region.has(principal) || others.iter().any(|other| region.has(*other));
                let count = regions.iter().filter(|region| hit(region)).count();
                if op.holds(count as i32, *value) == *wanted {
                    break;
                }
                let region = more.find(|region| !hit(region))?;
                let code = region.iter().find(|code| self.other_fits(principal, *code));
                others.extend(code);
            }
        }
        Some(())
    }

    /// Strangers in place of the codes that a number of codes still lacks.
    fn pad(&self, kind: Kind, codes: &mut Vec<usize>) {
        const ENOUGH: usize = 5_000;
        let counts = || self.cell.counts.iter().filter(|(of, ..)| *of == kind);
        let limits = counts().filter_map(|(_, _, value, _)| usize::try_from(*value).ok());
        let lengths = limits.flat_map(|limit| [limit, limit + 1]).chain([codes.len()]);
        let fits = |length: &usize| {
            let holds = |op: &Comparison, value: i32| op.holds(*length as i32, value);
            (codes.len()..ENOUGH).contains(length)
                && counts().all(|(_, op, value, wanted)| holds(op, *value) == *wanted)
        };
        let length = lengths.filter(fits).min().unwrap_or(codes.len());
        codes.resize(length, self.universe.stranger(kind));
    }

    fn counts_fit(&self, witness: &Witness) -> bool {
        let counts = &self.cell.counts;
        counts
            .iter()
            .all(|(kind, op, value, wanted)| op.holds(witness.codes[*kind as usize].len() as i32, *value) == *wanted)
    }

    /// Whether a code may stand beside the principal diagnosis.
    fn other_fits(&self, principal: usize, code: usize) -> bool {
        !self.cell.barred[Kind::Diagnosis as usize].has(code) && self.conforms(principal, code)
    }

    /// Whether a scanned code brings no severity that must not be.
    fn conforms(&self, principal: usize, code: usize) -> bool {
        let unwanted = |level: Level| self.cell.severity[level as usize] == Some(false);
        ![Level::Cc, Level::Mcc].into_iter().any(|level| unwanted(level) && self.counts_as(principal, code, level))
    }

    fn counts_as(&self, principal: usize, code: usize, level: Level) -> bool {
        let universe = self.universe;
        let excluded = |group: &str| {
            let groups = universe.excluded.get(principal);
            universe.definition.options.cc_exclusion && groups.is_some_and(|groups| groups.contains(group))
        };
        let entries = universe.severe.get(code).into_iter().flatten();
        entries.into_iter().any(|(found, group)| *found == level && !excluded(group))
    }

    /// Whether every principal diagnosis of the cell counts as an MCC (or CC) that must not be.
    #[must_use]
    pub fn principal_is_severe(&self) -> Option<Level> {
        let principals = &self.dims[Dim::Principal as usize];
        [Level::Mcc, Level::Cc].into_iter().find(|level| {
            self.cell.severity[*level as usize] == Some(false)
                && self.universe.definition.options.severity_scan == SeverityScan::All
                && principals.iter().all(|principal| self.counts_as(*principal, *principal, *level))
        })
    }
}

impl Witness {
    /// Appends the claim to a batch.
    pub fn push(&self, universe: &Universe<'_>, stays: &mut Stays) {
        let person = universe.persons[self.values[Dim::Person as usize]];
        stays.setl_id.push("");
        stays.sex.push(universe.sexes[self.values[Dim::Sex as usize]]);
        stays.age_years.push(person.age_years);
        stays.age_days.push(person.age_days);
        stays.birth_weight_g.push(person.birth_weight_g);
        stays.admission_weight_g.push(person.admission_weight_g);
        stays.los_days.push(universe.los[self.values[Dim::Los as usize]]);
        stays.department.push(&universe.texts[0][self.values[Dim::Department as usize]]);
        stays.discharge_way.push(&universe.texts[1][self.values[Dim::DischargeWay as usize]]);
        stays.med_type.push(&universe.texts[2][self.values[Dim::MedType as usize]]);
        stays.icu.push(self.values[Dim::Icu as usize] as i32);
        stays.icu_hours.push(universe.icu_hours[self.values[Dim::IcuHours as usize]]);
        stays.vent_hours.push(universe.vent_hours[self.values[Dim::VentHours as usize]]);
        for (kind, list) in [(Kind::Diagnosis, &mut stays.diagnoses), (Kind::Procedure, &mut stays.procedures)] {
            list.push(self.codes[kind as usize].iter().map(|at| universe.code(kind, *at)));
        }
    }

    /// The claim's values of some number fields, as conditions.
    #[must_use]
    pub fn numbers(&self, universe: &Universe<'_>, fields: &[NumberField]) -> Vec<String> {
        let person = universe.persons[self.values[Dim::Person as usize]];
        let value = |field: NumberField| match field {
            NumberField::AgeYears => person.age_years,
            NumberField::AgeDays => person.age_days,
            NumberField::BirthWeightG => person.birth_weight_g,
            NumberField::AdmissionWeightG => person.admission_weight_g,
            NumberField::LosDays => universe.los[self.values[Dim::Los as usize]],
            NumberField::IcuHours => universe.icu_hours[self.values[Dim::IcuHours as usize]],
            NumberField::VentHours => universe.vent_hours[self.values[Dim::VentHours as usize]],
            NumberField::DiagnosisCount => self.codes[0].len() as i32,
            NumberField::ProcedureCount => self.codes[1].len() as i32,
        };
        let words = NumberField::WORDS.iter().filter(|(_, field)| fields.contains(field));
        words
            .filter(|(_, field)| value(*field) != UNKNOWN)
            .map(|(w, field)| format!("{w} == {}", value(*field)))
            .collect()
    }

    /// The claim in the words of the condition language, e.g. `pdx J18.900, other_dx I50.900, age 40, los_days 7`.
    #[must_use]
    pub fn words(&self, universe: &Universe<'_>) -> String {
        let mut words = Vec::new();
        for (kind, first, other) in [(Kind::Diagnosis, "pdx", "other_dx"), (Kind::Procedure, "main_proc", "other_proc")]
        {
            for (at, code) in self.codes[kind as usize].iter().enumerate() {
                words.push(format!("{} {}", if at == 0 { first } else { other }, universe.code(kind, *code)));
            }
        }
        let person = universe.persons[self.values[Dim::Person as usize]];
        let numbers = [
            ("age", person.age_years),
            ("age_days", person.age_days),
            ("birth_weight_g", person.birth_weight_g),
            ("los_days", universe.los[self.values[Dim::Los as usize]]),
        ];
        words.extend(numbers.iter().filter(|(_, n)| *n != UNKNOWN).map(|(name, number)| format!("{name} {number}")));
        words.join(", ")
    }
}

/// Member `at` of `of`, spread evenly over all.
fn spread(members: &[usize], at: usize, of: usize) -> Option<&usize> {
    let count = members.len();
    if count <= of { members.get(at % count.max(1)) } else { members.get(at * count / of) }
}

/// All members, beginning with the one that [`spread`] gives.
fn turned(members: &[usize], at: usize, of: usize) -> impl Iterator<Item = &usize> {
    let count = members.len();
    let start = if count <= of { at % count.max(1) } else { at * count / of };
    members[start.min(count)..].iter().chain(&members[..start.min(count)])
}
