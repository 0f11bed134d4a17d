//! Looks for a claim that a rule or a DRG takes; when earlier rules take all of them, tells which.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::bits::Bits;
use super::cell::{Cell, MAX_CELLS, meet_all};
use super::formula::{Formula, Literal, Site};
use super::probe::{Probe, Taken};
use super::universe::{Dim, Universe};
use super::witness::{Maker, Witness};
use crate::claims::Stays;
use crate::scheme::{Definition, Level, NoDrg, RuleKind};

/// Claims made of each cell before the rules that took them are set aside.
const CLAIMS_A_CELL: usize = 8;

/// Why no claim gets somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// Its own condition can never hold.
    Contradiction,
    /// The condition of its MDC can never hold.
    MdcNever,
    /// Its condition and that of its MDC never hold together.
    OutsideMdc,
    /// Its condition and that of the rule of its ADRG never hold together.
    OutsideRule,
    /// It stands after this DRG of the same ADRG, which is `always`.
    AfterAlways(usize),
    /// These DRGs of the same ADRG stand first and take every claim.
    TakenByDrgs(Vec<usize>),
    /// Every principal diagnosis that leads here itself counts as severe.
    PrincipalCounts(Level),
    /// No diagnoses can be put together that give the severity asked for.
    NoSuchClaim,
    /// These rules stand first and take every claim.
    TakenByRules(Vec<usize>),
    /// Of so many claims tried none gets there; these rules took most.
    NotFound(usize, Vec<usize>),
}

/// What a search ends with when it finds nothing.
enum Failure {
    Empty,
    Severe(Level),
    Unmade,
    Taken { rules: Vec<usize>, proven: bool, tried: usize },
}

/// A search through one scheme.
pub struct Search<'a> {
    universe: Universe<'a>,
    probe: Probe,
    /// For each rule, when it takes a claim that gets to it.
    takes: Vec<Formula>,
    /// One claim for each place that any claim got to.
    seen: BTreeMap<Taken, Witness>,
}

impl<'a> Search<'a> {
    #[must_use]
    pub fn new(definition: &'a Definition) -> Search<'a> {
        let universe = Universe::new(definition);
        let takes = (0..definition.rules.len()).map(|rule| takes(&universe, rule)).collect();
        Search { probe: Probe::new(definition), universe, takes, seen: BTreeMap::new() }
    }

    #[must_use]
    pub fn universe(&self) -> &Universe<'a> {
        &self.universe
    }

