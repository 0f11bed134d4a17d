//! Claims in blocks: each block has its own random numbers, and what links claims stays inside it, so that blocks can
//! be made in any order by any number of threads.

use super::claim::{Bill, Claim, Person, Setting, Visit, When, Writing, bill};
use super::codes::CodeBook;
use super::groups::Groups;
use super::pattern::Pattern;
use super::random::Random;
use super::spoil::{BadRows, Fault};
use crate::scheme::condition::NumberField;

/// Claims in a block.
pub(super) const BLOCK: u64 = 2_048;

/// Of 10,000 claims: followed by a readmission, by a transfer, taken back and settled anew, coded at random, written in
/// an unusual way.
const READMITTED: u64 = 450;
const TRANSFERRED: u64 = 120;
const REVERSED: u64 = 20;
const MISCODED: u64 = 120;
const MESSY: u64 = 30;

/// What makes blocks.
pub(super) struct Maker<'a> {
    pub setting: Setting<'a>,
    pub groups: &'a Groups,
    pub book: &'a CodeBook<'a>,
    pub bad: BadRows,
    pub seed: u64,
    /// First and last day of discharge.
    pub days: (i32, i32),
}

/// What the next claim of a block has to be.
enum Next<'a> {
    Stay(Person<'a>, Visit<'a>, i32),
    Reversal(Claim<'a>),
    Resettlement(Claim<'a>),
}

impl<'a> Maker<'a> {
    /// The claims of a block, of which only `rows` are wanted.
    pub(super) fn block(&self, block: u64, rows: u64) -> Vec<Claim<'a>> {
        let mut random = Random::new(self.seed, block);
        let mut next = None;
        (0..rows).map(|at| self.row(block * BLOCK + at, &mut next, &mut random)).collect()
    }

    fn row(&self, row: u64, next: &mut Option<Next<'a>>, random: &mut Random) -> Claim<'a> {
        // A bad row stands alone: whatever is due comes after it.
        if let Some((fault, repeated)) = self.bad.at(row) {
            let mut claim = self.fresh(row, random).0;
            claim.writing = Writing::Clean;
            if fault == Fault::OldNewborn || fault == Fault::ImpossibleAge {
                claim.person = row;
            }
            fault.spoil(&mut claim, repeated, random);
            return claim;
        }
        match next.take() {
            Some(Next::Reversal(original)) => {
                let taken_back = take_back(&original, row);
                *next = Some(Next::Resettlement(original));
                taken_back
            }
            Some(Next::Resettlement(original)) => self.settle_anew(original, row, random),
            Some(Next::Stay(person, visit, admitted)) => {
                self.setting.claim(row, person, visit, When::From(admitted, self.days.1), random)
            }
            None => {
                let (claim, follow) = self.fresh(row, random);
                *next = follow;
                claim
            }
        }
    }

    /// A claim of a new person, and what follows from it.
    fn fresh(&self, row: u64, random: &mut Random) -> (Claim<'a>, Option<Next<'a>>) {
        let institution = self.setting.city.draw(random);
        let group = self.groups.draw(institution.tier, random).expect("Invariant: there is a group to draw");
        let pattern = random.pick(&group.patterns).expect("Invariant: every group has a pattern");
        let adult = pattern.number(NumberField::AgeYears) > 0;
        let short = adult && random.chance(TRANSFERRED);
        let person = self.setting.new_person(row, institution, random);
        let visit = Visit { institution, group, pattern, short };
        let when = When::Within(self.days.0, self.days.1);
        let mut claim = self.setting.claim(row, person, visit, when, random);
        if random.chance(MISCODED) {
            self.miscode(&mut claim, random);
        }
        if random.chance(MESSY) {
            let ways = [Writing::LowerCase, Writing::FullWidth, Writing::Blanks];
            claim.writing = random.pick(&ways).copied().unwrap_or_default();
        }
        let person = Person { age: Some(claim.age), ..person };
        let follow = if random.chance(REVERSED) {
            Some(Next::Reversal(claim.clone()))
        } else if short {
            let institution = self.setting.city.draw_larger(random);
            self.follow(person, Visit { institution, short: false, ..visit }, claim.discharged)
        } else if adult && random.chance(READMITTED) {
            let again = claim.discharged + random.between(1, 20);
            let pattern =
                random.pick(&group.patterns).filter(|other| alike(other, pattern, claim.age)).unwrap_or(pattern);
            self.follow(person, Visit { pattern, ..visit }, again)
        } else {
            None
        };
        (claim, follow)
    }

    /// A further stay, when some days of the period are left for it.
    fn follow(&self, person: Person<'a>, visit: Visit<'a>, admitted: i32) -> Option<Next<'a>> {
        const SHORTEST: i32 = 4;
        (admitted + SHORTEST <= self.days.1).then_some(Next::Stay(person, visit, admitted))
    }

    /// A principal diagnosis and an operation that have nothing to do with each other.
    fn miscode(&self, claim: &mut Claim<'a>, random: &mut Random) {
        if let Some(diagnosis) = random.pick(&self.book.diagnoses) {
            claim.diagnoses = self.book.text(*diagnosis);
        }
        if let Some(procedure) = random.pick(&self.book.valid).filter(|_| random.next() & 1 == 0) {
            claim.procedures = self.book.text(*procedure);
        }
    }

    fn settle_anew(&self, original: Claim<'a>, row: u64, random: &mut Random) -> Claim<'a> {
        let institution = self.setting.city.institutions.iter().find(|one| one.code == original.institution);
        let total = original.bill.total.unwrap_or_default();
        let amounts = institution.map_or(original.bill, |one| bill(total, original.insurance_type, one.tier, random));
        Claim { setl: Some(row), settled: (original.settled + 1).min(self.days.1), bill: amounts, ..original }
    }
}

/// Whether a person of this age may have either.
fn alike(other: &Pattern, pattern: &Pattern, age: i32) -> bool {
    other.picture.sex == pattern.picture.sex
        && other.number(NumberField::AgeYears) > 0
        && other.fit(NumberField::AgeYears, age) == age
}

/// The reversal of a settlement (冲正): the same with negative amounts.
fn take_back<'a>(original: &Claim<'a>, row: u64) -> Claim<'a> {
    let Bill { total, fund, patient, other } = original.bill;
    let bill = Bill { total: total.map(|fen| -fen), fund: -fund, patient: -patient, other: -other };
    Claim { setl: Some(row), reverses: original.setl, bill, ..original.clone() }
}
