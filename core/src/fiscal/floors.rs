//! Each floor put to each government and year.

use rust_decimal::Decimal;

use super::model::{Bound, Closing, Floor, FloorKind, Government, Policy, Shares, Year};
use crate::awards::Note;
use crate::money::{Fen, Rounding, allocate, div_round_i64, scaled};
use crate::problem::catalogue::awards as a;
use crate::problem::{Problem, Problems};

/// How a floor stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Reached; equality counts as reached.
    Met,
    Short,
    /// Above a figure that was to be met exactly.
    Above,
    /// A figure is missing.
    Unknown,
}

impl Standing {
    /// The code written to files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Standing::Met => "met",
            Standing::Short => "short",
            Standing::Above => "above",
            Standing::Unknown => "unknown",
        }
    }

    #[must_use]
    pub const fn chinese(self) -> &'static str {
        match self {
            Standing::Met => "达标",
            Standing::Short => "未达标",
            Standing::Above => "高于定值",
            Standing::Unknown => "缺数据",
        }
    }
}

/// A floor of a government and year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FloorLine {
    pub government: String,
    pub level: crate::awards::Level,
    pub year: i32,
    pub floor: String,
    pub title: String,
    pub standing: Standing,
    /// The least amount to the fen that reaches the floor; for a balance that must fall, the most.
    pub required: Option<Fen>,
    pub actual: Option<Fen>,
    /// What is missing to the floor, or is too much of a balance that must fall; never negative.
    pub gap: Fen,
    /// What is above the floor.
    pub surplus: Fen,
    /// The money that closing the gap takes.
    pub cost: Fen,
    /// What the yearly growth of the gap follows when nothing is done.
    pub growth: GapGrowth,
    pub formula: Note,
    /// Names of the accounts that are missing.
    pub missing: Vec<String>,
    pub citation: String,
    pub simulation: bool,
}

/// How a gap grows when the government goes on as it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GapGrowth {
    None,
    /// With the budget.
    Budget,
    /// With this year's index.
    Index(Decimal),
}

/// What a floor asks, before it is compared.
struct Asked {
    required: Fen,
    actual: Fen,
    cost: Option<Fen>,
    most: bool,
    exact: bool,
    growth: GapGrowth,
    formula: Note,
}

/// Puts every floor to every government and year, in the order of governments, years, floors.
///
/// # Errors
/// Shares of a joint funding that do not sum to 1, totals that differ between governments, amounts too large.
pub fn check(policy: &Policy, years: &[Year]) -> Result<Vec<FloorLine>, Problems> {
    let mut problems = Problems::new();
    let mut lines = Vec::new();
    let mut sorted: Vec<(usize, &Year)> = years
        .iter()
        .filter_map(|year| Some((policy.governments.iter().position(|g| g.name == year.government)?, year)))
        .collect();
    sorted.sort_by_key(|(government, year)| (*government, year.year));
    for (government, year) in sorted {
        let government = &policy.governments[government];
        for floor in policy.floors.iter().filter(|floor| floor.levels.contains(&government.level)) {
            match line(policy, floor, government, year, years) {
                Ok(line) => lines.push(line),
                Err(problem) => problems.push(problem),
            }
        }
    }
    // The same mistake of a joint funding shows at every government.
    problems.0.dedup();
    if problems.has_errors() { Err(problems) } else { Ok(lines) }
}

fn line(
    policy: &Policy,
    floor: &Floor,
    government: &Government,
    year: &Year,
    years: &[Year],
) -> Result<FloorLine, Problem> {
    let mut missing = Vec::new();
    let asked = ask(&mut Accounts { policy, floor, year, years, missing: &mut missing })?;
    let mut line = FloorLine {
        government: government.name.clone(),
        level: government.level,
        year: year.year,
        floor: floor.id.clone(),
        title: floor.title.clone(),
        standing: Standing::Unknown,
        required: None,
        actual: year.money(&floor.amount),
        gap: Fen::ZERO,
        surplus: Fen::ZERO,
        cost: Fen::ZERO,
        growth: GapGrowth::None,
        formula: Note::default(),
        missing,
        citation: floor.citation.to_string(),
        simulation: policy.simulation,
    };
    let Some(asked) = asked else { return Ok(line) };
    let difference = asked.actual.checked_sub(asked.required).ok_or_else(too_large)?;
    let over = if asked.most { Fen(-difference.0) } else { difference };
    line.required = Some(asked.required);
    line.gap = Fen(-over.0).max(Fen::ZERO);
    line.surplus = over.max(Fen::ZERO);
    line.cost = if line.gap == Fen::ZERO { Fen::ZERO } else { asked.cost.unwrap_or(line.gap) };
    line.standing = match over.cmp(&Fen::ZERO) {
        std::cmp::Ordering::Less => Standing::Short,
        std::cmp::Ordering::Greater if asked.exact => Standing::Above,
        _ => Standing::Met,
    };
    line.growth = asked.growth;
    line.formula = asked.formula;
    Ok(line)
}

