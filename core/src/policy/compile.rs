//! A merged pack as typed rules.

use chrono::NaiveDate;

use super::load::{Merged, MergedRule, Status};
use super::node::Node;
use super::rules::{
    Adjust, Budget, Coefficient, ConsortiumTotal, Deduction, Deposit, DepositReturn, Distribution, HighCase, HighLine,
    InstitutionRow, Institutions, LowCase, LowLine, Method, MissingWeight, OutsideCare, OverrunSplit, Penalty,
    PointValue, PointValueLimit, PoolMean, Pools, Prepay, Readmission, ReasonableOverrun, RecognitionBooking, Referral,
    Reserve, RoundingRule, RuleBook, SamePrice, Scope, Sharing, Special, SpecialReview, Transfer, Ungrouped, Weights,
};
use super::spec::{Context, Count, FamilySpec, RuleSet, check_keys};
use super::{check, weights};
use crate::problem::catalogue::policy as p;
use crate::problem::{Problem, Problems};

/// The number of a rule in [`Policy::rules`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleNo(pub u16);

/// A rule's parameters with its number.
#[derive(Clone, Debug, PartialEq)]
pub struct Ruled<T> {
    pub rule: RuleNo,
    pub value: T,
}

/// What a rule rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    pub document: String,
    pub number: Option<String>,
    pub date: Option<NaiveDate>,
    pub article: String,
}

/// A rule as people cite it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleRef {
    pub name: String,
    pub kind: &'static str,
    /// The pack that states it.
    pub pack: String,
    pub citation: Option<Citation>,
    /// Why its value stands for something no document says.
    pub placeholder: Option<String>,
    /// The parameters as written, for explanations.
    pub parameters: Vec<(String, String)>,
}

impl RuleRef {
    /// The parameters on one line.
    #[must_use]
    pub fn parameter_text(&self) -> String {
        self.parameters.iter().map(|(name, value)| format!("{name} = {value}")).collect::<Vec<_>>().join("; ")
    }
}

/// The compiled rules of one place for one time.
#[derive(Clone, Debug)]
pub struct Policy {
    pub id: String,
    pub title: String,
    pub place: String,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    pub status: Status,
    /// Every rule, in the order of names.
    pub rules: Vec<RuleRef>,
    pub rounding: Ruled<RoundingRule>,
    pub method: Ruled<Method>,
    pub scope: Ruled<Scope>,
    pub pools: Ruled<Pools>,
    pub institutions: Ruled<Institutions>,
    pub weights: Ruled<Weights>,
    pub weight_table: weights::WeightTable,
    pub missing_weight: Ruled<MissingWeight>,
    pub pool_mean: Option<Ruled<PoolMean>>,
    pub coefficients: Vec<Ruled<Coefficient>>,
    pub same_price: Vec<Ruled<SamePrice>>,
    pub low_line: Ruled<LowLine>,
    pub high_line: Ruled<HighLine>,
    pub low_case: Ruled<LowCase>,
    pub high_case: Ruled<HighCase>,
    pub ungrouped: Vec<Ruled<Ungrouped>>,
    /// By order, those without one last.
    pub special: Vec<Ruled<Special>>,
    /// By order, those without one last.
    pub adjust: Vec<Ruled<Adjust>>,
    pub readmission: Option<Ruled<Readmission>>,
    pub transfer: Option<Ruled<Transfer>>,
    pub special_review: Option<Ruled<SpecialReview>>,
    pub budget: Ruled<Budget>,
    /// By order.
    pub deductions: Vec<Ruled<Deduction>>,
    pub point_value: Option<Ruled<PointValue>>,
    pub point_value_limit: Option<Ruled<PointValueLimit>>,
    pub prepay: Ruled<Prepay>,
    pub deposit: Ruled<Deposit>,
    pub deposit_return: Option<Ruled<DepositReturn>>,
    pub penalties: Vec<Ruled<Penalty>>,
    pub sharing: Vec<Ruled<Sharing>>,
    pub reasonable_overrun: Option<Ruled<ReasonableOverrun>>,
    pub reserve: Option<Ruled<Reserve>>,
    pub consortium_total: Option<Ruled<ConsortiumTotal>>,
    pub outside_care: Option<Ruled<OutsideCare>>,
    pub referral: Option<Ruled<Referral>>,
    pub distribution: Option<Ruled<Distribution>>,
    pub overrun_split: Option<Ruled<OverrunSplit>>,
}

impl Policy {
    /// The rule of a number.
    #[must_use]
    pub fn rule(&self, number: RuleNo) -> &RuleRef {
        &self.rules[usize::from(number.0)]
    }
}

/// Reads, counts and checks the rules of a pack. `None` when an error was told.
pub(super) fn compile(pack: &Merged, problems: &mut Problems) -> Option<Policy> {
    let (book, rules) = read_rules(pack, problems)?;
    let mut found = Problems::new();
    let policy = assemble(pack, book, rules, &mut found);
    let failed = found.has_errors();
    problems.append(found);
    policy.filter(|_| !failed)
}

