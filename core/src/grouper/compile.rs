//! Definition → compiled scheme.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::codes::{CodeTable, CodeTableBuilder, Layout};
use super::eval::{Gate, Node, Quick, Regions, Rest, Space, Test};
use super::outcome::{Outcome, Status};
use crate::scheme::condition::{Atom, Codes, Condition, Kind, Reach, Ref};
use crate::scheme::{Definition, NoDrg, RuleKind};
use crate::text::Prefix;

/// A scheme compiled for grouping. Immutable; share it among threads.
#[derive(Clone, Debug)]
pub struct Grouper {
    pub(super) definition: Definition,
    pub(super) diagnoses: CodeTable,
    pub(super) procedures: CodeTable,
    pub(super) layout: Layout,
    pub(super) mdcs: Vec<MdcPlan>,
    /// MDCs of the first 64 with the gate that the principal diagnosis is one of theirs: the bit of their place.
    pub(super) by_principal: u64,
    pub(super) rules: Vec<RulePlan>,
    /// A gate a rule, close together because most rules are passed by.
    pub(super) gates: Vec<Gate>,
    /// Names of the exclusion groups by number; 0 is no group.
    pub(super) exclusion_groups: Vec<String>,
    outcomes: Vec<Outcome>,
    /// By outcome: the name of the group, where the scheme gives one.
    pub(super) names: Vec<String>,
}

/// An MDC: its condition, the places of its rules.
#[derive(Clone, Debug)]
pub(super) struct MdcPlan {
    pub code: Arc<str>,
    pub name: Arc<str>,
    pub gate: Gate,
    pub condition: Node,
    /// What its condition looks at.
    pub rest: Rest,
    pub rules: std::ops::Range<usize>,
    /// Rules of which the gate is not a list of a first code: a bit each.
    pub unlisted: Vec<u64>,
    /// What the gates of its rules look at.
    pub gates_rest: Rest,
    /// One procedure of each list that its rules ask for.
    pub procedures: Vec<String>,
}

/// A rule of an ADRG.
#[derive(Clone, Debug)]
pub(super) struct RulePlan {
    pub adrg: Arc<str>,
    pub name: Arc<str>,
    pub condition: Node,
    /// What the rule and its DRGs look at.
    pub rest: Rest,
    /// The result when the rule holds and no DRG does; `None`: the next rule is tried.
    pub alone: Option<u16>,
    pub drgs: Vec<DrgPlan>,
}

/// A DRG, as one of the last steps of a rule.
#[derive(Clone, Debug)]
pub(super) struct DrgPlan {
    pub code: Arc<str>,
    pub name: Arc<str>,
    pub condition: Node,
    /// The condition, where it is simple.
    pub quick: Option<Quick>,
    pub outcome: u16,
}

/// The outcomes that every scheme has, in this order.
pub(super) const UNGROUPABLE: u16 = 0;
pub(super) const INVALID: u16 = 1;
pub(super) const DX_UNMAPPED: u16 = 2;
pub(super) const PROC_UNMAPPED: u16 = 3;

impl Grouper {
    /// The outcome of a claim that fails the input check, or of which a field cannot be read.
    pub const INVALID: u16 = INVALID;

    /// Compiles a definition. A definition that loaded always compiles.
    #[must_use]
    pub fn new(definition: Definition) -> Grouper {
        let mut build = Build::new(&definition);
        build.collect_codes();
        let exclusion_groups = build.collect_severity();
        let layout = build.layout();
        let (rules, gates) = build.rules();
        let mdcs = build.mdcs(&rules, &gates);
        let by_principal = build.by_principal(&mdcs);
        build.open(&mdcs, &gates);
        let [diagnoses, procedures] = build.tables.map(|table| table.build(layout));
        let outcomes = build.outcomes;
        let mut names = vec![String::new(); outcomes.len()];
        // The first of DRGs with one outcome names it.
        for drg in rules.iter().rev().flat_map(|rule| rule.drgs.iter().rev()) {
            drg.name.as_ref().clone_into(&mut names[usize::from(drg.outcome)]);
        }
        Grouper {
            diagnoses,
            procedures,
            layout,
            mdcs,
            by_principal,
            rules,
            gates,
            exclusion_groups,
            outcomes,
            names,
            definition,
        }
    }

    #[must_use]
    pub fn definition(&self) -> &Definition {
        &self.definition
    }

    /// Every result the scheme can give; [`super::Grouped`] holds places in this list.
    #[must_use]
    pub fn outcomes(&self) -> &[Outcome] {
        &self.outcomes
    }
}

