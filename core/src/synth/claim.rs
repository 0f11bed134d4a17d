//! One claim: a patient, a stay, a bill.

use super::city::{City, Institution, Tier};
use super::codes::CodeSet;
use super::groups::Group;
use super::pattern::{NEWBORN_DAYS, Pattern, discharge_way};
use super::plausible::Kind;
use super::random::{ONE, Random, log_normal};
use crate::claims::{Sex, UNKNOWN};
use crate::scheme::condition::{NumberField, TextField};

/// Cost of a stay of weight 1.0 in a region's average hospital.
const WEIGHT_ONE_FEN: i64 = 850_000;
/// No stay costs less.
const LEAST_FEN: i64 = 15_000;
/// Standard deviation of the logarithm of the days of stay.
const DAYS_DEVIATION: i64 = ONE * 38 / 100;
const DAYS_MAX: i64 = 150;

/// A claim, field by field. `None` and empty texts are not given.
#[derive(Clone, Debug)]
pub(super) struct Claim<'a> {
    /// Row that gives `setl_id` its number.
    pub setl: Option<u64>,
    pub mdtrt: u64,
    pub person: u64,
    /// Row of the settlement that this one takes back.
    pub reverses: Option<u64>,
    pub institution: &'a str,
    pub level: &'a str,
    pub insurance_type: &'static str,
    pub place: &'a str,
    pub sex: &'static str,
    pub age: i32,
    pub age_days: i32,
    pub birth_weight_g: i32,
    pub admission_weight_g: i32,
    pub admitted: i32,
    /// [`UNKNOWN`] when not given.
    pub discharged: i32,
    pub settled: i32,
    pub los_days: i32,
    pub department: &'a str,
    pub discharge_way: &'a str,
    pub med_type: &'a str,
    pub diagnoses: &'a str,
    /// Further secondary diagnoses.
    pub more: Vec<u32>,
    pub procedures: &'a str,
    pub writing: Writing,
    pub icu: bool,
    pub icu_hours: i32,
    pub vent_hours: i32,
    pub bill: Bill,
}

/// How codes are written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Writing {
    #[default]
    Clean,
    LowerCase,
    FullWidth,
    Blanks,
    /// Without the first code, so that the list begins with a bar.
    HeadLost,
}

/// The amounts of a claim in fen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Bill {
    pub total: Option<i64>,
    pub fund: i64,
    pub patient: i64,
    pub other: i64,
}

/// What stays the same between two stays of one person.
#[derive(Clone, Copy, Debug)]
pub(super) struct Person<'a> {
    pub number: u64,
    pub insurance_type: &'static str,
    pub place: &'a str,
    pub age: Option<i32>,
}

/// Where and why someone is in hospital.
#[derive(Clone, Copy)]
pub(super) struct Visit<'a> {
    pub institution: &'a Institution,
    pub group: &'a Group,
    pub pattern: &'a Pattern,
    /// Soon sent elsewhere.
    pub short: bool,
}

/// What does not change from claim to claim.
pub(super) struct Setting<'a> {
    pub city: &'a City,
    /// Second diagnoses that change no group, by kind of patient.
    pub companions: &'a [CodeSet; Kind::ALL.len()],
    /// Whether conditions count diagnoses, so that none may be added.
    pub diagnoses_counted: bool,
    /// Whether conditions look at the way of discharge.
    pub tests_way: bool,
}