/// Reads and counts the rules of a pack. `None` when an error was told.
pub(super) fn read_rules<B: RuleSet>(pack: &Merged, problems: &mut Problems) -> Option<(B, Vec<RuleRef>)> {
    let mut found = Problems::new();
    let mut book = B::default();
    let mut rules = Vec::with_capacity(pack.rules.len());
    for (name, rule) in &pack.rules {
        let mut context = Context::new(&mut found, "rules");
        let number = RuleNo(u16::try_from(rules.len()).ok()?);
        let reference = context.within(name, |context| read_rule(name, rule, number, &mut book, context));
        rules.extend(reference);
    }
    if rules.len() == pack.rules.len() && !found.has_errors() {
        count(&book, &rules, pack, |family| family.count == Count::One, &mut found);
    }
    let failed = found.has_errors();
    problems.append(found);
    (!failed).then_some((book, rules))
}

const COMMON: [&str; 5] = ["kind", "source", "article", "placeholder", "note"];

pub(super) fn read_rule<B: RuleSet>(
    name: &str,
    rule: &MergedRule,
    number: RuleNo,
    book: &mut B,
    context: &mut Context<'_>,
) -> Option<RuleRef> {
    let origin = &rule.node.origin;
    let Some(keys) = rule.node.as_table() else {
        return context.wrong_type(&rule.node, "table");
    };
    let Some(stated) = keys.get("kind") else {
        let problem = Problem::new(&p::MISSING_KEY).with("key", "kind").with("meaning", "规则类型 / kind of rule");
        return context.refuse(origin, problem);
    };
    let kinds = || B::FAMILIES.iter().flat_map(|family| family.kinds);
    let Some(kind) = stated.as_text().and_then(|stated| kinds().find(|spec| spec.kind == stated)) else {
        let known: Vec<&str> = kinds().map(|spec| spec.kind).collect();
        let text = stated.as_written().unwrap_or_default().to_owned();
        return context.unknown(&stated.origin, &p::UNKNOWN_KIND, "kind", &text, &known);
    };
    check_keys(keys, origin, kind.fields, &COMMON, context);
    book.read(kind, number, &rule.node, context);
    let text = |key: &str| keys.get(key).and_then(Node::as_text).map(str::trim).filter(|t| !t.is_empty());
    let placeholder = text("placeholder").map(str::to_owned);
    let citation = match (text("source"), text("article")) {
        (Some(source), Some(article)) => match rule.sources.get(source) {
            Some(document) => Some(Citation {
                document: document.document.clone(),
                number: document.number.clone(),
                date: document.date,
                article: article.to_owned(),
            }),
            None => {
                let known: Vec<&str> = rule.sources.keys().map(String::as_str).collect();
                let problem = Problem::new(&p::UNKNOWN_SOURCE).with("source", source).with("known", known.join(", "));
                return context.refuse(origin, problem);
            }
        },
        _ if placeholder.is_some() => None,
        _ => return context.refuse(origin, Problem::new(&p::NO_SOURCE)),
    };
    let written = keys.iter().filter(|(key, _)| !COMMON.contains(&key.as_str()));
    let parameters = written.filter_map(|(key, value)| Some((key.clone(), brief(value)?))).collect();
    Some(RuleRef {
        name: name.to_owned(),
        kind: kind.kind,
        pack: rule.pack.to_string(),
        citation,
        placeholder,
        parameters,
    })
}

/// A parameter as written; tables of rows are left out.
fn brief(node: &Node) -> Option<String> {
    let is_rows = node.as_list().is_some_and(|items| items.len() > 24 || items.iter().any(|i| i.as_table().is_some()));
    (!is_rows).then(|| node.to_string())
}

/// Families with too few or too many rules.
pub(super) fn count(
    book: &impl RuleSet,
    rules: &[RuleRef],
    pack: &Merged,
    is_needed: impl Fn(&FamilySpec) -> bool,
    problems: &mut Problems,
) {
    for (family, numbers) in book.numbers() {
        let kinds: Vec<&str> = family.kinds.iter().map(|spec| spec.kind).collect();
        if is_needed(family) && numbers.is_empty() {
            let meaning = format!("{} / {}", family.words.zh, family.words.en);
            let problem = Problem::new(&p::MISSING_RULE).with("family", family.family).with("meaning", meaning);
            let file = pack.files.first().map_or("", |file| file);
            problems.push(problem.with("kinds", kinds.join(", ")).file(file).rule(pack.header.id.as_str()));
        }
        if family.count != Count::Any && numbers.len() > 1 {
            let names: Vec<&str> = numbers.iter().map(|n| rules[usize::from(n.0)].name.as_str()).collect();
            let problem = Problem::new(&p::TWO_RULES).with("family", family.family).with("rules", names.join(", "));
            problems.push(problem.rule(pack.header.id.as_str()));
        }
    }
}

