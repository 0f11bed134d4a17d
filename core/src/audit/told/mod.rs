//! The price of one case told step by step: each with its formula, the numbers put into it, and the rule. What a step
//! comes to is reckoned from the formula that it prints, so that no factor can be left out.

mod formula;
mod given;
mod price;

use formula::{Symbols, words};

use super::facts::{Case, cases};
use super::formulas::Terms;
use super::place::{Placed, place};
use super::ratio::Ratio;
use super::{Found, rule_name};
use crate::claims::{Claims, UNKNOWN_FEN};
use crate::grouper::{Grouped, Outcome};
use crate::money::Rounding;
use crate::policy::rules::Counts;
use crate::policy::{PolicySet, RuleNo};
use crate::pricing::{Options, TcmCosts};

/// A claim by itself, as a book has it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ToldClaim<'a> {
    pub claims: &'a Claims,
    /// Its row.
    pub row: usize,
    pub grouped: &'a Grouped,
    pub outcomes: &'a [Outcome],
    /// M as it was found, a decimal text; empty for none.
    pub pool_mean: &'a str,
    /// The other stay by which a readmission reduces this one, and the days between.
    pub readmission: Option<&'a [(&'static str, String)]>,
    /// Whether the share of TCM in the cost is looked at, as at clearing.
    pub clearing: bool,
}

/// A figure on the way to the price.
#[derive(Clone, Debug)]
pub(crate) struct ToldStep {
    pub zh: String,
    pub en: String,
    pub value: String,
    /// Of symbols, which are the names of the numbers; empty for a figure of a table.
    pub formula: String,
    pub numbers: Vec<(String, String)>,
    /// Names of rules of the pack.
    pub rules: Vec<String>,
}

/// The price of a case.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub steps: Vec<ToldStep>,
    pub points: Ratio,
    pub amount: Ratio,
    pub outside: Ratio,
    bill: Ratio,
    /// Whether the case is paid by rate; s ÷ M, where there is M.
    by_rate: bool,
    point_of_a_yuan: Option<Ratio>,
}

impl Told {
    /// Points, and what is paid by amount within the pool and outside, as tables show them.
    pub(crate) fn figures(&self) -> [String; 3] {
        [self.points.text(4), self.amount.text(2), self.outside.text(2)]
    }
}

/// Tells how a claim is priced by itself: of a chain of transfers, before the price is divided.
pub(crate) fn told(set: &PolicySet, claim: &ToldClaim<'_>) -> Found<Told> {
    let parts = &claim.claims.parts;
    let known = |column: &[i64]| column.get(claim.row).is_some_and(|fen| *fen != UNKNOWN_FEN);
    let looked_at = claim.clearing && known(&parts.tcm_fen) && known(&parts.tcm_base_fen);
    let tcm = looked_at.then_some(TcmCosts { tcm_fen: &parts.tcm_fen, base_fen: &parts.tcm_base_fen });
    let options = Options { period: None, past: &[], tcm };
    let cases = cases(claim.claims, claim.grouped, claim.outcomes, &options, None);
    let case = cases.get(claim.row).ok_or("claim")?;
    let placed = place(set, None, case)?;
    let pool_mean = if claim.pool_mean.is_empty() { None } else { Ratio::parse(claim.pool_mean) };
    let terms = Terms::new(&placed, case, pool_mean)?;
    let mut teller = Teller {
        placed: &placed,
        case,
        terms: &terms,
        symbols: Symbols::default(),
        steps: Vec::new(),
        readmission: claim.readmission,
    };
    teller.price()
}

/// Tells what of the price of a chain of transfers, its stays in the order of time, is of one of them; with the figures
/// that it was given: points, amount, outside.
pub(crate) fn told_chain(
    chain: &[(&str, &Told)],
    own: usize,
    counts: Counts,
    given: [&str; 3],
) -> Option<(ToldStep, bool)> {
    let money = chain.iter().all(|(_, told)| told.points.is_zero() || told.by_rate);
    let worth = |told: &Told| -> Option<Ratio> {
        let amount = &told.amount + &told.outside;
        match (money, amount.is_zero()) {
            (true, _) => Some(amount),
            (false, true) => Some(told.points.clone()),
            (false, false) => Some(&told.points + amount * told.point_of_a_yuan.as_ref()?),
        }
    };
    let worths = chain.iter().map(|(_, told)| worth(told)).collect::<Option<Vec<Ratio>>>()?;
    let counted = match counts {
        Counts::First => 0,
        Counts::Last => chain.len() - 1,
        Counts::Highest => (0..chain.len()).reduce(|best, at| if worths[at] > worths[best] { at } else { best })?,
    };
    let (id, told) = chain[counted];
    let own_figures = [&told.points, &told.amount, &told.outside];
    let paid = (0..3).find(|at| !own_figures[*at].is_zero()).unwrap_or(0);
    let mut bills: Vec<Ratio> = chain.iter().map(|(_, told)| told.bill.clone().most(Ratio::zero())).collect();
    if bills.iter().all(Ratio::is_zero) {
        bills.fill(Ratio::one());
    }
    let sum = bills.iter().fold(Ratio::zero(), |sum, bill| sum + bill);
    let mut numbers = vec![("whole".to_owned(), shown(own_figures[paid]))];
    numbers.push(("C".to_owned(), shown(&bills[own])));
    numbers.push(("ΣC".to_owned(), shown(&sum)));
    numbers.push(("counted".to_owned(), id.to_owned()));
    numbers.extend(chain.iter().zip(&bills).map(|((id, _), bill)| ((*id).to_owned(), shown(bill))));
    let given_value = Ratio::parse(given[paid])?;
    let exact = (own_figures[paid] * &bills[own]).over(&sum)?;
    // The largest remainder lies less than one unit beside the exact part; points may have few digits.
    let apart = if given_value > exact { &given_value - &exact } else { &exact - &given_value };
    let step = ToldStep {
        zh: "分到本次的点数或金额（转院只计一次价，按费用、最大余额法）".to_owned(),
        en: "points or amount of this stay (transfers priced once, divided by cost, largest remainder)".to_owned(),
        value: given[paid].to_owned(),
        formula: "whole × C ÷ ΣC".to_owned(),
        numbers,
        rules: Vec::new(),
    };
    Some((step, apart < Ratio::one()))
}

