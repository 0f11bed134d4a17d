//! What stands in the claims.

use std::collections::{BTreeMap, BTreeSet};

use dianzhi::claims::{Claims, ReadOptions, Registers, RejectKind, Rejects, UNKNOWN, read};
use dianzhi::frame::write_table;
use dianzhi::grouper::{Grouper, Status};
use dianzhi::problem::Problems;
use dianzhi::scheme::Definition;
use dianzhi::scheme::condition::Condition;
use dianzhi::synth::{CLAIMS_MAX, City, Order, Synthesis, claims};

use super::{demo, order};
use dianzhi_tests::shared;

/// Reads claims back as a bureau would, with its registers.
fn read_back(made: &Synthesis) -> (Claims, Rejects) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("claims.parquet");
    write_table(&path, &made.table).unwrap();
    let set = |texts: &[&str]| Some(texts.iter().map(|text| (*text).to_owned()).collect());
    let registers = Registers {
        institutions: Some(City::demo().codes().map(str::to_owned).collect()),
        levels: set(&["三级", "二级", "一级"]),
        insurance_types: set(&["310", "390"]),
    };
    let (claims, rejects, report) = read(&[path], &ReadOptions { registers, ..ReadOptions::default() }).unwrap();
    assert_eq!(report.input.rows, made.table.rows() as u64);
    (claims, rejects)
}

#[test]
fn exactly_the_bad_rows_are_refused_for_every_reason() {
    let made = demo(&order(20_000, 3));
    let (claims, rejects) = read_back(&made);
    let refused = rejects.rows.iter().filter(|reject| reject.kind == RejectKind::Rejected);
    let rows: BTreeSet<u64> = refused.clone().map(|reject| reject.row).collect();
    assert_eq!(rows.len() as u64, made.bad_rows);
    assert!(made.bad_rows.abs_diff(200) <= 1);
    let reasons: BTreeSet<&str> = refused.map(|reject| reject.entry.code).collect();
    let known = [
        "C010", "C012", "C016", "C017", "C020", "C022", "C023", "C024", "C026", "C027", "C029", "C030", "C041", "C044",
    ];
    assert_eq!(reasons, BTreeSet::from(known));
    assert!(claims.len() > 19_600, "beside bad rows only reversed settlements drop out");
}

#[test]
fn without_bad_rows_nothing_is_refused() {
    let made = demo(&Order { bad_per_million: 0, ..order(20_000, 4) });
    let (claims, rejects) = read_back(&made);
    assert_eq!(rejects.rows.iter().filter(|reject| reject.kind == RejectKind::Rejected).count(), 0);
    let reasons: BTreeSet<&str> = rejects.rows.iter().map(|reject| reject.entry.code).collect();
    assert_eq!(reasons, BTreeSet::from(["C042", "C043"]), "a reversed settlement and its reversal");
    for row in 0..claims.len() {
        let parts = claims.fund_fen[row] + claims.patient_fen[row] + claims.other_fund_fen[row];
        assert_eq!(parts, claims.total_fen[row]);
        assert!(claims.fund_fen[row] >= 0 && claims.patient_fen[row] >= 0 && claims.other_fund_fen[row] >= 0);
    }
}

#[test]
fn the_demonstration_scheme_is_reached_everywhere() {
    let made = demo(&order(100_000, 1));
    assert_eq!(made.unreached, Vec::<String>::new());
    let (claims, _) = read_back(&made);
    let grouper = Grouper::new(Definition::demo());
    let grouped = grouper.group(&claims.stays, false);
    let mut statuses: BTreeMap<Status, usize> = BTreeMap::new();
    let mut drgs = BTreeSet::new();
    for outcome in grouped.outcomes {
        let outcome = &grouper.outcomes()[outcome as usize];
        *statuses.entry(outcome.status).or_default() += 1;
        if outcome.status == Status::Grouped {
            drgs.insert(outcome.drg.as_str());
        }
    }
    assert!(drgs.len() * 100 >= grouper.definition().drgs.len() * 95, "{} DRGs", drgs.len());
    let share = statuses[&Status::Grouped] * 1_000 / claims.len();
    assert!((975..=998).contains(&share), "{share} of 1000 are grouped");
    assert!(statuses[&Status::Ambiguous] > 100 && statuses[&Status::Ungroupable] > 100);
    assert_eq!(statuses.get(&Status::Invalid), None);
}

