//! All claims that the conditions of a scheme can tell apart, as a product of a few finite sets.
//!
//! A claim is a principal diagnosis, a main procedure, further codes, and a value of each field. Codes that no
//! condition names are alike, and so are numbers between two neighbouring limits: one of each stands for all.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hashbrown::HashMap;

use super::bits::Bits;
use crate::claims::{Sex, UNKNOWN};
use crate::scheme::condition::{Atom, Codes, Comparison, Condition, Kind, NumberField, TextField};
use crate::scheme::{Definition, InputCheck, Level, MissingNumber};

/// The sets a claim is chosen from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dim {
    Principal,
    MainProcedure,
    Person,
    Sex,
    Los,
    Icu,
    IcuHours,
    VentHours,
    Department,
    DischargeWay,
    MedType,
}

impl Dim {
    pub const COUNT: usize = 11;

    /// The first code of a kind.
    pub const fn first(kind: Kind) -> Dim {
        match kind {
            Kind::Diagnosis => Dim::Principal,
            Kind::Procedure => Dim::MainProcedure,
        }
    }
}

/// Age and weights, which go together: age in days and weights are known of those under one year only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    pub age_years: i32,
    pub age_days: i32,
    pub birth_weight_g: i32,
    pub admission_weight_g: i32,
}

/// An entry of a diagnosis in the table of complications.
pub type Severe = (Level, String);

/// The finite sets of one scheme.
pub struct Universe<'a> {
    pub definition: &'a Definition,
    /// Codes by [`Kind`]. The place of no code at all is [`Universe::nothing`].
    codes: [Vec<String>; 2],
    numbers: [HashMap<String, usize>; 2],
    pub persons: Vec<Person>,
    pub sexes: Vec<Sex>,
    pub los: Vec<i32>,
    pub icu_hours: Vec<i32>,
    pub vent_hours: Vec<i32>,
    /// By [`TextField`].
    pub texts: [Vec<String>; 3],
    /// Entries in the table of complications, by diagnosis.
    pub severe: Vec<Vec<Severe>>,
    /// Diagnoses with an entry of a level: CC, MCC.
    pub with_level: [Bits; 2],
    /// Exclusion groups of a principal diagnosis.
    pub excluded: Vec<BTreeSet<String>>,
    lists: BTreeMap<(String, String, Kind), Arc<Bits>>,
    mdcs: Vec<Arc<Bits>>,
    /// Codes of each list of an MDC: its body regions.
    pub regions: Vec<Vec<Arc<Bits>>>,
    valid: Arc<Bits>,
}

/// A code that stands in no table: the last of the codes of its kind.
const STRANGER: &str = "~";