/// Goes from the weight to the rounded price.
struct Teller<'t, 'p, 'c> {
    placed: &'t Placed<'p>,
    case: &'t Case<'c>,
    terms: &'t Terms,
    symbols: Symbols,
    steps: Vec<ToldStep>,
    readmission: Option<&'t [(&'static str, String)]>,
}

impl Teller<'_, '_, '_> {
    /// Reckons a formula, gives its value to a symbol and tells the step.
    fn step(&mut self, symbol: &str, words: (&str, &str), formula: &str, rule: Option<RuleNo>) -> Found<Ratio> {
        self.provide(formula)?;
        let value = self.symbols.value(formula)?;
        let numbers = self.numbers(formula);
        self.symbols.set(symbol, value.clone());
        self.tell(words, &value, formula, numbers, rule);
        Ok(value)
    }

    /// A figure that stands in a table of the pack.
    fn given(&mut self, symbol: &str, words: (&str, &str), value: Ratio, rule: RuleNo) {
        self.symbols.set(symbol, value.clone());
        self.tell(words, &value, "", Vec::new(), Some(rule));
    }

    fn tell(
        &mut self,
        (zh, en): (&str, &str),
        value: &Ratio,
        formula: &str,
        numbers: Vec<(String, String)>,
        rule: Option<RuleNo>,
    ) {
        let rules = rule.map(|rule| rule_name(self.placed.policy, rule)).into_iter().collect();
        let (zh, en, formula) = (zh.to_owned(), en.to_owned(), formula.to_owned());
        self.steps.push(ToldStep { zh, en, value: shown(value), formula, numbers, rules });
    }

    /// The symbols of a formula with their values, each once.
    fn numbers(&self, formula: &str) -> Vec<(String, String)> {
        let mut numbers: Vec<(String, String)> = Vec::new();
        for name in words(formula) {
            if let Some(value) = self.symbols.get(name)
                && !numbers.iter().any(|(own, _)| own == name)
            {
                let whole = name == "s" || name == "digits" || name.starts_with("days");
                numbers.push((name.to_owned(), if whole { value.text(0) } else { shown(value) }));
            }
        }
        numbers
    }

    /// A number beside those of the formula of the last step.
    fn beside(&mut self, name: &str, value: impl Into<String>) {
        if let Some(step) = self.steps.last_mut() {
            step.numbers.push((name.to_owned(), value.into()));
        }
    }

    fn round(&mut self, symbol: &str, words: (&str, &str), formula: &str, to: (u32, Rounding)) -> Found<Ratio> {
        let (digits, rounding) = to;
        self.symbols.set("digits", Ratio::whole(digits));
        self.symbols.rounding = Some(rounding);
        let rule = self.placed.policy.rounding.rule;
        let value = self.step(symbol, words, &format!("round({formula}, digits)"), Some(rule))?;
        self.beside("mode", mode(rounding));
        Ok(value)
    }
}

const fn mode(rounding: Rounding) -> &'static str {
    match rounding {
        Rounding::HalfUp => "half_up",
        Rounding::HalfEven => "half_even",
        Rounding::TowardZero => "toward_zero",
        Rounding::Floor => "floor",
        Rounding::Ceiling => "ceiling",
    }
}

/// Decimals that a figure is shown with; `…` stands for those that follow.
const SHOWN: u32 = 12;

fn shown(value: &Ratio) -> String {
    let exact = (2..=SHOWN).find(|digits| value.round(*digits, Rounding::TowardZero) == *value);
    exact.map_or_else(|| format!("{}…", value.text(SHOWN)), |digits| value.text(digits))
}