#[test]
fn people_stays_and_bills_are_plausible() {
    let (claims, _) = read_back(&demo(&Order { bad_per_million: 0, ..order(30_000, 2) }));
    let (stays, rows) = (&claims.stays, 0..claims.len());
    let count = |test: &dyn Fn(usize) -> bool| rows.clone().filter(|&row| test(row)).count();
    let newborns = count(&|row| stays.age_years[row] == 0);
    assert!((300..6_000).contains(&newborns), "{newborns} infants");
    assert_eq!(newborns, count(&|row| stays.age_days[row] != UNKNOWN));
    assert!(count(&|row| stays.birth_weight_g[row] != UNKNOWN) > newborns / 2);
    let employees = count(&|row| claims.insurance_type.get(row) == "310");
    assert!((8_000..13_000).contains(&employees), "{employees} of 30000 are employees");
    assert_eq!(count(&|row| claims.discharged[row] - claims.admitted[row] != stays.los_days[row]), 0);

    let mut totals: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    rows.clone().for_each(|row| totals.entry(claims.hospital_level.get(row)).or_default().push(claims.total_fen[row]));
    let mean = |level: &str| totals[level].iter().sum::<i64>() / totals[level].len() as i64;
    assert!(mean("一级") < mean("二级") && mean("二级") < mean("三级"));
    assert!((300_000..4_000_000).contains(&mean("二级")), "{}", mean("二级"));

    let mut of_person: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    rows.clone().for_each(|row| of_person.entry(claims.psn_no.get(row)).or_default().push(row));
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for stays in of_person.values_mut().filter(|stays| stays.len() == 2) {
        stays.sort_by_key(|&row| claims.admitted[row]);
        pairs.push((stays[0], stays[1]));
    }
    let gap = |&(first, second): &(usize, usize)| claims.admitted[second] - claims.discharged[first];
    assert!(pairs.iter().all(|pair| (0..=20).contains(&gap(pair))));
    assert!(pairs.iter().all(|&(a, b)| stays.sex[a] == stays.sex[b] && stays.age_years[a] == stays.age_years[b]));
    let transfers = pairs.iter().filter(|pair| stays.discharge_way.get(pair.0) == "2" && gap(pair) == 0).count();
    assert!(transfers > 5, "{transfers} transfers");
    assert!(pairs.len() - transfers > 50, "{} readmissions", pairs.len() - transfers);
}

/// Bills of one group in one hospital: the logarithm has no skew to speak of, and both tails have far outliers.
#[test]
fn costs_are_log_normal_with_outliers() {
    let (claims, _) = read_back(&demo(&Order { bad_per_million: 0, ..order(100_000, 8) }));
    let grouper = Grouper::new(Definition::demo());
    let grouped = grouper.group(&claims.stays, false);
    let mut bills: BTreeMap<(u32, u16), Vec<f64>> = BTreeMap::new();
    for row in 0..claims.len() {
        let key = (claims.institution.id(row), grouped.outcomes[row]);
        bills.entry(key).or_default().push((claims.total_fen[row] as f64).ln());
    }
    let group = bills.into_values().max_by_key(Vec::len).unwrap();
    let (count, mean) = (group.len() as f64, group.iter().sum::<f64>() / group.len() as f64);
    let core: Vec<f64> = group.iter().map(|x| x - mean).filter(|x| x.abs() < 1.2).collect();
    let moment = |power: i32| core.iter().map(|x| x.powi(power)).sum::<f64>() / core.len() as f64;
    let deviation = moment(2).sqrt();
    assert!(count > 300.0 && (0.2..0.7).contains(&deviation), "{count} bills, deviation {deviation}");
    assert!((moment(3) / deviation.powi(3)).abs() < 0.5);
    assert!(group.iter().any(|x| x - mean > 1.2) && group.iter().any(|x| x - mean < -1.2));
}

#[test]
fn what_cannot_be_made_is_said() {
    let city = City::demo();
    let mut scheme = Definition::demo();
    scheme.drgs[0].condition = Condition::Never;
    let code = scheme.drgs[0].code.clone();
    let made = claims(&Grouper::new(scheme.clone()), &city, &order(10, 1)).unwrap();
    assert_eq!(made.unreached, [code]);
    assert_eq!(made.warning().unwrap().entry.code, "Y005");
    scheme.drgs.clear();
    let code = |outcome: Result<Synthesis, Problems>| outcome.unwrap_err().0[0].entry.code;
    assert_eq!(code(claims(&Grouper::new(scheme), &city, &order(10, 1))), "Y004");
    assert_eq!(code(claims(&Grouper::new(Definition::demo()), &city, &order(CLAIMS_MAX + 1, 1))), "Y008");
}

/// Groups that the schemes' own descriptions say nobody can reach.
#[test]
fn every_group_that_can_be_reached_is_reached_in_any_scheme() {
    let Some(schemes) = shared("schemes") else { return };
    let cannot = |name: &str| -> Vec<&str> {
        match name {
            "bazhong_2023" => vec!["ES23", "QS33"],
            "beijing_2022" => vec!["AG11", "AG15", "AG29", "CD1D", "DC2D", "IT2B", "IT2C", "WB19"],
            _ => Vec::new(),
        }
    };
    for name in ["bazhong_2023", "beijing_2022", "chs_drg_11", "chs_drg_20"] {
        let (definition, _) = Definition::read(&schemes.join(name)).unwrap();
        let grouper = Grouper::new(definition);
        let made = claims(&grouper, &City::demo(), &order(20_000, 1)).unwrap();
        assert_eq!(made.unreached, cannot(name), "{name}");
        let (claims, _) = read_back(&made);
        let grouped = grouper.group(&claims.stays, false);
        let is_grouped = |outcome: &&u16| grouper.outcomes()[**outcome as usize].status == Status::Grouped;
        let share = grouped.outcomes.iter().filter(is_grouped).count() * 100 / claims.len();
        assert!(share >= 95, "{name}: {share} percent are grouped");
    }
}