fn assemble(pack: &Merged, book: RuleBook, rules: Vec<RuleRef>, problems: &mut Problems) -> Option<Policy> {
    if let (Some(problem), Some(own)) = (points_by_rate(&book), book.recognition_booking.first()) {
        let own = &rules[usize::from(own.rule.0)];
        problems.push(problem.file(own.pack.as_str()).rule(format!("rules.{}", own.name)));
    }
    let columns = weights::named(&book);
    let mut special = book.special;
    special.sort_by_key(|rule| (rule.value.order().unwrap_or(i64::MAX), rule.rule));
    let mut adjust = book.adjust;
    adjust.sort_by_key(|rule| (rule.value.order().unwrap_or(i64::MAX), rule.rule));
    let mut deductions = book.deduction;
    deductions.sort_by_key(|rule| (rule.value.order(), rule.rule));
    let weights = only(book.weights)?;
    let weight_table = weights::read(&weights.value, &columns, &rules[usize::from(weights.rule.0)], problems)?;
    let policy = Policy {
        id: pack.header.id.clone(),
        title: pack.header.title.clone(),
        place: pack.header.place.clone()?,
        valid_from: pack.header.valid_from?,
        valid_to: pack.header.valid_to,
        status: pack.header.status,
        rules,
        rounding: only(book.rounding)?,
        method: only(book.method)?,
        scope: only(book.scope)?,
        pools: only(book.pools)?,
        institutions: only(book.institutions)?,
        weights,
        weight_table,
        missing_weight: only(book.missing_weight)?,
        pool_mean: only(book.pool_mean),
        coefficients: book.coefficient,
        same_price: book.same_price,
        low_line: only(book.low_line)?,
        high_line: only(book.high_line)?,
        low_case: only(book.low_case)?,
        high_case: only(book.high_case)?,
        ungrouped: book.ungrouped,
        special,
        adjust,
        readmission: only(book.readmission),
        transfer: only(book.transfer),
        special_review: only(book.special_review),
        budget: only(book.budget)?,
        deductions,
        point_value: only(book.point_value),
        point_value_limit: only(book.point_value_limit),
        prepay: only(book.prepay)?,
        deposit: only(book.deposit)?,
        deposit_return: only(book.deposit_return),
        penalties: book.penalty,
        sharing: book.sharing,
        reasonable_overrun: only(book.reasonable_overrun),
        reserve: only(book.reserve),
        consortium_total: only(book.consortium_total),
        outside_care: only(book.outside_care),
        referral: only(book.referral),
        distribution: only(book.distribution),
        overrun_split: only(book.overrun_split),
    };
    check::check(&policy, problems);
    Some(policy)
}

/// Points of recognised exams have no value where cases are paid by rate.
pub(crate) fn points_by_rate(book: &RuleBook) -> Option<Problem> {
    let by_rate = book.method.iter().any(|rule| matches!(rule.value, Method::Rate { .. }));
    let points = book.recognition_booking.iter().any(|rule| matches!(rule.value, RecognitionBooking::Points { .. }));
    let problem = || Problem::new(&p::NEEDS).with("what", "recognition_booking.points").with("needs", "method.points");
    (by_rate && points).then(problem)
}

/// The single rule of a family, counted before.
fn only<T>(rules: Vec<Ruled<T>>) -> Option<Ruled<T>> {
    rules.into_iter().next()
}

impl InstitutionRow {
    /// Its first and last day, counted from 1970-01-01.
    #[must_use]
    pub fn days(&self) -> (i32, i32) {
        let from = self.valid_from.map_or(i32::MIN, |day| day.to_epoch_days());
        (from, self.valid_to.map_or(i32::MAX, |day| day.to_epoch_days()))
    }
}

impl Policy {
    /// The rows of the register; none without one.
    pub fn register(&self) -> impl Iterator<Item = &InstitutionRow> {
        let rows = match &self.institutions.value {
            Institutions::Register { table } => table.0.as_slice(),
            Institutions::FromClaims { .. } => &[],
        };
        rows.iter().map(|(row, _)| row)
    }
    /// The level of an institution in the register on a day; where it has no row then, its level before that day.
    #[must_use]
    pub fn level_on(&self, institution: &str, day: NaiveDate) -> Option<&str> {
        let day = day.to_epoch_days();
        let own = self.register().filter(|row| row.fixmedins_code == institution && row.days().0 <= day);
        own.max_by_key(|row| row.days().0).map(|row| row.hosp_lv.as_str())
    }
    /// The level of an institution's last row in the register.
    #[must_use]
    pub fn last_level(&self, institution: &str) -> Option<&str> {
        self.level_on(institution, NaiveDate::MAX)
    }
}
