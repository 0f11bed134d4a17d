//! Figures of groups, coefficients and benchmarks.

use super::super::benchmark::benchmarks;
use super::*;
use crate::claims::UNKNOWN;
use std::collections::BTreeMap;

/// Six cases that cost 1690 yuan together.
fn six<'a>() -> Vec<Row<'a>> {
    vec![
        ("1", "H1", "三级", 0, Y2025, 10_000, 2),
        ("2", "H1", "三级", 0, Y2025, 20_000, 4),
        ("3", "H2", "二级", 0, Y2025, 30_000, 6),
        ("4", "H1", "三级", 2, Y2025, 40_000, 8),
        ("5", "H2", "二级", 2, Y2025 + 364, 60_000, 8),
        ("6", "H2", "二级", 1, Y2025, 9_000, 3),
    ]
}

#[test]
fn weights_are_means_over_the_pool_mean() {
    let plan = Plan {
        few: Few { below: 2, then: vec![Instead::CarryOver, Instead::Adrg] },
        previous: Some([("CC11".to_owned(), 35_000), ("BB11".to_owned(), 20_000)].into()),
        ..plan()
    };
    let weighed = weighed(&six(), &plan);
    // M = 1690 ÷ 6. AA11: 200·6÷1690 = 0.71006. AA15: the four of AA1, 172.50. BB11: 500. CC11: last year's.
    let expected = [("AA11", Some(7101)), ("AA15", Some(6124)), ("BB11", Some(17_751)), ("CC11", Some(35_000))];
    assert_eq!(values(&weighed), expected);
    let basis: Vec<Basis> = weighed.groups.iter().map(|group| group.basis).collect();
    assert_eq!(basis, [Basis::Mean, Basis::Adrg, Basis::Mean, Basis::CarriedOver]);
    let first = &weighed.groups[0];
    assert_eq!((first.mean_fen, first.median_fen, first.sd_fen), (Some(20_000), Some(20_000), Some(10_000)));
    assert_eq!((first.cv_e4, weighed.groups[2].cv_e4), (Some(5000), Some(2828)));
    assert_eq!(first.base_points_e4(&plan.formula), Some(710_100));
    assert_eq!(weighed.groups[1].reference_fen, Some(17_250));
    // 3.5 × 281.666… yuan.
    assert_eq!(weighed.groups[3].reference_fen, Some(98_583));
    // SS 192 083.33 in all, 20 000 in AA11, 20 000 in BB11.
    assert_eq!(weighed.riv_e4, Some(7918));
}

#[test]
fn base_points_are_rounded_once() {
    let formula = Formula { unit: Unit::BasePoints, ..plan().formula };
    let weighed = weighed(&six(), &Plan { formula, ..plan() });
    // 100 · 200·6÷1690 = 71.00591…; the weight beside it follows.
    assert_eq!(weighed.groups[0].base_points_e4(&formula), Some(710_059));
    assert_eq!(weighed.groups[0].weight_e4(&formula), Some(7101));
}

#[test]
fn the_pool_may_hold_more_cases() {
    let mut rows = six();
    rows.push(("7", "H1", "三级", 4, Y2025, 31_000, 1));
    let trims = vec![Trim {
        rule: "t".into(),
        lines: Lines::Multiple { low_e6: None, high_e6: Some(1_100_000), of: Centre::Mean },
        within: Within::Group,
        passes: 1,
        min_cases: 2,
    }];
    let mean = |pool| {
        let plan = Plan { trims: trims.clone(), formula: Formula { pool, ..plan().formula }, ..plan() };
        weighed(&rows, &plan).pool.mean
    };
    // 300 and 600 yuan are trimmed.
    assert_eq!(mean(PoolOf::Kept), Ratio::new(79_000, 4).unwrap());
    assert_eq!(mean(PoolOf::Grouped), Ratio::new(169_000, 6).unwrap());
    assert_eq!(mean(PoolOf::All), Ratio::new(200_000, 7).unwrap());
}