    #[must_use]
    pub fn definition(&self) -> &'a Definition {
        self.universe.definition
    }

    /// A claim that a rule takes.
    pub fn rule(&mut self, rule: usize) -> Result<Witness, Why> {
        let target = [self.takes[rule].clone()];
        let failure = match self.examine(&target, |taken| taken.rule == rule) {
            Ok(witness) => return Ok(witness),
            Err(failure) => failure,
        };
        Err(match failure {
            Failure::Empty => {
                let [mdc, own] = [self.mdc_condition(rule), self.rule_condition(rule)];
                if self.is_empty(&[&own]) {
                    Why::Contradiction
                } else if self.is_empty(&[&mdc]) {
                    Why::MdcNever
                } else if self.is_empty(&[&mdc, &own]) {
                    Why::OutsideMdc
                } else {
                    Why::NoSuchClaim
                }
            }
            failure => failure.into(),
        })
    }

    /// A claim that gets to a DRG by a rule of its ADRG.
    pub fn drg(&mut self, rule: usize, drg: usize) -> Result<Witness, Why> {
        let definition = self.universe.definition;
        let earlier: Vec<usize> = earlier_drgs(definition, drg).collect();
        let site = self.site(rule);
        let wanted = site.formula(&definition.drgs[drg].condition, true);
        let mut target = vec![self.mdc_condition(rule), self.rule_condition(rule), wanted.clone()];
        target.extend(earlier.iter().map(|at| site.formula(&definition.drgs[*at].condition, false)));
        let here = Taken { rule, drg: Some(drg) };
        let failure = match self.examine(&target, |taken| taken == here) {
            Ok(witness) => return Ok(witness),
            Err(failure) => failure,
        };
        Err(match failure {
            Failure::Empty if self.is_empty(&[&wanted]) => Why::Contradiction,
            Failure::Empty if self.is_empty(&target[..3].iter().collect::<Vec<_>>()) => Why::OutsideRule,
            Failure::Empty => {
                use crate::scheme::condition::Condition::Always;
                match earlier.iter().find(|at| definition.drgs[**at].condition == Always) {
                    Some(always) => Why::AfterAlways(*always),
                    None => Why::TakenByDrgs(self.takers_among(rule, &target[..3], &earlier)),
                }
            }
            failure => failure.into(),
        })
    }

    /// Claims that satisfy a rule and none of the DRGs of its ADRG, with the given severity: MCC, CC.
    #[must_use]
    pub fn left_over(&self, rule: usize, [mcc, cc]: [Option<bool>; 2]) -> Option<Witness> {
        let definition = self.universe.definition;
        let site = self.site(rule);
        let mut target = vec![self.mdc_condition(rule), self.rule_condition(rule)];
        for (level, wanted) in [(Level::Mcc, mcc), (Level::Cc, cc)] {
            target.extend(wanted.map(|wanted| Formula::Literal(Literal::Severity(level, wanted))));
        }
        let drgs = definition.drgs_of(&definition.rules[rule].adrg);
        target.extend(drgs.map(|drg| site.formula(&drg.condition, false)));
        let cells = meet_all(vec![Cell::full(&self.universe)], &target);
        cells.iter().find_map(|cell| self.claims_of(cell).into_iter().next())
    }

    /// Whether one claim can satisfy two rules of an MDC by a code of the set that stands first in it.
    #[must_use]
    pub fn both_hold(&self, rules: [usize; 2], dim: Dim, codes: &Arc<Bits>) -> bool {
        let within = Formula::Literal(Literal::Within(dim, codes.clone()));
        let [first, second] = rules.map(|rule| self.rule_condition(rule));
        !self.is_empty(&[&within, &self.mdc_condition(rules[0]), &first, &second])
    }

    /// Whether every claim with a code of the set first in it that satisfies one rule is one that the other takes.
    #[must_use]
    pub fn implies(&self, one: usize, other: usize, dim: Dim, codes: &Arc<Bits>) -> bool {
        let within = Formula::Literal(Literal::Within(dim, codes.clone()));
        let not_other = negated(&self.takes[other]);
        self.is_empty(&[&within, &self.mdc_condition(one), &self.rule_condition(one), &not_other])
    }

    /// The first codes that a claim may have which satisfies the condition of an MDC.
    #[must_use]
    pub fn opens(&self, mdc: usize, dim: Dim) -> Bits {
        let definition = self.universe.definition;
        let site = Site { universe: &self.universe, adrg: "", mdc };
        let cells = Cell::full(&self.universe).meet(&site.formula(&definition.mdcs[mdc].condition, true));
        let nothing = Bits::none(self.universe.size(dim));
        cells.iter().fold(nothing, |all, cell| all.or(&cell.dims[dim as usize]))
    }

    fn site(&self, rule: usize) -> Site<'_> {
        let rule = &self.universe.definition.rules[rule];
        Site { universe: &self.universe, adrg: &rule.adrg, mdc: rule.mdc }
    }

    fn mdc_condition(&self, rule: usize) -> Formula {
        let definition = self.universe.definition;
        self.site(rule).formula(&definition.mdcs[definition.rules[rule].mdc].condition, true)
    }

    fn rule_condition(&self, rule: usize) -> Formula {
        self.site(rule).formula(&self.universe.definition.rules[rule].condition, true)
    }

    fn is_empty(&self, formulas: &[&Formula]) -> bool {
        meet_all(vec![Cell::full(&self.universe)], formulas.iter().copied()).is_empty()
    }

    /// The fewest of the earlier DRGs that together take every claim.
    fn takers_among(&self, rule: usize, target: &[Formula], earlier: &[usize]) -> Vec<usize> {
        let definition = self.universe.definition;
        let site = self.site(rule);
        let mut takers = earlier.to_vec();
        for drg in earlier.iter().rev() {
            let fewer: Vec<usize> = takers.iter().copied().filter(|at| at != drg).collect();
            let negated: Vec<Formula> =
                fewer.iter().map(|at| site.formula(&definition.drgs[*at].condition, false)).collect();
            if self.is_empty(&target.iter().chain(&negated).collect::<Vec<_>>()) {
                takers = fewer;
            }
        }
        takers
    }

    /// Makes claims for the target, sets aside what earlier rules take, and goes on until one arrives or none is left.
    fn examine(&mut self, target: &[Formula], wanted: impl Fn(Taken) -> bool) -> Result<Witness, Failure> {
        if let Some((_, witness)) = self.seen.iter().find(|(taken, _)| wanted(**taken)) {
            return Ok(witness.clone());
        }
        let mut cells = meet_all(vec![Cell::full(&self.universe)], target);
        if cells.is_empty() {
            return Err(Failure::Empty);
        }
        let (mut takers, mut tried, mut proven, mut severe) = (BTreeMap::new(), 0, true, BTreeSet::new());
        while !cells.is_empty() {
            proven &= cells.len() <= MAX_CELLS;
            cells.truncate(MAX_CELLS);
            let mut claims = Vec::new();
            cells.retain(|cell| {
                let made = self.claims_of(cell);
                if made.is_empty() {
                    severe.insert(Maker::new(&self.universe, cell).principal_is_severe());
                }
                let any = !made.is_empty();
                claims.extend(made);
                any
            });
            tried += claims.len();
            let known: BTreeSet<usize> = takers.keys().copied().collect();
            for taken in self.group(&claims) {
                if wanted(taken) {
                    return Ok(self.seen[&taken].clone());
                }
                *takers.entry(taken.rule).or_insert(0usize) += 1;
            }
            let new: Vec<Formula> =
                takers.keys().filter(|rule| !known.contains(rule)).map(|rule| negated(&self.takes[*rule])).collect();
            if new.is_empty() {
                proven &= cells.is_empty();
                break;
            }
            cells = meet_all(cells, &new);
        }
        if takers.is_empty() {
            return Err(match severe.first() {
                Some(Some(level)) if severe.len() == 1 => Failure::Severe(*level),
                _ if proven => Failure::Unmade,
                _ => Failure::Taken { rules: Vec::new(), proven, tried },
            });
        }
        let rules = if proven { self.fewest(target, &takers) } else { most(&takers) };
        Err(Failure::Taken { rules, proven, tried })
    }

    /// The fewest of the rules that together take every claim, by the number they took.
    fn fewest(&self, target: &[Formula], takers: &BTreeMap<usize, usize>) -> Vec<usize> {
        let mut rules = most(takers);
        for rule in rules.clone().iter().rev() {
            let fewer: Vec<usize> = rules.iter().copied().filter(|other| other != rule).collect();
            let negated: Vec<Formula> = fewer.iter().map(|other| negated(&self.takes[*other])).collect();
            let cells = meet_all(vec![Cell::full(&self.universe)], target.iter().chain(&negated));
            if cells.iter().all(|cell| self.claims_of(cell).is_empty()) {
                rules = fewer;
            }
        }
        rules
    }

    /// A few claims of a cell; none when none can be made.
    fn claims_of(&self, cell: &Cell) -> Vec<Witness> {
        let maker = Maker::new(&self.universe, cell);
        let claims: Vec<Witness> = (0..CLAIMS_A_CELL).filter_map(|at| maker.claim(at, CLAIMS_A_CELL)).collect();
        if !claims.is_empty() {
            return claims;
        }
        let all = maker.variety();
        (0..all).filter_map(|at| maker.claim(at, all)).take(CLAIMS_A_CELL).collect()
    }

    /// The rules that take the claims; keeps one claim for each.
    fn group(&mut self, claims: &[Witness]) -> Vec<Taken> {
        let mut stays = Stays::default();
        claims.iter().for_each(|claim| claim.push(&self.universe, &mut stays));
        let taken = self.probe.group(&stays);
        for (taken, claim) in taken.iter().zip(claims) {
            if let Some(taken) = taken {
                self.seen.entry(*taken).or_insert_with(|| claim.clone());
            }
        }
        taken.into_iter().flatten().collect()
    }
}