impl<'a> Universe<'a> {
    #[must_use]
    pub fn new(definition: &'a Definition) -> Universe<'a> {
        let conditions = conditions(definition);
        let codes = codes(definition, &conditions);
        let numbers = codes.each_ref().map(|codes| {
            codes.iter().enumerate().map(|(at, code)| (code.clone(), at)).collect::<HashMap<String, usize>>()
        });
        let limits = Limits::of(&conditions);
        let mut universe = Universe {
            definition,
            persons: limits.persons(definition),
            sexes: match definition.options.input_check {
                InputCheck::SexGiven => vec![Sex::Male, Sex::Female, Sex::Other],
                _ => vec![Sex::Male, Sex::Female],
            },
            los: limits.points(NumberField::LosDays, 7),
            icu_hours: limits.points(NumberField::IcuHours, UNKNOWN),
            vent_hours: limits.points(NumberField::VentHours, UNKNOWN),
            texts: texts(&conditions),
            severe: vec![Vec::new(); codes[0].len()],
            with_level: [Bits::none(0), Bits::none(0)],
            excluded: vec![BTreeSet::new(); codes[0].len()],
            lists: BTreeMap::new(),
            mdcs: Vec::new(),
            regions: Vec::new(),
            valid: Arc::new(Bits::none(0)),
            codes,
            numbers,
        };
        universe.fill_sets();
        universe.fill_severity();
        universe
    }

    fn fill_sets(&mut self) {
        let definition = self.definition;
        self.valid = Arc::new(self.set(Kind::Procedure, &definition.valid_procedures));
        for mdc in &definition.mdcs {
            let regions: Vec<_> = mdc.lists.values().map(|codes| Arc::new(self.set(Kind::Diagnosis, codes))).collect();
            let all = regions.iter().fold(Bits::none(self.limit(Kind::Diagnosis)), |all, region| all.or(region));
            self.mdcs.push(Arc::new(all));
            self.regions.push(regions);
        }
        for ((adrg, list), codes) in &definition.lists {
            for kind in [Kind::Diagnosis, Kind::Procedure] {
                let set = Arc::new(self.set(kind, codes));
                self.lists.insert((adrg.clone(), list.clone(), kind), set);
            }
        }
    }

    fn fill_severity(&mut self) {
        let definition = self.definition;
        for entry in &definition.cc {
            if let Some(&at) = self.numbers[0].get(&entry.code) {
                self.severe[at].push((entry.level, entry.group.clone()));
            }
        }
        for (pdx, groups) in &definition.exclusions {
            if let Some(&at) = self.numbers[0].get(pdx) {
                self.excluded[at].extend(groups.iter().cloned());
            }
        }
        self.with_level = [Level::Cc, Level::Mcc].map(|level| {
            let severe = self.severe.iter().enumerate();
            let of_level = severe.filter(|(_, entries)| entries.iter().any(|(found, _)| *found == level));
            Bits::of(self.limit(Kind::Diagnosis), of_level.map(|(at, _)| at))
        });
    }

    /// How many members a set has at most.
    #[must_use]
    pub fn size(&self, dim: Dim) -> usize {
        match dim {
            Dim::Principal => self.limit(Kind::Diagnosis),
            Dim::MainProcedure => self.limit(Kind::Procedure),
            Dim::Person => self.persons.len(),
            Dim::Sex => self.sexes.len(),
            Dim::Los => self.los.len(),
            Dim::Icu => 2,
            Dim::IcuHours => self.icu_hours.len(),
            Dim::VentHours => self.vent_hours.len(),
            Dim::Department => self.texts[0].len(),
            Dim::DischargeWay => self.texts[1].len(),
            Dim::MedType => self.texts[2].len(),
        }
    }

    /// All codes of a kind, the stranger, and the place that stands for no code.
    #[must_use]
    pub fn limit(&self, kind: Kind) -> usize {
        self.codes[kind as usize].len() + 1
    }

    /// The place that stands for no code of the kind at all.
    #[must_use]
    pub fn nothing(&self, kind: Kind) -> usize {
        self.codes[kind as usize].len()
    }

    /// The place of a code that stands in no table.
    #[must_use]
    pub fn stranger(&self, kind: Kind) -> usize {
        self.codes[kind as usize].len() - 1
    }

    #[must_use]
    pub fn code(&self, kind: Kind, at: usize) -> &str {
        &self.codes[kind as usize][at]
    }

    /// Whether a principal diagnosis may be missing.
    #[must_use]
    pub fn may_lack_diagnosis(&self) -> bool {
        self.definition.options.input_check != InputCheck::SexAndDiagnosis
    }

    /// The codes as a set. Codes of the other kind are left out: they match nothing.
    #[must_use]
    pub fn set<'c>(&self, kind: Kind, codes: impl IntoIterator<Item = &'c String>) -> Bits {
        let numbers = &self.numbers[kind as usize];
        Bits::of(self.limit(kind), codes.into_iter().filter_map(|code| numbers.get(code).copied()))
    }

