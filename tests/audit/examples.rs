//! Published examples and the packs that come with the program, audited.

use dianzhi::policy::{MemoryFiles, SEEDS, open};

use super::claims;
use super::support::{Around, check, settle};
use crate::settlement::world::{Case, World, case, compile, fen, pack};

fn audited(cases: &[Case], set: &dianzhi::policy::PolicySet, month: &str) -> Vec<i64> {
    let World { claims, grouped, outcomes } = World::new(cases);
    let world = claims::World { claims, grouped, outcomes };
    let around = Around::default();
    let settled = settle(&world, set, month, &around).unwrap_or_else(|problems| panic!("{problems}"));
    let audit = check(&world, set, month, &around, &settled.tables).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(audit.figures > 20 * cases.len() as u64);
    settled.month.due_fen
}

const NO_LINES: &str = "[rules.low_line]\nkind = \"low_line.none\"\n[rules.high_line]\nkind = \"high_line.none\"\n";

/// D1: a case-mix index of 1.34, which the table of institutions shows and the auditor finds.
#[test]
fn d1() {
    let weights =
        "table = [{ drg = \"A\", weight = 1.2 }, { drg = \"B\", weight = 0.8 }, { drg = \"C\", weight = 2.5 }]";
    let mut cases = vec![case("A", "100"); 50];
    cases.extend(vec![case("B", "100"); 30]);
    cases.extend(vec![case("C", "100"); 20]);
    audited(&cases, &compile(&pack(weights, NO_LINES)), "2026-03");
}

/// D2: 0.4527 × 6,495.34 = 2,940.44, by a rate and as points of a fixed value. D3: 2.5 × 12,000 × 1.1 = 33,000.
#[test]
fn d2_and_d3() {
    let weights = "table = [{ drg = \"ES3X\", weight = \"0.4527\" }, { drg = \"X\", weight = 2.5 }]";
    let rate = "[rules.method]\nkind = \"method.rate\"\nrates = { \"*\" = 6495.34 }\ndue = \"fund\"\n";
    let by_rate = compile(&pack(weights, &format!("{NO_LINES}{rate}")));
    assert_eq!(audited(&[case("ES3X", "66789.00")], &by_rate, "2026-03"), [fen("2940.44")]);
    let points = "[rules.method]\nkind = \"method.points\"\nscale = 1\n[rules.point_value]\n\
         kind = \"point_value.fixed\"\nvalues = { \"*\" = 6495.34 }\ndue = \"fund\"\n";
    let by_points = compile(&pack(weights, &format!("{NO_LINES}{points}")));
    assert_eq!(audited(&[case("ES3X", "66789.00")], &by_points, "2026-03"), [fen("2940.44")]);
    let own = "[rules.own]\nkind = \"coefficient.fixed\"\nvalue = 1.1\n";
    let set = compile(&pack(weights, &format!("{NO_LINES}{}{own}", rate.replace("6495.34", "12000"))));
    assert_eq!(audited(&[case("X", "20000")], &set, "2026-03"), [fen("33000")]);
}

/// D4: a flat price of 8,000 whatever the cost.
#[test]
fn d4() {
    let rate = "[rules.method]\nkind = \"method.rate\"\nrates = { \"*\" = 8000 }\ndue = \"fund\"\n";
    let set = compile(&pack("table = [{ drg = \"A\", weight = 1 }]", &format!("{NO_LINES}{rate}")));
    assert_eq!(audited(&[case("A", "7000"), case("A", "9000")], &set, "2026-03"), [fen("8000"); 2]);
}

/// D7: an overrun of 6 million, of which the fund bears half.
#[test]
fn d7() {
    let rules = "[rules.point_value]\nkind = \"point_value.fixed\"\nvalues = { \"*\" = 100000 }\ndue = \"fund\"\n\
         [rules.shared]\nkind = \"sharing.bands\"\nsubject = \"institution\"\nmode = \"marginal\"\nedge = \"lower\"\n\
         surplus = [{ share = 1 }]\noverrun = [{ share = 0.5 }]\n";
    let set = compile(&pack("table = [{ drg = \"A\", weight = 1 }]", &format!("{NO_LINES}{rules}")));
    let World { claims, grouped, outcomes } = World::new(&[case("A", "16000000")]);
    let world = claims::World { claims, grouped, outcomes };
    let around = Around::default();
    let settled = settle(&world, &set, "2026-03", &around).unwrap();
    let (year, tables) = super::support::clear(&settled, &world, &set, &[], &around).unwrap();
    assert_eq!(year.institutions[0].borne_fen, fen("3000000"));
    assert!(super::support::check_year(&settled, &world, &set, &[], &around, &tables).is_ok());
}

/// Every pack that comes with the program, on cases of all kinds.
#[test]
fn packs_that_come_with_the_program() {
    let weights = "drg,name,weight,系数-一级,系数-二级,系数-三级\nES31,甲,1.5,0.85,0.93,1.05\nES35,乙,0.4527,0.9,,1\n";
    for (name, text) in SEEDS.iter().filter(|(name, _)| *name != "base.toml") {
        let files = MemoryFiles::default().with("city.toml", text).with("scheme:drg_weights.csv", weights);
        let set = open(&["city.toml".to_owned()], &files).unwrap().compile(&[]).unwrap().0;
        let day = set.packs[0].valid_from.to_string();
        let mut cases = Vec::new();
        for (at, yuan) in ["9000", "900.01", "3333.33", "60000", "0.07"].iter().enumerate() {
            for drg in ["ES31", "ES35", "0000", "BQY"] {
                let insutype = ["310", "390"][at % 2];
                let level = ["一级", "三级"][at % 2];
                let case = case(drg, yuan).at(&format!("H{at}"), level).of(insutype).discharged(&day).settled(&day);
                cases.push(case.paid("0.05", "0.01"));
            }
        }
        assert_eq!(audited(&cases, &set, &day[..7]).len(), 20, "{name}");
    }
}
