//! An explanation leaves no factor out: whatever the pack, every step can be reckoned from the numbers that it prints,
//! and the last of them is what the case is paid.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use dianzhi::explain::{Rules, Step, priced};
use dianzhi::policy::rules_table;
use dianzhi::problem::Lang;
use dianzhi::table::cell::plain;
use proptest::prelude::*;
use proptest::test_runner::{TestError, TestRunner};
use rust_decimal::{Decimal, RoundingStrategy};

use super::claims::World;
use super::dice::{Dice, dice};
use super::packs::random;
use super::support::{Around, settle};
use crate::settlement::world::compile_with;

const MONTH: &str = "2026-03";
/// Half a unit of the last decimal shown stands for decimals that are not.
const REST: Decimal = Decimal::from_parts(5, 0, 0, false, 13);

/// A printed number; whether decimals follow that are not printed.
fn number(text: &str) -> Option<(Decimal, bool)> {
    let cut = text.ends_with('…');
    let value: Decimal = text.trim_end_matches('…').replace(',', "").parse().ok()?;
    let rest = if value.is_sign_negative() { -REST } else { REST };
    Some((if cut { value + rest } else { value }, cut))
}

/// Reads a formula by its numbers.
struct Reader<'a> {
    words: Vec<String>,
    at: usize,
    known: BTreeMap<&'a str, Decimal>,
    mode: &'a str,
}