#[test]
fn every_claim_left_out_has_its_reason() {
    let rows = [
        ("a", "H", "", 0, UNKNOWN, 100, 1),
        ("b", "H", "", 0, Y2024, 100, 1),
        ("c", "H", "", 0, Y2025, 0, 1),
        ("d", "H", "", 0, Y2025, 100, UNKNOWN),
        ("e", "H", "", 0, Y2025, 100, 61),
        ("f", "H", "", 0, Y2025, 499, 60),
        ("g", "H", "", 4, Y2025, 500, 60),
        ("h", "H", "", 2, Y2025, 500, 60),
        ("i", "H", "", 0, Y2025, 500, 60),
        ("j", "H", "", 0, Y2025, 500, 1),
        ("k", "H", "", 0, Y2025, 90_001, 2),
        ("l", "H", "", 1, Y2025, 500, 2),
        ("m", "H", "", 1, Y2025, 1_000, 2),
        ("n", "H", "", 1, Y2025, 9_000, 2),
    ];
    let exclusion = |rule: &str, when| Exclusion { rule: rule.into(), when };
    let plan = Plan {
        exclusions: vec![
            exclusion("stay", Exclude::Stay { below_days: Some(2), above_days: Some(60) }),
            exclusion("cost", Exclude::Cost { below_fen: Some(500), above_fen: Some(90_000) }),
            exclusion("mdc", Exclude::Codes { of: CodeOf::Mdc, codes: ["MDCB".to_owned()].into() }),
        ],
        trims: vec![Trim {
            rule: "trim".into(),
            lines: Lines::Multiple { low_e6: Some(200_000), high_e6: Some(2_000_000), of: Centre::Mean },
            within: Within::Group,
            passes: 1,
            min_cases: 2,
        }],
        ..plan()
    };
    let (claims, grouped) = claims(&rows);
    let (weighed, _) = weigh(&claims, &grouped, &outcomes(), &plan).unwrap();
    let tables = tables(&weighed, &plan, &claims, &grouped, &outcomes(), &BTreeMap::new());
    let table = &tables.iter().find(|(name, _)| *name == "left_out").unwrap().1;
    let text = |column: &str, row| crate::table::cell::plain(table.column(column).unwrap(), row);
    let codes: Vec<String> = (0..table.rows()).map(|row| text("code", row)).collect();
    let expected = ["W101", "W102", "W103", "W104", "W106", "W107", "W110", "W109", "W105", "W108", "W111", "W112"];
    assert_eq!(codes, expected);
    assert_eq!(text("reason_en", 4), "a stay of 61 days, over 60");
    assert_eq!(text("reason_zh", 5), "总费用 4.99 元，低于 5.00 元");
    assert_eq!((text("rule", 7), text("reason_en", 7)), ("mdc".to_owned(), "mdc MDCB is excluded".to_owned()));
    // AA15 costs 5, 10 and 90 yuan: a mean of 35, lines at 7 and 70.
    assert_eq!(text("reason_en", 10), "trimmed in pass 1: the cost of 5.00 yuan is under the line of 7.00");
    assert_eq!(weighed.kept, 2);
}

#[test]
fn columns_and_amounts_that_cannot_be() {
    let (mut claims, grouped) = claims(&six());
    let codes = |claims: &Claims, grouped: &Grouped, plan: &Plan| {
        let problems = weigh(claims, grouped, &outcomes(), plan).unwrap_err();
        problems.0.iter().map(|problem| problem.entry.code).collect::<Vec<_>>()
    };
    assert_eq!(codes(&claims, &Grouped { outcomes: vec![0] }, &plan()), ["W001"]);
    // A weight of six at the largest scale there is does not fit.
    claims.total_fen = vec![1, 1, 1, 1, 1, 10_000_000_000_000];
    let formula = Formula { scale: i64::MAX, unit: Unit::BasePoints, ..plan().formula };
    assert_eq!(codes(&claims, &grouped, &Plan { formula, ..plan() }), ["W007"]);
    claims.total_fen[2] = 10_000_000_000_001;
    assert_eq!(codes(&claims, &grouped, &plan()), ["W006"]);
}

