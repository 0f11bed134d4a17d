//! Clinical pictures: what a claim says of a patient, drawn from a recipe. Whether a picture really leads to the group
//! it was drawn for is for the grouper to say.

use super::codes::{CodeBook, CodeSet, conditions, holds};
use super::plausible::{sex_of, suits};
use super::random::Random;
use super::recipe::{Recipe, Wanted};
use crate::claims::{Sex, Stays, UNKNOWN};
use crate::scheme::Definition;
use crate::scheme::condition::{Atom, Comparison, NumberField, Reach, TextField};

const NUMBERS: usize = NumberField::WORDS.len();
/// Days of a year: the day count of an infant stays below.
const INFANT_DAYS: i32 = 364;
/// A newborn is at most so many days old.
pub(super) const NEWBORN_DAYS: i32 = 28;

/// Which fields the conditions of a scheme look at, and where their answers change.
pub(super) struct Tests {
    /// For each number field, the values at which some comparison changes its answer.
    cuts: [Vec<i32>; NUMBERS],
    pub texts: [bool; 3],
    pub icu: bool,
}

impl Tests {
    pub(super) fn of(scheme: &Definition) -> Tests {
        let mut tests = Tests { cuts: std::array::from_fn(|_| Vec::new()), texts: [false; 3], icu: false };
        for atom in conditions(scheme).flat_map(|condition| condition.atoms()) {
            match atom {
                Atom::Number(field, comparison, value) => {
                    let after = value.saturating_add(1);
                    let cuts = &mut tests.cuts[*field as usize];
                    match comparison {
                        Comparison::Less | Comparison::GreaterOrEqual => cuts.push(*value),
                        Comparison::LessOrEqual | Comparison::Greater => cuts.push(after),
                        Comparison::Equal => cuts.extend([*value, after]),
                    }
                }
                Atom::Text(field, _) => tests.texts[*field as usize] = true,
                Atom::Icu => tests.icu = true,
                _ => {}
            }
        }
        // Days of life and birth weight go with the first year and the first month, whatever a scheme asks.
        tests.cuts[NumberField::AgeYears as usize].push(1);
        tests.cuts[NumberField::AgeDays as usize].push(NEWBORN_DAYS + 1);
        tests.cuts.iter_mut().for_each(|cuts| cuts.sort_unstable());
        tests
    }

    pub(super) fn number(&self, field: NumberField) -> bool {
        !self.cuts[field as usize].is_empty()
    }

    /// The values around `value` for which every comparison has the same answer.
    fn cell(&self, field: NumberField, value: i32) -> (i32, i32) {
        let cuts = &self.cuts[field as usize];
        let above = cuts.partition_point(|cut| *cut <= value);
        let low = above.checked_sub(1).map_or(i32::MIN, |at| cuts[at]);
        let high = cuts.get(above).map_or(i32::MAX, |cut| cut - 1);
        (low, high)
    }
}

/// What a claim says of a patient.
#[derive(Clone, Debug)]
pub(super) struct Picture {
    pub diagnoses: Vec<u32>,
    pub procedures: Vec<u32>,
    pub sex: Sex,
    /// By number field; [`UNKNOWN`] when not given.
    pub numbers: [i32; NUMBERS],
    pub department: String,
    pub discharge_way: String,
    pub med_type: String,
    pub icu: bool,
}

/// Draws a picture, or `None` when the draw led nowhere.
pub(super) fn draw(book: &CodeBook<'_>, recipe: &Recipe, tests: &Tests, random: &mut Random) -> Option<Picture> {
    let diagnoses = draw_diagnoses(book, recipe, random)?;
    let procedures = draw_procedures(book, recipe, random)?;
    let chapter = book.text(diagnoses[0]).as_bytes().first().copied().unwrap_or_default();
    let by_chance = if random.chance(5_200) { Sex::Male } else { Sex::Female };
    let sex = recipe.sex.or_else(|| sex_of(book.text(diagnoses[0]))).unwrap_or(by_chance);
    let mut numbers = [UNKNOWN; NUMBERS];
    draw_age(recipe, chapter, &mut numbers, random);
    let mut put = |field: NumberField, natural: (i32, i32)| {
        numbers[field as usize] = within(recipe.numbers[field as usize], natural, random);
    };
    put(NumberField::LosDays, (1, 20));
    for (field, natural) in [(NumberField::IcuHours, (1, 200)), (NumberField::VentHours, (1, 200))] {
        if recipe.numbers[field as usize].is_some() {
            put(field, natural);
        }
    }
    let department = match chapter {
        _ if !procedures.is_empty() && !matches!(chapter, b'O' | b'P') => "A04",
        b'O' => "A05",
        b'P' => "A07",
        _ => "A03",
    };
    let text =
        |field: TextField, natural: &str| recipe.texts[field as usize].clone().unwrap_or_else(|| natural.to_owned());
    let natural_way = if tests.texts[TextField::DischargeWay as usize] { discharge_way(random) } else { "1" };
    let icu = recipe.icu.unwrap_or_else(|| tests.icu && random.chance(300));
    Some(Picture {
        diagnoses,
        procedures,
        sex,
        numbers,
        department: text(TextField::Department, department),
        discharge_way: text(TextField::DischargeWay, natural_way),
        med_type: text(TextField::MedType, "21"),
        icu,
    })
}