/// A set of codes that has a bit: of the whole scheme, or of an ADRG's list in an MDC.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum GlobalSet<'a> {
    MdcDiagnoses(usize),
    Region(usize, &'a str),
    Valid,
    These(Kind, &'a [String]),
}

struct Build<'a> {
    definition: &'a Definition,
    tables: [CodeTableBuilder<'a>; 2],
    global: BTreeMap<GlobalSet<'a>, u16>,
    /// Bits of `(adrg, list, kind)` in each MDC.
    local: Vec<BTreeMap<(&'a str, &'a str, Kind), u16>>,
    outcomes: Vec<Outcome>,
}

impl<'a> Build<'a> {
    fn new(definition: &'a Definition) -> Build<'a> {
        let (groups, none) = (["0000", "00", "0000"], ["", "", ""]);
        let outcome = |status, [mdc, adrg, drg]: [&str; 3]| Outcome {
            status,
            mdc: mdc.to_owned(),
            adrg: adrg.to_owned(),
            drg: drg.to_owned(),
        };
        let outcomes = vec![
            outcome(Status::Ungroupable, groups),
            outcome(Status::Invalid, if definition.options.invalid_as_zeros { groups } else { none }),
            outcome(Status::DxUnmapped, groups),
            outcome(Status::ProcUnmapped, groups),
        ];
        let local = vec![BTreeMap::new(); definition.mdcs.len()];
        Build { definition, tables: Default::default(), global: BTreeMap::new(), local, outcomes }
    }

    /// Gives every set that a condition mentions a bit, and every code of such a set that bit.
    fn collect_codes(&mut self) {
        let definition = self.definition;
        for (at, mdc) in definition.mdcs.iter().enumerate() {
            self.add_global(GlobalSet::MdcDiagnoses(at), Kind::Diagnosis, mdc.lists.values().flatten());
        }
        self.add_global(GlobalSet::Valid, Kind::Procedure, &definition.valid_procedures);
        self.collect_regions();
        for (at, mdc) in definition.mdcs.iter().enumerate() {
            self.collect(&mdc.condition, &mdc.code, at);
        }
        for rule in &definition.rules {
            self.collect(&rule.condition, &rule.adrg, rule.mdc);
            for drg in definition.drgs_of(&rule.adrg) {
                self.collect(&drg.condition, &rule.adrg, rule.mdc);
            }
        }
    }

    /// Regions are counted as a run of bits, so those of one MDC are numbered together.
    fn collect_regions(&mut self) {
        let definition = self.definition;
        let counts = |condition: &Condition| condition.atoms().iter().any(|a| matches!(a, Atom::TraumaRegions(..)));
        for (at, mdc) in definition.mdcs.iter().enumerate() {
            let of_mdc = definition.rules.iter().filter(|rule| rule.mdc == at);
            let mut conditions = of_mdc
                .flat_map(|rule| definition.drgs_of(&rule.adrg).map(|drg| &drg.condition).chain([&rule.condition]));
            if counts(&mdc.condition) || conditions.any(counts) {
                for (list, codes) in &mdc.lists {
                    self.add_global(GlobalSet::Region(at, list), Kind::Diagnosis, codes);
                }
            }
        }
    }

    fn add_global(&mut self, set: GlobalSet<'a>, kind: Kind, codes: impl IntoIterator<Item = &'a String>) {
        let next = self.global.len() as u16;
        if self.global.contains_key(&set) {
            return;
        }
        self.global.insert(set, next);
        codes.into_iter().for_each(|code| self.tables[kind as usize].add_global(code, next));
    }

    fn collect(&mut self, condition: &'a Condition, adrg: &'a str, mdc: usize) {
        for atom in condition.atoms() {
            let Atom::Codes(Ref { kind, .. }, codes) = atom else { continue };
            match codes {
                Codes::Mdc | Codes::Valid | Codes::StartsWith(_) => {}
                Codes::These(codes) => self.add_global(GlobalSet::These(*kind, codes), *kind, codes),
                Codes::List(list) => {
                    let next = self.local[mdc].len() as u16;
                    if self.local[mdc].contains_key(&(adrg, list.as_str(), *kind)) {
                        continue;
                    }
                    self.local[mdc].insert((adrg, list, *kind), next);
                    for code in self.definition.list(adrg, list).into_iter().flatten() {
                        self.tables[*kind as usize].add_local(code, mdc as u16, next);
                    }
                }
            }
        }
    }

    /// Widths, when every set has its bit.
    fn layout(&self) -> Layout {
        let lists = width(self.local.iter().map(BTreeMap::len).max().unwrap_or_default());
        let rules = self.definition.rules.chunk_by(|a, b| a.mdc == b.mdc).map(<[_]>::len).max().unwrap_or_default();
        let local = lists + width(rules);
        Layout { mdcs: width(self.local.len()), global: width(self.global.len()), local, lists }
    }

    /// Gives the codes of lists that are gates of rules the bits of those rules.
    fn open(&mut self, mdcs: &[MdcPlan], gates: &[Gate]) {
        let layout = self.layout();
        for (at, mdc) in mdcs.iter().enumerate() {
            for rule in mdc.rules.clone() {
                if let Some((kind, word, mask)) = gates[rule].on_first_list(layout) {
                    let bit = layout.lists * 64 + rule - mdc.rules.start;
                    self.tables[kind as usize].add_opened(at as u16, word, mask, bit as u16);
                }
            }
        }
    }

    fn mdcs(&self, plans: &[RulePlan], gates: &[Gate]) -> Vec<MdcPlan> {
        let rules = &self.definition.rules;
        let layout = self.layout();
        let plan = |(at, mdc): (usize, &crate::scheme::Mdc)| {
            let condition = self.node(&mdc.condition, &mdc.code, at);
            let own = rules.partition_point(|rule| rule.mdc < at)..rules.partition_point(|rule| rule.mdc <= at);
            let looking = own.clone().filter(|&rule| gates[rule].of_first(layout) != gates[rule]);
            MdcPlan {
                code: mdc.code.as_str().into(),
                name: mdc.name.as_str().into(),
                procedures: self.asked_procedures(at),
                gate: condition.gate().of_first(layout),
                rest: rest(&mdc.condition),
                unlisted: unlisted(layout, &gates[own.clone()]),
                gates_rest: looking.fold(Rest::default(), |all, rule| all.or(plans[rule].rest)),
                condition,
                rules: own,
            }
        };
        self.definition.mdcs.iter().enumerate().map(plan).collect()
    }

    fn asked_procedures(&self, mdc: usize) -> Vec<String> {
        let definition = self.definition;
        let mut codes = BTreeSet::new();
        for rule in definition.rules.iter().filter(|rule| rule.mdc == mdc) {
            for atom in rule.condition.atoms() {
                if let Atom::Codes(Ref { kind: Kind::Procedure, .. }, Codes::List(list)) = atom {
                    codes.extend(definition.list(&rule.adrg, list).and_then(<[String]>::first).cloned());
                }
            }
        }
        codes.into_iter().collect()
    }

    fn by_principal(&self, mdcs: &[MdcPlan]) -> u64 {
        let pdx = Ref { kind: Kind::Diagnosis, reach: Reach::First };
        let own = |at: &usize| mdcs[*at].gate == Gate::new(pdx, *at as u16, Space::global(self.layout()));
        (0..mdcs.len().min(64)).filter(own).fold(0, |mask, at| mask | 1 << at)
    }

    fn rules(&mut self) -> (Vec<RulePlan>, Vec<Gate>) {
        let definition = self.definition;
        let mut plans = Vec::with_capacity(definition.rules.len());
        let mut gates = Vec::with_capacity(definition.rules.len());
        for rule in &definition.rules {
            let condition = self.node(&rule.condition, &rule.adrg, rule.mdc);
            let mut drgs = Vec::new();
            let alone = match (rule.kind, rule.no_drg) {
                (RuleKind::Ambiguous, _) => Some(self.outcome(Status::Ambiguous, "QY", &rule.adrg)),
                (_, NoDrg::Adrg) => Some(self.outcome(Status::Grouped, first(&rule.adrg, 3), first(&rule.adrg, 3))),
                (_, NoDrg::Next) => None,
            };
            if rule.kind != RuleKind::Ambiguous {
                for drg in definition.drgs_of(&rule.adrg) {
                    let condition = self.node(&drg.condition, &rule.adrg, rule.mdc);
                    let outcome = self.outcome(Status::Grouped, first(&drg.code, 3), &drg.code);
                    let (code, name) = (drg.code.as_str().into(), drg.name.as_str().into());
                    let quick = condition.quick();
                    drgs.push(DrgPlan { code, name, condition, quick, outcome });
                }
            }
            let last_steps = definition.drgs_of(&rule.adrg).map(|drg| rest(&drg.condition));
            let rest = last_steps.fold(rest(&rule.condition), Rest::or);
            gates.push(condition.gate());
            let (adrg, name) = (rule.adrg.as_str().into(), rule.name.as_str().into());
            plans.push(RulePlan { adrg, name, condition, rest, alone, drgs });
        }
        (plans, gates)
    }

    /// The place of an outcome. The MDC of a group is named by the first letter of its code.
    fn outcome(&mut self, status: Status, adrg: &str, drg: &str) -> u16 {
        let mdc = format!("MDC{}", first(drg, 1));
        let outcome = Outcome { status, mdc, adrg: adrg.to_owned(), drg: drg.to_owned() };
        let place = self.outcomes.iter().position(|known| *known == outcome).unwrap_or_else(|| {
            self.outcomes.push(outcome);
            self.outcomes.len() - 1
        });
        place as u16
    }

    fn node(&self, condition: &Condition, adrg: &str, mdc: usize) -> Node {
        let all = |parts: &[Condition]| parts.iter().map(|part| self.node(part, adrg, mdc)).collect();
        match condition {
            Condition::Always => Node::Always,
            Condition::Never => Node::Never,
            Condition::And(parts) => Node::And(all(parts)),
            Condition::Or(parts) => Node::Or(all(parts)),
            Condition::Not(inner) => Node::Not(Box::new(self.node(inner, adrg, mdc))),
            Condition::Atom(atom) => Node::Test(self.test(atom, adrg, mdc), Arc::new(atom.clone())),
        }
    }

    fn test(&self, atom: &Atom, adrg: &str, mdc: usize) -> Test {
        let layout = self.layout();
        let global = |of: Ref, set: GlobalSet<'_>| Test::Bit(Gate::new(of, self.global[&set], Space::global(layout)));
        match atom {
            Atom::Mcc => Test::Mcc,
            Atom::Cc => Test::Cc,
            Atom::Icu => Test::Icu,
            Atom::Codes(of, codes) => match codes {
                Codes::Mdc => global(*of, GlobalSet::MdcDiagnoses(mdc)),
                Codes::Valid => global(*of, GlobalSet::Valid),
                Codes::These(codes) => global(*of, GlobalSet::These(of.kind, codes)),
                Codes::StartsWith(prefix) => Test::StartsWith(*of, Prefix::new(prefix)),
                Codes::List(list) => {
                    let bit = self.local[mdc][&(adrg, list.as_str(), of.kind)];
                    Test::Bit(Gate::new(*of, bit, Space::local(layout)))
                }
            },
            Atom::Number(field, op, value) => Test::Number(*field, *op, *value),
            Atom::Sex(sex) => Test::Sex(*sex),
            Atom::Text(field, words) => Test::Text(*field, words.clone().into()),
            Atom::TraumaRegions(op, value) => {
                let lists = &self.definition.mdcs[mdc].lists;
                let first_bit = lists.keys().next().map_or(0, |list| self.global[&GlobalSet::Region(mdc, list)]);
                let regions = Regions::new(first_bit, lists.len() as u16, layout);
                Test::Regions { regions, op: *op, value: *value }
            }
        }
    }

    /// Gives every exclusion group a number and notes who is excluded by whom. Returns the groups' names.
    fn collect_severity(&mut self) -> Vec<String> {
        let definition = self.definition;
        let mut names = vec![String::new()];
        let mut numbers = BTreeMap::from([("", 0)]);
        let mut number = |name: &'a str| {
            *numbers.entry(name).or_insert_with(|| {
                names.push(name.to_owned());
                names.len() as u32 - 1
            })
        };
        let diagnoses = &mut self.tables[Kind::Diagnosis as usize];
        for entry in &definition.cc {
            diagnoses.add_severity(&entry.code, entry.level, number(&entry.group));
        }
        for (principal, groups) in &definition.exclusions {
            groups.iter().for_each(|group| diagnoses.add_excluded(principal, number(group)));
        }
        names
    }
}

/// The rules that first codes do not open by a list, as bits.
fn unlisted(layout: Layout, gates: &[Gate]) -> Vec<u64> {
    let mut bits = vec![0; layout.local - layout.lists];
    for (at, gate) in gates.iter().enumerate() {
        bits[at / 64] |= u64::from(gate.on_first_list(layout).is_none()) << (at % 64);
    }
    bits
}

/// Of which kind a condition looks at codes beside the first, by their bits.
fn rest(condition: &Condition) -> Rest {
    let mut rest = Rest::default();
    for atom in condition.atoms() {
        match atom {
            Atom::Codes(_, Codes::StartsWith(_)) => {}
            Atom::Codes(of, _) if of.reach != Reach::First => rest.add(of.kind),
            Atom::TraumaRegions(..) => rest.add(Kind::Diagnosis),
            _ => {}
        }
    }
    rest
}

/// Words for a number of bits; at least one, so that bit tests need no special case.
const fn width(bits: usize) -> usize {
    let words = bits.div_ceil(64);
    if words == 0 { 1 } else { words }
}

/// The first characters of a code.
pub(super) fn first(code: &str, characters: usize) -> &str {
    code.char_indices().nth(characters).map_or(code, |(end, _)| &code[..end])
}