#[test]
fn unstable_groups_and_the_ends_of_stability() {
    // Costs 1, 1, 4: mean 2, sample SD √3, CV 0.866.
    let rows: Vec<Row<'_>> = [100, 100, 400].iter().map(|&cost| ("x", "H", "", 0, Y2025, cost, 1)).collect();
    let stable = |min_cases, max_cv_e6| {
        let stability = Stability { min_cases, max_cv_e6, unstable: Centre::Median };
        let weighed = weighed(&rows, &Plan { stability, ..plan() });
        (weighed.groups[0].stable, weighed.groups[0].reference_fen)
    };
    assert_eq!(stable(3, 1_000_000), (true, Some(200)));
    assert_eq!(stable(4, 1_000_000), (false, Some(100)));
    assert_eq!(stable(3, 866_026), (true, Some(200)));
    assert_eq!(stable(3, 866_025), (false, Some(100)), "√3 ÷ 2 = 0.8660254");
}

#[test]
fn years_need_cases_and_carrying_over_needs_a_table() {
    let years = Years { shares: [(2024, 1), (2025, 2)].into(), ..plan().years };
    let (claims, grouped) = claims(&six());
    let code = |plan: &Plan| weigh(&claims, &grouped, &outcomes(), plan).unwrap_err().0[0].entry.code;
    assert_eq!(code(&Plan { years, ..plan() }), "W005");
    assert_eq!(code(&Plan { few: Few { below: 2, then: vec![Instead::CarryOver] }, ..plan() }), "W010");
    let years = Years { shares: [(2019, 1)].into(), ..plan().years };
    assert_eq!(code(&Plan { years, ..plan() }), "W004");
}

#[test]
fn coefficients_of_levels() {
    let rule = LevelCoefficient {
        by_group: Some(ByGroup { min_cases: 2, otherwise: Otherwise::Overall }),
        clamp: Clamp { low_e6: Some(700_000), high_e6: Some(1_300_000) },
    };
    let weighed = weighed(&six(), &Plan { level: Some(rule), ..plan() });
    let [second, third] = &weighed.levels[..] else { panic!("two levels") };
    assert_eq!((second.level.as_str(), third.level.as_str()), ("三级", "二级"), "in the order of their texts");
    // 三级: 100 + 200 + 400 = 700 against 200 + 200 + 500 = 900.
    assert_eq!(second.overall_e4, Some(7778));
    // 二级: 300 + 600 + 90 = 990 against 200 + 500 + 90 = 790.
    assert_eq!(third.overall_e4, Some(12_532));
    // AA11 at 三级: 150 ÷ 200. One case elsewhere: the overall coefficient stands.
    assert_eq!(second.by_group_e4, [7500, 7778, 7778, 7778].map(Some));
    assert_eq!(third.by_group_e4, [12_532; 4].map(Some));
    let tight = LevelCoefficient { by_group: None, clamp: Clamp { low_e6: Some(800_000), high_e6: Some(1_200_000) } };
    let clamped = super::weighed(&six(), &Plan { level: Some(tight), ..plan() });
    assert_eq!(clamped.levels.iter().map(|level| level.overall_e4).collect::<Vec<_>>(), [Some(8000), Some(12_000)]);
}

#[test]
fn coefficients_of_institutions() {
    let mut rows = six();
    rows.push(("7", "H3", "二级", 0, Y2025, 20_000, 2));
    let rule = InstitutionCoefficient {
        own_share_e6: 600_000,
        min_cases: 3,
        by_group: Some(ByGroup { min_cases: 1, otherwise: Otherwise::Blank }),
        clamp: Clamp::default(),
    };
    let weighed = weighed(&rows, &Plan { institution: Some(rule), ..plan() });
    // The group mean of AA11 stays 200. 二级: 1190 ÷ 990 = 1.2020, H2: 990 ÷ 790 = 1.25316….
    let found: Vec<_> =
        weighed.institutions.iter().map(|i| (i.institution.as_str(), i.own_e4, i.coefficient_e4, i.too_few)).collect();
    let expected = [
        ("H1", Some(7778), Some(7778), false),
        // 0.6 · 990/790 + 0.4 · 1.2020 = 1.23269…
        ("H2", Some(12_532), Some(12_327), false),
        ("H3", Some(10_000), Some(12_020), true),
    ];
    assert_eq!(found, expected);
    assert_eq!(weighed.institutions[0].by_group_e4, [(0, 7500), (2, 8000)]);
}