impl From<Failure> for Why {
    fn from(failure: Failure) -> Why {
        match failure {
            Failure::Severe(level) => Why::PrincipalCounts(level),
            Failure::Empty | Failure::Unmade => Why::NoSuchClaim,
            Failure::Taken { rules, proven: true, .. } => Why::TakenByRules(rules),
            Failure::Taken { rules, proven: false, tried } => Why::NotFound(tried, rules),
        }
    }
}

/// When a rule takes a claim that no earlier one took: its MDC, its own condition, and one of its DRGs unless it has a
/// result without.
fn takes(universe: &Universe<'_>, rule: usize) -> Formula {
    let definition = universe.definition;
    let found = &definition.rules[rule];
    let site = Site { universe, adrg: &found.adrg, mdc: found.mdc };
    let mut parts =
        vec![site.formula(&definition.mdcs[found.mdc].condition, true), site.formula(&found.condition, true)];
    if found.kind != RuleKind::Ambiguous && found.no_drg == NoDrg::Next {
        let drgs = definition.drgs_of(&found.adrg).map(|drg| site.formula(&drg.condition, true));
        parts.push(Formula::Any(drgs.collect()));
    }
    Formula::All(parts)
}

fn earlier_drgs(definition: &Definition, drg: usize) -> impl Iterator<Item = usize> {
    let adrg = &definition.drgs[drg].adrg;
    (0..drg).filter(move |at| definition.drgs[*at].adrg == *adrg)
}

/// The rules by how many claims they took; the first among equals.
fn most(takers: &BTreeMap<usize, usize>) -> Vec<usize> {
    let mut rules: Vec<usize> = takers.keys().copied().collect();
    rules.sort_by_key(|rule| std::cmp::Reverse(takers[rule]));
    rules
}

/// The opposite of a formula.
fn negated(formula: &Formula) -> Formula {
    match formula {
        Formula::All(parts) => Formula::Any(parts.iter().map(negated).collect()),
        Formula::Any(parts) => Formula::All(parts.iter().map(negated).collect()),
        Formula::Literal(literal) => Formula::Literal(match literal {
            Literal::Within(dim, set) => Literal::Within(*dim, Arc::new(set.opposite())),
            Literal::HasOther(kind, set) => Literal::NoOther(*kind, set.clone()),
            Literal::NoOther(kind, set) => Literal::HasOther(*kind, set.clone()),
            Literal::Severity(level, wanted) => Literal::Severity(*level, !wanted),
            Literal::Regions(mdc, op, value, wanted) => Literal::Regions(*mdc, *op, *value, !wanted),
            Literal::Count(kind, op, value, wanted) => Literal::Count(*kind, *op, *value, !wanted),
        }),
    }
}
