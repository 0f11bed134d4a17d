//! The auditor finds what the engine found, whatever the rules.

use std::cell::Cell;

use dianzhi::pricing::{Bill, PastStay, State};
use dianzhi::settlement::{Action, Carried, Correction, Details, PaidMonth, PointLine};
use proptest::prelude::*;
use proptest::test_runner::{TestError, TestRunner};

use super::claims::World;
use super::dice::{Dice, dice};
use super::packs::random;
use super::support::{Around, check, check_year, clear, point_line, settle};
use crate::settlement::world::compile_with;

const MONTH: &str = "2026-03";

fn around(dice: &mut Dice, world: &World) -> Around {
    let amounts = |dice: &mut Dice, options: [i64; 3]| -> Vec<i64> {
        (0..world.claims.len()).map(|_| options[dice.below(3)]).collect()
    };
    let past = |person: &str, id: &str, drg: &str, day: i32| PastStay {
        setl_id: id.to_owned(),
        person: person.to_owned(),
        institution: "H1".to_owned(),
        consortium: Some("甲".to_owned()),
        drg: drg.to_owned(),
        adrg: drg[..3].to_owned(),
        mdc: format!("MDC{}", &drg[..1]),
        discharged: day,
        insutype: "310".to_owned(),
        period: "2026-02".parse().unwrap(),
        points_e4: 1_234_567,
        point_value_e6: 95_123_400,
        amount_fen: 700_001,
        bill: Bill { patient_fen: 100_000, other_fund_fen: 3, own_pay_fen: Some([20_000, 1, 30_000]) },
    };
    let feb = "2026-02-20".parse::<chrono::NaiveDate>().unwrap().to_epoch_days();
    let correction = |institution: &str, fen: i64| Correction {
        institution: institution.to_owned(),
        insutype: "310".to_owned(),
        setl_id: "X1".to_owned(),
        period: "2026-01".parse().unwrap(),
        fen,
        points_e4: -10_000,
        action: Action::Reverse,
        amount_fen: 0,
        outside_fen: 0,
        state: State::Excluded,
        drg: String::new(),
        weight_e6: None,
        kept_e6: None,
        case_kind: None,
        clearing: None,
        reason: "X1".to_owned(),
        document: String::new(),
        rule: None,
    };
    let open = |institution: &str, fen: i64| Carried { institution: institution.into(), insutype: "310".into(), fen };
    Around {
        past: vec![past("p", "P1", "ES31", feb), past("q", "Q1", "ES35", feb + 5), past("p", "P2", "BB13", feb + 6)],
        carried: if dice.below(2) == 1 { vec![open("H1", -500_000), open("H7", -3)] } else { Vec::new() },
        corrections: if dice.below(2) == 1 {
            vec![correction("H2", -123_456), correction("H5", 7)]
        } else {
            Vec::new()
        },
        details: Some(Details {
            own_pay_fen: amounts(dice, [0, 10_000, 99_999]),
            first_own_pay_fen: amounts(dice, [0, 1, 50_000]),
            deductible_fen: amounts(dice, [0, 30_000, 80_000]),
        }),
        recognised: if dice.below(2) == 1 { recognised(dice) } else { Vec::new() },
        tcm: (dice.below(2) == 1).then(|| (amounts(dice, [60_000, 59_999, 0]), amounts(dice, [100_000, 0, 100_000]))),
    }
}

/// Points of recognised exams, some of them taken back; of the pools that every pack has.
fn recognised(dice: &mut Dice) -> Vec<PointLine> {
    let points = |dice: &mut Dice| [123_456, -50_000, 1, 9_999_999][dice.below(4)];
    vec![
        point_line("H1", "310", "2026-03", points(dice)),
        point_line("H3", "310", "2026-03", points(dice)),
        point_line("H2", "390", "2026-02", points(dice)),
    ]
}

fn paid(dice: &mut Dice) -> Vec<PaidMonth> {
    let one = |institution: &str, withheld_fen, payable_fen| PaidMonth {
        institution: institution.into(),
        insutype: "310".into(),
        withheld_fen,
        payable_fen,
    };
    match dice.below(2) {
        0 => Vec::new(),
        _ => vec![one("H1", 100_001, 5_000_000), one("H2", 5_000, 777), one("H4", 33, 1), one("H5", 7, 0)],
    }
}

/// Whether a month was settled, and a year cleared.
fn run(dice: &mut Dice) -> Result<(bool, bool), String> {
    let text = random(dice);
    let set = compile_with(&text, &[]).map_err(|problems| format!("{problems}\n{text}"))?;
    let count = 1 + dice.below(12);
    let world = World::random(dice, count, MONTH);
    let mut around = around(dice, &world);
    if text.contains("method.rate") {
        // Points have no value by rate.
        around.recognised.clear();
    }
    let Ok(settled) = settle(&world, &set, MONTH, &around) else { return Ok((false, false)) };
    let told = |problems| format!("{problems}\n{text}\n{:#?}", world.claims);
    let audited = check(&world, &set, MONTH, &around, &settled.tables).map_err(told)?;
    assert!(audited.figures > 0);
    let paid = paid(dice);
    let Ok((_, tables)) = clear(&settled, &world, &set, &paid, &around) else { return Ok((true, false)) };
    check_year(&settled, &world, &set, &paid, &around, &tables).map_err(told)?;
    Ok((true, true))
}

#[test]
fn on_any_pack_and_any_claims() {
    let (months, years, all) = (Cell::new(0u32), Cell::new(0u32), Cell::new(0u32));
    let cases = std::env::var("DIANZHI_AUDITS").ok().and_then(|count| count.parse().ok()).unwrap_or(400);
    let mut runner = TestRunner::new(ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() });
    let result = runner.run(&dice(400), |mut dice| {
        let (month, year) = run(&mut dice).map_err(TestCaseError::fail)?;
        all.set(all.get() + 1);
        months.set(months.get() + u32::from(month));
        years.set(years.get() + u32::from(year));
        Ok(())
    });
    match result {
        Ok(()) => {}
        // The world is in the text; the dice that made it say nothing.
        Err(TestError::Fail(why, _)) => panic!("{why}"),
        Err(error) => panic!("{error}"),
    }
    // Rules that refuse a world refuse few of them.
    assert!(months.get() * 10 > all.get() * 7, "{} of {} months were settled", months.get(), all.get());
    assert!(years.get() * 10 > all.get() * 5, "{} of {} years were cleared", years.get(), all.get());
}