#[test]
fn inflation_does_not_make_a_coefficient() {
    // Costs double in 2025, and H2 opens then; it costs what the others cost.
    let rows = [
        ("1", "H1", "二级", 0, Y2024, 10_000, 1),
        ("2", "H1", "二级", 0, Y2025, 20_000, 1),
        ("3", "H2", "二级", 0, Y2025, 20_000, 1),
    ];
    for combine in [Combine::Means, Combine::Cases, Combine::Ratios] {
        let rule = InstitutionCoefficient {
            own_share_e6: 1_000_000,
            min_cases: 1,
            by_group: Some(ByGroup { min_cases: 1, otherwise: Otherwise::One }),
            clamp: Clamp::default(),
        };
        let years = Years { shares: [(2024, 1), (2025, 1)].into(), combine, ..plan().years };
        let weighed = weighed(&rows, &Plan { institution: Some(rule), years, ..plan() });
        for institution in &weighed.institutions {
            assert_eq!(institution.coefficient_e4, Some(10_000), "{combine:?}");
            assert_eq!(institution.by_group_e4, [(0, 10_000)]);
        }
    }
}

#[test]
fn levels_come_from_claims_or_from_a_register() {
    let mut rows = six();
    rows[1].2 = "二级";
    let (claims, grouped) = claims(&rows);
    let level = Some(LevelCoefficient { by_group: None, clamp: Clamp::default() });
    let plan = Plan { level, ..plan() };
    let codes = |plan: &Plan| {
        let problems = weigh(&claims, &grouped, &outcomes(), plan).unwrap_err();
        problems.0.iter().map(|problem| problem.entry.code).collect::<Vec<_>>()
    };
    assert_eq!(codes(&plan), ["W002"], "H1 is written with two levels");
    let levels = LevelsFrom::Register([("H1".to_owned(), "三级".to_owned())].into());
    assert_eq!(codes(&Plan { levels, ..plan.clone() }), ["W003"], "H2 is not in the register");
    let words = LevelsFrom::Claims([("二级".to_owned(), "三级".to_owned())].into());
    let (weighed, _) = weigh(&claims, &grouped, &outcomes(), &Plan { levels: words, ..plan }).unwrap();
    assert_eq!(weighed.levels.iter().map(|level| level.level.as_str()).collect::<Vec<_>>(), ["三级"]);
}

#[test]
fn case_mix_index() {
    // A: 1.2 × 50, B: 0.8 × 30, C: 2.5 × 20: 134 ÷ 100.
    let cell = |group: u16, cases| {
        let mut sum = Sum::default();
        (0..cases).for_each(|_| sum.add(100 * i64::from(group + 1), 5));
        ((0, group), sum)
    };
    let cells = [cell(0, 50), cell(1, 30), cell(2, 20)].into();
    let found = benchmarks(&cells, &["H".to_owned()], &[Some(12_000), Some(8_000), Some(25_000)]);
    assert_eq!(found[0].cmi_e4, Some(13_400));
    assert_eq!((found[0].cases, found[0].weights_e4), (100, 1_340_000));
    // 50·1 + 30·2 + 20·3 = 170 yuan for a weight of 134; five days at a CMI of 1.34.
    assert_eq!(found[0].cost_per_weight_fen, Some(127));
    assert_eq!(found[0].days_per_weight_e4, Some(37_313));
    assert_eq!((found[0].cost_index_e4, found[0].time_index_e4), (Some(10_000), Some(10_000)));
}

#[test]
fn cost_and_time_indices() {
    let weighed = weighed(&six(), &plan());
    let [first, second] = &weighed.benchmarks[..] else { panic!("two institutions") };
    // H1: AA11 150/200·2 + BB11 400/500·1 = 2.3 of 3 cases; days 3/4·2 + 8/8·1 = 2.5.
    assert_eq!((first.cost_index_e4, first.time_index_e4), (Some(7667), Some(8333)));
    // H2: 300/200 + 600/500 + 1 = 3.7; days 6/4 + 1 + 1 = 3.5.
    assert_eq!((second.cost_index_e4, second.time_index_e4), (Some(12_333), Some(11_667)));
}