/// How patients leave: mostly by order; sent elsewhere, against advice, dead.
pub(super) fn discharge_way(random: &mut Random) -> &'static str {
    match random.below(1_000) {
        0..945 => "1",
        945..955 => "2",
        955..965 => "3",
        965..985 => "4",
        985..993 => "5",
        _ => "9",
    }
}

fn draw_diagnoses(book: &CodeBook<'_>, recipe: &Recipe, random: &mut Random) -> Option<Vec<u32>> {
    let mut found = vec![*random.pick(&recipe.principal)?];
    add_wanted(&mut found, &recipe.diagnoses, &recipe.never, random)?;
    if recipe.regions > 0 {
        let mut regions: Vec<&CodeSet> =
            recipe.region_codes.iter().filter(|region| !region.iter().any(|code| found.contains(code))).collect();
        for _ in 1..recipe.regions.min(regions.len() + 1) {
            let region = regions.swap_remove(random.below(regions.len() as u64) as usize);
            found.push(*random.pick(region)?);
        }
    }
    let counts = |set: &CodeSet, code: u32, taken: &[u32]| {
        holds(set, code) && !book.excludes(taken[0], code) && !holds(&recipe.never, code) && !taken.contains(&code)
    };
    let levels = [(recipe.mcc, &book.mcc, 1_000), (recipe.cc, &book.cc, 3_500)];
    for (wanted, set, by_chance) in levels {
        if wanted.unwrap_or_else(|| random.chance(by_chance)) {
            let likely = |code: u32| suits(book.text(found[0]), book.text(code));
            // A likely companion if there is one within the tries, else any that counts.
            let mut tries = (0..24).filter_map(|_| random.pick(set).copied()).filter(|code| counts(set, *code, &found));
            let first = tries.next();
            match first.filter(|code| likely(*code)).or_else(|| tries.find(|code| likely(*code))).or(first) {
                Some(code) => found.push(code),
                None if wanted == Some(true) => return None,
                None => {}
            }
        }
    }
    Some(found)
}

fn draw_procedures(book: &CodeBook<'_>, recipe: &Recipe, random: &mut Random) -> Option<Vec<u32>> {
    let mut found = Vec::new();
    if let Some(main) = &recipe.main {
        found.push(*random.pick(main)?);
    } else if recipe.procedures.iter().any(|wanted| wanted.reach == Reach::Others) {
        found.push(*random.pick(&book.valid)?);
    }
    add_wanted(&mut found, &recipe.procedures, &recipe.never, random)?;
    // Where one operation leads to the group, a second one of the same list often stands beside it.
    let list = recipe.main.as_ref().or_else(|| recipe.procedures.first().map(|wanted| &wanted.codes));
    if let Some(list) = list.filter(|_| random.chance(2_500)) {
        found.extend(random.pick(list).copied().filter(|code| !found.contains(code) && !holds(&recipe.never, *code)));
    }
    Some(found)
}

/// Adds a code for every demand that what is there does not meet.
fn add_wanted(found: &mut Vec<u32>, wanted: &[Wanted], never: &CodeSet, random: &mut Random) -> Option<()> {
    for want in wanted {
        let from = if want.reach == Reach::Others { 1.min(found.len()) } else { 0 };
        if found[from..].iter().any(|code| holds(&want.codes, *code)) {
            continue;
        }
        let code = (0..12).filter_map(|_| random.pick(&want.codes)).find(|code| !holds(never, **code));
        found.push(*code?);
    }
    Some(())
}

