//! What differs between two schemes, and the claims that move with it.

use dianzhi::claims::{Mapping, ReadOptions, read};
use dianzhi::problem::Lang;
use dianzhi::scheme::Definition;
use dianzhi::scheme::diff::{Change, Side, What, diff, moves};
use dianzhi::table::cell::plain;

use super::tables::{Tables, tables};
use dianzhi_tests::shared;

fn definition(tables: &Tables) -> Definition {
    Definition::from_source(&tables.source()).unwrap().0
}

fn lines(before: &Tables, after: &Tables) -> Vec<String> {
    let changes = diff(&definition(before), &definition(after));
    changes.iter().map(|change| format!("{}: {}", change.section.title(Lang::En), change.render(Lang::En))).collect()
}

#[test]
fn a_scheme_does_not_differ_from_itself() {
    assert_eq!(lines(&tables(), &tables()), [""; 0]);
    let demo = Definition::demo();
    assert_eq!(diff(&demo, &demo), []);
}

/// Two schemes and what is said of their difference.
type Case = (Tables, Tables, Vec<&'static str>);

fn tell(cases: Vec<Case>) {
    for (before, after, expected) in cases {
        assert_eq!(lines(&before, &after), expected);
    }
}

/// One change of each table of rules, and what is said of it.
#[test]
fn each_change_of_a_rule_is_told_once() {
    let another =
        tables().add("adrg", "EB1,MDCE,肺手术,3,surgical,any_proc in P2,adrg").add("adrg_codes", "EB1,P2,32.2900");
    tell(vec![
        (tables(), tables().set("scheme", "secondary", "all"), vec!["Options: ~ severity_scan: secondary → all"]),
        (
            tables(),
            tables().set("mdc", "pdx in MDC", "any_dx in MDC"),
            vec!["MDCs: ~ MDCE: pdx in MDC → any_dx in MDC"],
        ),
        (
            tables(),
            tables().set("adrg", "main_proc in P1", "any_proc in P1"),
            vec![
                "Rules of ADRGs: ~ EB1: main_proc in P1 [MDCE, surgical, no_drg adrg] → \
                 any_proc in P1 [MDCE, surgical, no_drg adrg]",
            ],
        ),
        (tables(), tables().set("adrg", "手术,1,", "手术,3,"), vec!["Rules of ADRGs: ↕ EB1: MDCE #1 → MDCE #2"]),
        (
            tables(),
            another.clone(),
            vec![
                "Rules of ADRGs: + EB1 #2: any_proc in P2 [MDCE, surgical, no_drg adrg]",
                "Codes in lists of ADRGs: + 1 code (32.2900): EB1 P2",
            ],
        ),
        (tables(), tables().set("drg", "2,cc\n", "2,mcc or cc\n"), vec!["DRGs: ~ ES23: cc [ES2] → mcc or cc [ES2]"]),
        (
            tables(),
            tables().set("adrg_codes", "ES2,D1,J44.900", "ES2,D2,J44.900").set(
                "adrg",
                "pdx in D1",
                "pdx in D1 or pdx in D2",
            ),
            vec![
                "Rules of ADRGs: ~ ES2: pdx in D1 [MDCE, medical, no_drg adrg] → \
                 pdx in D1 or pdx in D2 [MDCE, medical, no_drg adrg]",
                "Codes in lists of ADRGs: ↕ 1 code (J44.900): ES2 D1 → ES2 D2",
            ],
        ),
    ]);
}

/// One change of each table of codes, weights and names, and what is said of it.
#[test]
fn each_change_of_a_code_is_told_once() {
    let weights = tables().add("drg_weights", "drg,name,weight\nES21,a,1.50\nES23,b,0.9");
    tell(vec![
        (
            tables(),
            tables().add("mdc_diagnoses", "MDCE,D,J98.900\nMDCE,D,J98.800"),
            vec!["Diagnoses of MDCs: + 2 codes (J98.800 J98.900): MDCE D"],
        ),
        (
            tables(),
            tables().add("valid_procedures", "32.2900"),
            vec!["Procedures that count as operations: + 1 code (32.2900): VALID"],
        ),
        (
            tables(),
            tables().set("cc", "I50.900,CC,2", "I50.900,MCC,1"),
            vec![
                "CC and MCC: ~ 1 code (I50.900): CC → MCC",
                "Exclusion groups of CC and MCC: ~ 1 code (I50.900): 2 → 1",
            ],
        ),
        (
            tables(),
            tables().set("cc_exclusions", "J18.900,1", "J44.900,1"),
            vec![
                "Exclusion groups of principal diagnoses: + 1 code (J44.900): 1",
                "Exclusion groups of principal diagnoses: − 1 code (J18.900): 1",
            ],
        ),
        (
            weights.clone(),
            weights.set("drg_weights", "1.50", "1.5").set("drg_weights", "0.9", "1.0"),
            vec!["Weights and coefficients: ~ ES23 weight: 0.9 → 1.0"],
        ),
        (
            tables(),
            tables().add("code_map_procedures", "code,insurance_code\n32.41,32.4100"),
            vec!["Translation of clinical codes: + 32.41: 32.4100"],
        ),
        (tables(), tables().set("drg", "肺炎，伴并发症", "肺部感染"), vec!["Names: ~ ES23: 肺炎，伴并发症 → 肺部感染"]),
    ]);
}

/// Read the other way round, what was added is removed and what changed changes back.
#[test]
fn the_way_back_is_the_mirror() {
    let Some(schemes) = shared("schemes") else { return };
    let read = |name: &str| Definition::read(&schemes.join(name)).unwrap().0;
    let (old, new) = (read("chs_drg_11"), read("beijing_2022"));
    let turned = |change: &Change| {
        let what = match change.what {
            What::Added => What::Removed,
            What::Removed => What::Added,
            same => same,
        };
        Change { what, before: change.after.clone(), after: change.before.clone(), ..change.clone() }
    };
    let key = |change: &Change| (change.section, change.what, format!("{change:?}"));
    // Which of two rules that changed places moved is a matter of the side one looks from.
    let fixed = |changes: Vec<Change>| changes.into_iter().filter(|c| c.what != What::Moved || !c.codes.is_empty());
    let mut there: Vec<_> = fixed(diff(&old, &new)).map(|change| key(&turned(&change))).collect();
    let mut back: Vec<_> = fixed(diff(&new, &old)).map(|change| key(&change)).collect();
    there.sort();
    back.sort();
    assert!(there.len() > 500);
    assert_eq!(there, back);
}

const CLAIMS: &str = "setl_id,fixmedins_code,insutype,gend,age,dscg_time,diag_codes,oprn_codes,medfee_sumamt\n\
    1,H1,310,1,60,2026-03-01,J18.900|I50.900,,1000.00\n\
    2,H1,310,2,61,2026-03-02,J18.900|I50.900,,2000.50\n\
    3,H1,390,1,62,2026-03-03,J44.900,,300.00\n\
    4,H2,390,1,63,2026-03-04,J44.900,32.4100,40000.00\n\
    5,H2,390,1,64,2026-03-05,K35.900,,77.77\n";

/// I50.900 becomes an MCC, weights move: claims 1 and 2 go from ES23 to ES21; claim 4 keeps its DRG, claim 5 has none.
#[test]
fn claims_that_move_are_counted_with_their_money_and_weight() {
    let weights = "drg,name,weight\nES21,a,1.5\nES23,b,0.9\nES25,c,0.6\nEB15,d,3.25";
    let before = tables().add("drg_weights", weights);
    let after = before.clone().set("cc", "I50.900,CC,2", "I50.900,MCC,2").set("drg_weights", "3.25", "3.5");
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("claims.csv");
    std::fs::write(&path, CLAIMS).unwrap();
    let (claims, ..) = read(&[path], &ReadOptions { mapping: Mapping::default(), ..ReadOptions::default() }).unwrap();
    let medfee: Vec<Option<i64>> = claims.total_fen.iter().map(|fen| Some(*fen)).collect();
    let sides = [&before, &after].map(|tables| Side::new(definition(tables)).unwrap());
    let found = moves(&sides[0], &sides[1], &claims.stays, &medfee, false).unwrap();
    assert_eq!((found.claims, found.moved), (5, 2));
    assert_eq!((found.medfee_fen, found.moved_medfee_fen), (4_337_827, 300_050));
    // Claims 1 to 4 have a weight in both: 2 × 0.9 + 0.6 + 3.25 before, 2 × 1.5 + 0.6 + 3.5 after.
    assert_eq!((found.weighted, found.weight_before_e6, found.weight_after_e6), (4, 5_650_000, 7_100_000));
    let [only] = found.moves.as_slice() else { panic!("{found:?}") };
    assert_eq!((only.from.as_str(), only.to.as_str(), only.cases, only.medfee_fen), ("ES23", "ES21", 2, 300_050));
    let table = found.table(&sides[0], &sides[1], &claims.stays, &medfee);
    let row = |row: usize| table.columns.iter().map(|column| plain(&column.values, row)).collect::<Vec<_>>().join(",");
    assert_eq!(table.rows(), 2);
    assert_eq!(row(1), "2,grouped,grouped,ES2,ES2,ES23,ES21,2000.50,0.900000,1.500000");
}

#[test]
fn a_weight_that_is_no_number_is_told() {
    let wrong = tables().add("drg_weights", "drg,name,weight\nES21,a,1.5\nES23,b,heavy\nES25,c,0.1234567");
    let problems = Side::new(definition(&wrong)).err().unwrap();
    assert_eq!(
        super::tables::places(&problems),
        ["S003 drg_weights.csv:3 [weight]", "S003 drg_weights.csv:4 [weight]"]
    );
}