    /// The set that codes of a condition mean, at an ADRG and an MDC.
    #[must_use]
    pub fn resolve(&self, kind: Kind, codes: &Codes, adrg: &str, mdc: usize) -> Arc<Bits> {
        match codes {
            Codes::Mdc => self.mdcs[mdc].clone(),
            Codes::Valid => self.valid.clone(),
            Codes::List(list) => match self.lists.get(&(adrg.to_owned(), list.clone(), kind)) {
                Some(set) => set.clone(),
                None => Arc::new(Bits::none(self.limit(kind))),
            },
            Codes::These(codes) => Arc::new(self.set(kind, codes)),
            Codes::StartsWith(prefix) => {
                let known = self.codes[kind as usize].iter().enumerate();
                let begun = known.filter(|(_, code)| code.starts_with(prefix.as_str())).map(|(at, _)| at);
                Arc::new(Bits::of(self.limit(kind), begun))
            }
        }
    }

    /// The members of a dimension with a number that compares so.
    #[must_use]
    pub fn compared(&self, field: NumberField, op: Comparison, value: i32) -> Option<(Dim, Bits)> {
        let persons = |number: fn(&Person) -> i32| {
            let weight = matches!(field, NumberField::BirthWeightG | NumberField::AdmissionWeightG);
            let fits = |person: &Person| self.fits(number(person), weight, op, value);
            let fitting = self.persons.iter().enumerate().filter(|(_, person)| fits(person)).map(|(at, _)| at);
            (Dim::Person, Bits::of(self.persons.len(), fitting))
        };
        let points = |dim: Dim, points: &[i32]| {
            let fitting = points.iter().enumerate().filter(|(_, point)| self.fits(**point, false, op, value));
            (dim, Bits::of(points.len(), fitting.map(|(at, _)| at)))
        };
        Some(match field {
            NumberField::AgeYears => persons(|person| person.age_years),
            NumberField::AgeDays => persons(|person| person.age_days),
            NumberField::BirthWeightG => persons(|person| person.birth_weight_g),
            NumberField::AdmissionWeightG => persons(|person| person.admission_weight_g),
            NumberField::LosDays => points(Dim::Los, &self.los),
            NumberField::IcuHours => points(Dim::IcuHours, &self.icu_hours),
            NumberField::VentHours => points(Dim::VentHours, &self.vent_hours),
            NumberField::DiagnosisCount | NumberField::ProcedureCount => return None,
        })
    }

    /// Whether a number compares so, with what the scheme makes of missing ones.
    fn fits(&self, number: i32, weight: bool, op: Comparison, value: i32) -> bool {
        let missing = number == UNKNOWN || (weight && number == 0);
        match (missing, self.definition.options.missing_number) {
            (true, MissingNumber::Unknown) => false,
            (true, MissingNumber::Zero) => op.holds(0, value),
            (false, _) => op.holds(number, value),
        }
    }
}

/// Every condition of the scheme.
fn conditions(definition: &Definition) -> Vec<&Condition> {
    let mdcs = definition.mdcs.iter().map(|mdc| &mdc.condition);
    let rules = definition.rules.iter().map(|rule| &rule.condition);
    mdcs.chain(rules).chain(definition.drgs.iter().map(|drg| &drg.condition)).collect()
}

/// All codes that a condition can tell from others, and one stranger of each kind.
fn codes(definition: &Definition, conditions: &[&Condition]) -> [Vec<String>; 2] {
    let mut diagnoses: BTreeSet<&str> = BTreeSet::new();
    let mut procedures: BTreeSet<&str> = definition.valid_procedures.iter().map(String::as_str).collect();
    diagnoses.extend(definition.mdcs.iter().flat_map(|mdc| mdc.lists.values().flatten()).map(String::as_str));
    diagnoses.extend(definition.cc.iter().map(|entry| entry.code.as_str()));
    diagnoses.extend(definition.exclusions.keys().map(String::as_str));
    let mut kinds: BTreeMap<(&str, &str), BTreeSet<Kind>> = BTreeMap::new();
    let (rules, drgs) = (definition.rules.iter(), definition.drgs.iter());
    let of_adrg = rules.map(|r| (r.adrg.as_str(), &r.condition)).chain(drgs.map(|d| (d.adrg.as_str(), &d.condition)));
    for (adrg, condition) in of_adrg {
        for atom in condition.atoms() {
            if let Atom::Codes(of, Codes::List(list)) = atom {
                kinds.entry((adrg, list)).or_default().insert(of.kind);
            }
        }
    }
    for ((adrg, list), kinds) in kinds {
        for kind in kinds {
            let to = if kind == Kind::Diagnosis { &mut diagnoses } else { &mut procedures };
            to.extend(definition.list(adrg, list).into_iter().flatten().map(String::as_str));
        }
    }
    for atom in conditions.iter().flat_map(|condition| condition.atoms()) {
        let Atom::Codes(of, codes) = atom else { continue };
        let to = if of.kind == Kind::Diagnosis { &mut diagnoses } else { &mut procedures };
        match codes {
            Codes::These(codes) => to.extend(codes.iter().map(String::as_str)),
            // A code that begins so and stands in no table: the beginning itself.
            Codes::StartsWith(prefix) => drop(to.insert(prefix)),
            _ => {}
        }
    }
    [diagnoses, procedures].map(|codes| {
        let known = codes.into_iter().filter(|code| *code != STRANGER).map(str::to_owned);
        known.chain([STRANGER.to_owned()]).collect()
    })
}

