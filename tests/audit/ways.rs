//! Cases whose cell is found by the short way of pricing have the price of the long way.

use std::cell::Cell;

use dianzhi::pricing::{Options, Priced, price};
use proptest::prelude::*;
use proptest::test_runner::{TestError, TestRunner};

use super::claims::World;
use super::dice::{Dice, dice};
use super::packs::plain;
use crate::settlement::world::compile_with;

const MONTH: &str = "2026-03";

/// A rule that no case meets takes the short way from a pack, and changes nothing else.
const IDLE: &str = "[rules.idle]\nkind = \"special.exclude\"\nwhen = { departments = [\"nobody\"] }\norder = 9\n\
                    placeholder = \"x\"\n";

/// Everything of a price that a reader sees.
fn seen(priced: &Priced) -> Vec<String> {
    let row = |row: usize| {
        format!(
            "{:?} {:?} {:?} {} {} {} {:?} {:?}",
            priced.case_kind[row],
            priced.state[row],
            priced.reason[row],
            priced.points_e4[row],
            priced.amount_fen[row],
            priced.outside_fen[row],
            priced.pools.get(usize::from(priced.pool[row])),
            priced.cell_of(row).map(|cell| (cell.institution, &cell.level, &cell.consortium, cell.weight_e6())),
        )
    };
    (0..priced.len()).map(row).collect()
}

/// Whether the claims have prices.
fn both_ways(dice: &mut Dice) -> Result<bool, String> {
    let text = plain(dice);
    let count = 1 + dice.below(60);
    let world = World::random(dice, count, MONTH);
    let period = (!dice.one_in(4)).then(|| MONTH.parse().expect("a month"));
    let options = Options { period, ..Options::default() };
    let priced = |pack: &str| -> Result<_, String> {
        let set = compile_with(pack, &[]).map_err(|problems| format!("{problems}\n{pack}"))?;
        let priced = price(&world.claims, &world.grouped, &world.outcomes, &set, &options);
        Ok(priced.map(|priced| seen(&priced)).map_err(|problems| problems.to_string()))
    };
    let (short, long) = (priced(&text)?, priced(&format!("{text}{IDLE}"))?);
    if short != long { Err(format!("{short:?}\n{long:?}\n{text}")) } else { Ok(short.is_ok()) }
}

#[test]
fn both_ways_lead_to_the_same_prices_and_the_same_faults() {
    let priced = Cell::new(0u32);
    let mut runner =
        TestRunner::new(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() });
    let result = runner.run(&dice(900), |mut dice| {
        let done = both_ways(&mut dice).map_err(TestCaseError::fail)?;
        priced.set(priced.get() + u32::from(done));
        Ok(())
    });
    match result {
        Ok(()) => {}
        Err(TestError::Fail(why, _)) => panic!("{why}"),
        Err(error) => panic!("{error}"),
    }
    assert!(priced.get() > 100, "{} worlds had prices", priced.get());
}