impl<'a> Setting<'a> {
    pub(super) fn new_person(&self, number: u64, institution: &'a Institution, random: &mut Random) -> Person<'a> {
        let insurance_type = if random.chance(3_400) { "310" } else { "390" };
        let elsewhere = random.chance(800);
        let place = if elsewhere { random.pick(&self.city.places) } else { None };
        Person { number, insurance_type, place: place.unwrap_or(&institution.place), age: None }
    }

    /// A stay that begins on `admitted`, or ends on some day of `discharged`.
    pub(super) fn claim(
        &self,
        row: u64,
        person: Person<'a>,
        visit: Visit<'a>,
        when: When,
        random: &mut Random,
    ) -> Claim<'a> {
        let Visit { institution, pattern, .. } = visit;
        let picture = &pattern.picture;
        let (los_days, total) = days_and_cost(visit, random);
        let (los_days, discharged, last) = when.discharge(los_days, random);
        let number = |field: NumberField| pattern.number(field);
        let near = |field: NumberField, spread: i32, random: &mut Random| match number(field) {
            UNKNOWN => UNKNOWN,
            value => pattern.fit(field, value.saturating_add(random.between(-spread, spread))),
        };
        let age = match number(NumberField::AgeYears) {
            0 => 0,
            years => person.age.unwrap_or_else(|| {
                let spread = if years < 18 { 1 } else { 6 };
                pattern.fit(NumberField::AgeYears, years + random.between(-spread, spread)).clamp(1, 100)
            }),
        };
        let age_days = near(NumberField::AgeDays, 3, random);
        let newborn = age == 0 && age_days != UNKNOWN;
        let age_days = if newborn { age_days.clamp(0, 364) } else { UNKNOWN };
        let weighed = newborn && age_days <= NEWBORN_DAYS;
        let mut weight = |field| if weighed { near(field, 100, random).max(300) } else { UNKNOWN };
        let birth_weight_g = weight(NumberField::BirthWeightG);
        let admission_weight_g = weight(NumberField::AdmissionWeightG);
        let natural_way = if visit.short { "2" } else { discharge_way(random) };
        let way = if self.tests_way && !visit.short { picture.discharge_way.as_str() } else { natural_way };
        let extra = if self.diagnoses_counted { 0 } else { random.below(4) };
        let companions = &self.companions[Kind::of(&pattern.diagnoses) as usize];
        let mut more: Vec<u32> = (0..extra).filter_map(|_| random.pick(companions).copied()).collect();
        more.sort_unstable();
        more.dedup();
        more.retain(|code| !picture.diagnoses.contains(code));
        Claim {
            setl: Some(row),
            mdtrt: row,
            person: person.number,
            reverses: None,
            institution: &institution.code,
            level: &institution.level,
            insurance_type: person.insurance_type,
            place: person.place,
            sex: if picture.sex == Sex::Male { "1" } else { "2" },
            age,
            age_days,
            birth_weight_g,
            admission_weight_g,
            admitted: discharged - los_days,
            discharged,
            settled: (discharged + random.between(0, 2)).min(last),
            los_days,
            department: &picture.department,
            discharge_way: way,
            med_type: &picture.med_type,
            diagnoses: &pattern.diagnoses,
            more,
            procedures: &pattern.procedures,
            writing: Writing::Clean,
            icu: picture.icu,
            icu_hours: number(NumberField::IcuHours),
            vent_hours: number(NumberField::VentHours),
            bill: bill(total, person.insurance_type, institution.tier, random),
        }
    }
}

/// When a stay is, in days.
#[derive(Clone, Copy, Debug)]
pub(super) enum When {
    /// Discharged on a day from the first to the second.
    Within(i32, i32),
    /// Admitted on the first, discharged not after the second.
    From(i32, i32),
}

impl When {
    /// The days of stay, the day of discharge and the last day of the period. A stay that began within the period ends
    /// there too.
    fn discharge(self, los_days: i32, random: &mut Random) -> (i32, i32, i32) {
        match self {
            When::Within(first, last) => (los_days, random.between(first, last), last),
            When::From(admitted, last) => {
                let discharged = (admitted + los_days).min(last);
                (discharged - admitted, discharged, last)
            }
        }
    }
}

/// Days of stay and cost in fen. Both are log-normal and go together; a few stays are far off on either side.
fn days_and_cost(visit: Visit<'_>, random: &mut Random) -> (i32, i64) {
    let Visit { institution, group, pattern, short } = visit;
    let mean = WEIGHT_ONE_FEN * group.weight_e4 / 10_000 * institution.cost_percent / 100;
    let (z, own) = (random.normal(), random.normal());
    let cost = log_normal(mean, group.deviation, z);
    let mixed = (z * 6 + own * 8) / 10;
    let days = log_normal(group.days_e1, DAYS_DEVIATION, mixed) / 10;
    let (days, cost) = match random.below(1_000) {
        _ if short => (1 + random.below(3) as i64, cost * 3 / 10),
        0..15 => (days * 2, cost * (300 + random.below(500) as i64) / 100),
        15..40 => (1 + random.below(2) as i64, cost * (8 + random.below(24) as i64) / 100),
        _ => (days, cost),
    };
    let days = days.clamp(1, DAYS_MAX) as i32;
    (pattern.fit(NumberField::LosDays, days).max(0), cost.max(LEAST_FEN))
}

/// Who pays: the pooled fund above a deductible, other funds a part of heavy bills, the patient the rest.
pub(super) fn bill(total: i64, insurance_type: &str, tier: Tier, random: &mut Random) -> Bill {
    let (deductible, employee_bp, resident_bp) = match tier {
        Tier::Primary => (20_000, 9_200, 8_500),
        Tier::Secondary => (50_000, 8_800, 7_500),
        Tier::Tertiary => (90_000, 8_500, 6_500),
    };
    const HEAVY_FEN: i64 = 1_200_000;
    let share_bp = if insurance_type == "310" { employee_bp } else { resident_bp };
    let outside_bp = 300 + random.below(1_500) as i64;
    let covered = total - total * outside_bp / 10_000;
    let fund = (covered - deductible).max(0) * share_bp / 10_000;
    let rest = total - fund;
    let aided = if random.chance(400) { rest * 6 / 10 } else { 0 };
    let other = aided.max((rest - HEAVY_FEN).max(0) * 6 / 10);
    Bill { total: Some(total), fund, patient: rest - other, other }
}

/// Whether conditions look at a text field; see [`Setting::tests_way`].
pub(super) const WAY: usize = TextField::DischargeWay as usize;