/// A number near what is natural, inside the bounds of a recipe.
fn within(bounds: Option<(i32, i32)>, natural: (i32, i32), random: &mut Random) -> i32 {
    let (low, high) = bounds.unwrap_or(natural);
    let (near_low, near_high) = (low.max(natural.0), high.min(natural.1));
    if near_low <= near_high {
        random.between(near_low, near_high)
    } else if high < natural.0 {
        high
    } else {
        random.between(low, low.saturating_add(natural.1 - natural.0).min(high))
    }
}

fn draw_age(recipe: &Recipe, chapter: u8, numbers: &mut [i32; NUMBERS], random: &mut Random) {
    let bounds = |field: NumberField| recipe.numbers[field as usize];
    let (days, years) = (bounds(NumberField::AgeDays), bounds(NumberField::AgeYears));
    let weights = [NumberField::BirthWeightG, NumberField::AdmissionWeightG];
    let weighed = weights.iter().any(|field| bounds(*field).is_some());
    let open = years.is_none_or(|(low, _)| low == 0);
    let infant = open && (days.is_some() || weighed || years.is_some_and(|(_, high)| high == 0) || chapter == b'P');
    if infant {
        numbers[NumberField::AgeYears as usize] = 0;
        let natural = if weighed || random.chance(8_000) { (0, NEWBORN_DAYS) } else { (NEWBORN_DAYS + 1, INFANT_DAYS) };
        let age_days = within(days, natural, random).min(INFANT_DAYS);
        numbers[NumberField::AgeDays as usize] = age_days;
        if age_days <= NEWBORN_DAYS {
            let natural = if random.chance(1_500) { (1_000, 2_499) } else { (2_500, 4_200) };
            let [birth, admission] = weights;
            let grams = within(bounds(birth), natural, random).max(300);
            numbers[birth as usize] = grams;
            numbers[admission as usize] = within(bounds(admission), (grams - 100, grams + 250), random).max(300);
        }
        return;
    }
    let natural = match random.below(100) {
        _ if chapter == b'O' => (20, 42),
        0..14 => (1, 16),
        14..40 => (17, 49),
        40..75 => (50, 69),
        _ => (70, 92),
    };
    numbers[NumberField::AgeYears as usize] = within(years, natural, random).clamp(0, 100);
}

/// A picture that leads to its group, with the room its numbers have.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    /// Codes joined by `|`.
    pub diagnoses: String,
    pub procedures: String,
    pub picture: Picture,
    /// For each number field, the values that change no answer of any condition.
    pub cells: [(i32, i32); NUMBERS],
}

impl Pattern {
    pub(super) fn new(picture: Picture, book: &CodeBook<'_>, tests: &Tests) -> Pattern {
        let text = |codes: &[u32]| codes.iter().map(|code| book.text(*code)).collect::<Vec<_>>().join("|");
        let cells = NumberField::WORDS.map(|(_, field)| tests.cell(field, picture.numbers[field as usize]));
        Pattern { diagnoses: text(&picture.diagnoses), procedures: text(&picture.procedures), picture, cells }
    }

    /// `value` brought into the room of its field.
    pub(super) fn fit(&self, field: NumberField, value: i32) -> i32 {
        let (low, high) = self.cells[field as usize];
        value.clamp(low, high)
    }

    pub(super) fn number(&self, field: NumberField) -> i32 {
        self.picture.numbers[field as usize]
    }
}

/// Pictures as claims, to be grouped.
pub(super) fn stays<'p>(pictures: impl IntoIterator<Item = &'p Picture>, book: &CodeBook<'_>) -> Stays {
    let mut stays = Stays::default();
    for (row, picture) in pictures.into_iter().enumerate() {
        let number = |field: NumberField| picture.numbers[field as usize];
        stays.setl_id.push(&row.to_string());
        stays.sex.push(picture.sex);
        stays.age_years.push(number(NumberField::AgeYears));
        stays.age_days.push(number(NumberField::AgeDays));
        stays.birth_weight_g.push(number(NumberField::BirthWeightG));
        stays.admission_weight_g.push(number(NumberField::AdmissionWeightG));
        stays.los_days.push(number(NumberField::LosDays));
        stays.department.push(&picture.department);
        stays.discharge_way.push(&picture.discharge_way);
        stays.med_type.push(&picture.med_type);
        stays.icu.push(i32::from(picture.icu));
        stays.icu_hours.push(number(NumberField::IcuHours));
        stays.vent_hours.push(number(NumberField::VentHours));
        stays.diagnoses.push(picture.diagnoses.iter().map(|code| book.text(*code)));
        stays.procedures.push(picture.procedures.iter().map(|code| book.text(*code)));
    }
    stays
}