fn too_large() -> Problem {
    Problem::new(&a::TOO_LARGE)
}

/// `fen × factor`, rounded up to the fen: less would not reach the floor.
fn up(fen: Fen, factor: Decimal) -> Result<Fen, Problem> {
    let factor = factor.normalize();
    let product = i128::from(fen.0).checked_mul(factor.mantissa()).ok_or_else(too_large)?;
    let scale = 10i128.checked_pow(factor.scale()).ok_or_else(too_large)?;
    div_round_i64(product, scale, Rounding::Ceiling).map(Fen).ok_or_else(too_large)
}

/// The accounts that a floor reads, with the names of those that are missing.
struct Accounts<'a> {
    policy: &'a Policy,
    floor: &'a Floor,
    year: &'a Year,
    years: &'a [Year],
    missing: &'a mut Vec<String>,
}

impl Accounts<'_> {
    fn known<T>(&mut self, code: &str, found: Option<T>) -> Option<T> {
        if found.is_none() {
            self.missing
                .push(self.policy.account(code).map_or_else(|| code.to_owned(), |account| account.name.clone()));
        }
        found
    }

    fn money(&mut self, code: &str) -> Option<Fen> {
        self.known(code, self.year.money(code))
    }

    fn number(&mut self, code: &str) -> Option<Decimal> {
        self.known(code, self.year.number(code))
    }

    /// The amount that the floor is about.
    fn actual(&mut self) -> Option<Fen> {
        self.money(&self.floor.amount)
    }

    /// The same amount of the year before.
    fn last(&mut self) -> Option<Fen> {
        let (floor, year) = (self.floor, self.year);
        let before = self.years.iter().find(|y| y.government == year.government && y.year == year.year - 1);
        let found = before.and_then(|last| last.money(&floor.amount));
        if found.is_none() {
            let name = self.policy.account(&floor.amount).map_or(&floor.amount, |account| &account.name);
            self.missing.push(format!("{} {name}", year.year - 1));
        }
        found
    }
}

impl Asked {
    fn new(required: Fen, actual: Fen, zh: String, en: String) -> Asked {
        let formula = Note { zh, en };
        Asked { required, actual, cost: None, most: false, exact: false, growth: GapGrowth::None, formula }
    }
}

/// What the floor asks of the year; `None` with the names of what is missing.
fn ask(of: &mut Accounts<'_>) -> Result<Option<Asked>, Problem> {
    let actual = of.actual();
    let floor = of.floor;
    Ok(match &floor.kind {
        FloorKind::Share { base, share, bound, closing } => {
            let (Some(base), Some(actual)) = (of.money(base), actual) else { return Ok(None) };
            // Of a base below zero nothing is asked.
            let required = up(base.max(Fen::ZERO), *share)?;
            let text = base.grouped();
            let cost = match closing {
                Closing::Reallocate => None,
                Closing::Additional => Some(additional(base, actual, *share)?),
            };
            let (zh, en) = match base < Fen::ZERO {
                true => {
                    (format!("基数 {text} 元为负，不作要求"), format!("the base of {text} yuan is below zero: nothing"))
                }
                false => (format!("{text} 元 × {share}"), format!("{text} yuan × {share}")),
            };
            let line = Asked::new(required, actual, zh, en);
            Some(Asked { cost, exact: *bound == Bound::Exact, growth: GapGrowth::Budget, ..line })
        }
        FloorKind::Amount(fen) => {
            let Some(actual) = actual else { return Ok(None) };
            let text = fen.grouped();
            Some(Asked::new(*fen, actual, format!("每年 {text} 元"), format!("{text} yuan a year")))
        }
        FloorKind::PerHead { heads, each } => {
            let (Some(heads), Some(actual)) = (of.number(heads), actual) else { return Ok(None) };
            let text = each.grouped();
            let (zh, en) = (format!("{text} 元 × {heads} 人"), format!("{text} yuan × {heads} heads"));
            Some(Asked::new(up(*each, heads)?, actual, zh, en))
        }
        FloorKind::Growth { index, cap_at_zero } => grown(of, actual, index, *cap_at_zero)?,
        FloorKind::InFull { needed } => {
            let (Some(needed), Some(actual)) = (of.money(needed), actual) else { return Ok(None) };
            let text = needed.grouped();
            let line = Asked::new(needed, actual, format!("应安排 {text} 元"), format!("{text} yuan needed"));
            Some(Asked { growth: GapGrowth::Budget, ..line })
        }
        FloorKind::Decrease { fall } => fallen(of, actual, *fall)?,
        FloorKind::CoFunding { total, shares } => {
            let (Some(whole), Some(actual)) = (of.money(total), actual) else { return Ok(None) };
            let Some(required) = part(of, whole, total, shares)? else { return Ok(None) };
            let text = whole.grouped();
            let (zh, en) = (format!("总费用 {text} 元按分担比例"), format!("its share of {text} yuan"));
            Some(Asked::new(required, actual, zh, en))
        }
    })
}