impl<'a> Reader<'a> {
    fn new(step: &'a Step) -> Reader<'a> {
        let mut words = vec![String::new()];
        for sign in step.formula.chars() {
            match sign {
                ' ' => words.push(String::new()),
                '+' | '−' | '×' | '÷' | '(' | ')' | ',' => words.extend([sign.to_string(), String::new()]),
                _ => words.last_mut().unwrap().push(sign),
            }
        }
        words.retain(|word| !word.is_empty());
        let known = step.numbers.iter().filter_map(|(name, value)| Some((name.as_str(), number(value)?.0))).collect();
        let mode = |(name, _): &&(String, String)| ["舍入方式", "rounding"].contains(&name.as_str());
        let mode = step.numbers.iter().find(mode).map_or("", |(_, mode)| mode.as_str());
        Reader { words, at: 0, known, mode }
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.words.get(self.at).is_some_and(|own| own == word);
        self.at += usize::from(found);
        found
    }

    fn sum(&mut self) -> Decimal {
        let mut value = self.product();
        loop {
            if self.take("+") {
                value += self.product();
            } else if self.take("−") {
                value -= self.product();
            } else {
                return value;
            }
        }
    }

    fn product(&mut self) -> Decimal {
        let mut value = self.one();
        loop {
            if self.take("×") {
                value *= self.one();
            } else if self.take("÷") {
                value /= self.one();
            } else {
                return value;
            }
        }
    }

    fn one(&mut self) -> Decimal {
        if self.take("(") {
            let value = self.sum();
            assert!(self.take(")"));
            return value;
        }
        let word = self.words[self.at].clone();
        self.at += 1;
        if self.take("(") {
            let first = self.sum();
            assert!(self.take(","));
            let second = self.sum();
            assert!(self.take(")"));
            return match word.as_str() {
                "min" => first.min(second),
                "max" => first.max(second),
                "取位" | "round" => self.round(first, second),
                other => panic!("{other}"),
            };
        }
        match word.parse::<u32>() {
            Ok(number) => number.into(),
            Err(_) => *self.known.get(word.as_str()).unwrap_or_else(|| panic!("{word} is not among the numbers")),
        }
    }

    fn round(&self, value: Decimal, digits: Decimal) -> Decimal {
        let strategy = match self.mode {
            "四舍五入（远离零）" | "a half away from zero" | "" => RoundingStrategy::MidpointAwayFromZero,
            "四舍六入五成双" | "a half to the even neighbour" => RoundingStrategy::MidpointNearestEven,
            "截断" | "towards zero" => RoundingStrategy::ToZero,
            "向下取整" | "towards minus infinity" => RoundingStrategy::ToNegativeInfinity,
            "向上取整" | "towards plus infinity" => RoundingStrategy::ToPositiveInfinity,
            other => panic!("{other}"),
        };
        // What lies under a unit of twenty decimals is the division's, not the figure's.
        let value = value.round_dp(20);
        value.round_dp_with_strategy(digits.try_into().unwrap(), strategy)
    }
}

/// Whether a step's figure is what its formula gives; the figure.
pub fn reckoned(step: &Step) -> Result<Decimal, String> {
    let (value, _) = number(&step.value).ok_or_else(|| format!("{step:?}"))?;
    if step.formula.is_empty() {
        return Ok(value);
    }
    let mut reader = Reader::new(step);
    let found = reader.sum();
    let scale = Decimal::new(1, 9) * (Decimal::ONE + value.abs());
    let rounded = step.formula.starts_with("取位") || step.formula.starts_with("round");
    let fits = if rounded { found == value } else { (found - value).abs() <= scale };
    if fits && reader.at == reader.words.len() { Ok(value) } else { Err(format!("{found} and not {value}: {step:?}")) }
}

/// Every step follows from the one before: what it calls points is what was last found of them.
pub fn follows(steps: &[Step]) -> Result<(), String> {
    let mut points: Option<String> = None;
    for step in steps {
        reckoned(step)?;
        let own = step.numbers.iter().find(|(name, _)| ["点数", "points"].contains(&name.as_str()));
        if let (Some((_, own)), Some(points)) = (own, &points)
            && number(own) != number(points.as_str())
        {
            return Err(format!("{own} and not {points}: {step:?}"));
        }
        if step.what.contains("点数") || step.what.contains("points") {
            points = Some(step.value.clone());
        }
    }
    Ok(())
}

/// How many cases were explained, and by which kinds of rules.
fn explained(dice: &mut Dice, kinds: &mut BTreeSet<String>) -> Result<usize, String> {
    let text = random(dice);
    let set = compile_with(&text, &[]).map_err(|problems| format!("{problems}\n{text}"))?;
    let count = 1 + dice.below(12);
    let world = World::random(dice, count, MONTH);
    let details = dianzhi::settlement::Details {
        own_pay_fen: vec![0; count],
        first_own_pay_fen: vec![0; count],
        deductible_fen: vec![0; count],
    };
    let around = Around { details: Some(details), ..Around::default() };
    let Ok(settled) = settle(&world, &set, MONTH, &around) else { return Ok(0) };
    let rules =
        Rules::new(rules_table(set.packs.iter().flat_map(|p| p.rules.iter().map(|rule| (p.id.as_str(), rule)))));
    let priced_claims = &settled.tables["claims"];
    let cell = |column: &str, row| plain(priced_claims.column(column).unwrap(), row);
    let lang = [Lang::Zh, Lang::En][dice.below(2)];
    let mut seen = 0;
    for row in (0..count).filter(|row| cell("state", *row) == "paid") {
        let adjusted = cell("adjusted_by", row);
        if adjusted.split('+').any(|rule| rule == "moved") {
            continue;
        }
        let readmitted = adjusted.split('+').any(|rule| rule == "again");
        let claims = (&world.claims, &world.grouped, &world.outcomes[..]);
        let told = |why| format!("{why}\n{text}\n{row}");
        let (steps, figures) =
            priced(&set, claims, row, &cell("pool_mean", row), (readmitted, false), (&rules, lang)).map_err(told)?;
        assert_eq!(figures, ["points", "by_amount", "outside_budget"].map(|column| cell(column, row)), "{text}");
        follows(&steps).map_err(told)?;
        for rule in adjusted.split('+').filter(|rule| !rule.is_empty()).chain([cell("rule", row).as_str()]) {
            let named = steps.iter().flat_map(|step| &step.rules).any(|own| own.rule == rule);
            assert!(named, "{rule} is told: {steps:#?}");
        }
        kinds.extend(steps.iter().flat_map(|step| &step.rules).map(|rule| rule.kind.clone()));
        seen += 1;
    }
    Ok(seen)
}

#[test]
fn every_figure_follows_from_the_numbers_of_its_steps() {
    let (cases, kinds) = (Cell::new(0), std::cell::RefCell::new(BTreeSet::new()));
    let runs = std::env::var("DIANZHI_AUDITS").ok().and_then(|count| count.parse().ok()).unwrap_or(400);
    let config = ProptestConfig { cases: runs, failure_persistence: None, ..ProptestConfig::default() };
    let result = TestRunner::new(config).run(&dice(400), |mut dice| {
        let seen = explained(&mut dice, &mut kinds.borrow_mut()).map_err(TestCaseError::fail)?;
        cases.set(cases.get() + seen);
        Ok(())
    });
    match result {
        Ok(()) => {}
        Err(TestError::Fail(why, _)) => panic!("{why}"),
        Err(error) => panic!("{error}"),
    }
    assert!(cases.get() > 400, "{} cases", cases.get());
    // Every kind of rule that can change a price was met.
    let kinds = kinds.into_inner();
    let families = ["weights.", "coefficient.", "low_case.", "high_case.", "ungrouped.", "special.", "adjust."];
    for family in families {
        assert!(kinds.iter().any(|kind| kind.starts_with(family)), "{family} among {kinds:?}");
    }
    assert!(kinds.contains("readmission.within") && kinds.contains("special_review.quota"), "{kinds:?}");
}