/// The words conditions ask for, one that none asks for, and none.
fn texts(conditions: &[&Condition]) -> [Vec<String>; 3] {
    let mut found: [BTreeSet<&str>; 3] = Default::default();
    for atom in conditions.iter().flat_map(|condition| condition.atoms()) {
        if let Atom::Text(field, words) = atom {
            found[*field as usize].extend(words.iter().map(String::as_str));
        }
    }
    const { assert!(TextField::WORDS.len() == 3) };
    found.map(|words| std::iter::once("").chain(words).map(str::to_owned).collect())
}

/// The numbers that conditions compare with.
struct Limits(BTreeMap<NumberField, BTreeSet<i32>>);

impl Limits {
    fn of(conditions: &[&Condition]) -> Limits {
        let mut limits: BTreeMap<NumberField, BTreeSet<i32>> = BTreeMap::new();
        for atom in conditions.iter().flat_map(|condition| condition.atoms()) {
            if let Atom::Number(field, _, value) = atom {
                limits.entry(*field).or_default().insert(*value);
            }
        }
        Limits(limits)
    }

    /// A usual value, a missing one, and each limit with its neighbours.
    fn points(&self, field: NumberField, usual: i32) -> Vec<i32> {
        let limits = self.0.get(&field).into_iter().flatten();
        let around = limits.flat_map(|limit| [limit.saturating_sub(1), *limit, limit.saturating_add(1)]);
        let around: BTreeSet<i32> = around.filter(|point| *point >= 0).chain([0]).collect();
        let mut points = vec![usual];
        points.extend(around.into_iter().chain([UNKNOWN]).filter(|point| *point != usual));
        points
    }

    fn persons(&self, definition: &Definition) -> Vec<Person> {
        let lax = definition.options.input_check != InputCheck::Full;
        let mut persons = Vec::new();
        for age_years in self.points(NumberField::AgeYears, 40) {
            if age_years != 0 && (age_years != UNKNOWN || lax) {
                let of_age = |age_years| Person {
                    age_years,
                    age_days: UNKNOWN,
                    birth_weight_g: UNKNOWN,
                    admission_weight_g: UNKNOWN,
                };
                persons.push(of_age(age_years));
            }
        }
        let days = self.points(NumberField::AgeDays, 10);
        let weights = self.points(NumberField::BirthWeightG, 3_200);
        let admission = match self.0.contains_key(&NumberField::AdmissionWeightG) {
            true => self.points(NumberField::AdmissionWeightG, 3_200),
            false => vec![UNKNOWN],
        };
        for &age_days in days.iter().filter(|days| **days <= 365 && (**days != UNKNOWN || lax)) {
            // A weight of 0 is as good as unknown, and passes every input check.
            for &birth_weight_g in weights.iter().filter(|weight| **weight != UNKNOWN) {
                for &admission_weight_g in &admission {
                    persons.push(Person { age_years: 0, age_days, birth_weight_g, admission_weight_g });
                }
            }
        }
        persons
    }
}