/// Last year's amount, grown by an index.
fn grown(of: &mut Accounts<'_>, actual: Option<Fen>, index: &str, capped: bool) -> Result<Option<Asked>, Problem> {
    let (before, index) = (of.last(), of.number(index));
    let (Some(before), Some(index), Some(actual)) = (before, index, actual) else { return Ok(None) };
    let rate = if capped { index.max(Decimal::ZERO) } else { index };
    let required = up(before, Decimal::ONE.checked_add(rate).ok_or_else(too_large)?)?;
    let text = before.grouped();
    let (zh, en) = (format!("上年 {text} 元 × (1 + {rate})"), format!("last year {text} yuan × (1 + {rate})"));
    Ok(Some(Asked { growth: GapGrowth::Index(rate), ..Asked::new(required, actual, zh, en) }))
}

/// Last year's amount, lowered by a share; the most that may be left is rounded down.
fn fallen(of: &mut Accounts<'_>, actual: Option<Fen>, fall: Decimal) -> Result<Option<Asked>, Problem> {
    let (Some(before), Some(actual)) = (of.last(), actual) else { return Ok(None) };
    let left = Decimal::ONE.checked_sub(fall).ok_or_else(too_large)?;
    let required = Fen(-up(Fen(-before.0), left)?.0);
    let text = before.grouped();
    let (zh, en) = (format!("不高于上年 {text} 元 × {left}"), format!("at most last year's {text} yuan × {left}"));
    Ok(Some(Asked { most: true, ..Asked::new(required, actual, zh, en) }))
}

/// The spending on top of a base that reaches a share of the grown base: `⌈(s·B − A) ÷ (1 − s)⌉`.
fn additional(base: Fen, actual: Fen, share: Decimal) -> Result<Fen, Problem> {
    let share = share.normalize();
    let one = 10i128.checked_pow(share.scale()).ok_or_else(too_large)?;
    let product = i128::from(base.0).checked_mul(share.mantissa()).ok_or_else(too_large)?;
    let short =
        product.checked_sub(i128::from(actual.0).checked_mul(one).ok_or_else(too_large)?).ok_or_else(too_large)?;
    if short <= 0 {
        return Ok(Fen::ZERO);
    }
    div_round_i64(short, one - share.mantissa(), Rounding::Ceiling).map(Fen).ok_or_else(too_large)
}

/// A government's part of a joint funding: the total of the year split by largest remainder among all that share.
fn part(of: &mut Accounts<'_>, whole: Fen, total: &str, shares: &Shares) -> Result<Option<Fen>, Problem> {
    let (policy, floor, year, years) = (of.policy, of.floor, of.year, of.years);
    let of_year: Vec<&Year> = years.iter().filter(|other| other.year == year.year).collect();
    let mut shared: Vec<(&str, Decimal)> = Vec::new();
    for government in &policy.governments {
        let share = match shares {
            Shares::Stated(shares) => shares.get(&government.name).copied(),
            Shares::Account(code) => {
                of_year.iter().find(|other| other.government == government.name).and_then(|other| other.number(code))
            }
        };
        shared.extend(share.map(|share| (government.name.as_str(), share)));
    }
    let Some(at) = shared.iter().position(|(name, _)| *name == year.government) else {
        match shares {
            Shares::Stated(_) => return Ok(Some(Fen::ZERO)),
            Shares::Account(code) => {
                return Ok(of.known(code, None));
            }
        }
    };
    let sum: Decimal = shared.iter().map(|(_, share)| *share).sum();
    if sum != Decimal::ONE {
        let problem = Problem::new(&a::SHARES_OF_YEAR).with("floor", &floor.title).with("year", year.year);
        return Err(problem.with("sum", sum.normalize()).rule(floor.id.as_str()));
    }
    if let Some(odd) = of_year.iter().find(|other| other.money(total).is_some_and(|fen| fen != whole)) {
        let problem = Problem::new(&a::TOTALS_DIFFER).with("floor", &floor.title).with("year", year.year);
        let mut names = [year.government.as_str(), odd.government.as_str()];
        names.sort_unstable();
        return Err(problem.with("one", names[0]).with("other", names[1]).rule(floor.id.as_str()));
    }
    let scale = shared.iter().map(|(_, share)| share.normalize().scale()).max().unwrap_or(0);
    let weights: Option<Vec<i128>> = shared.iter().map(|(_, share)| scaled(*share, scale)).collect();
    let parts = weights.and_then(|weights| allocate(whole, &weights)).ok_or_else(too_large)?;
    Ok(Some(parts[at]))
}
