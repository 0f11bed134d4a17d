//! Every kind of finding, with the smallest change to a scheme in order that triggers it.

use std::collections::BTreeSet;

use dianzhi::problem::Lang;
use dianzhi::problem::catalogue::scheme as catalogue;

use super::tables::{Tables, places, tables};

/// A scheme, all that is found in it, and words of the first finding.
struct Case {
    tables: Tables,
    found: &'static [&'static str],
    says: &'static str,
}

fn case(tables: Tables, found: &'static [&'static str], says: &'static str) -> Case {
    Case { tables, found, says }
}

#[test]
fn nothing_is_found_where_nothing_is_wrong() {
    let checked = tables().check();
    assert_eq!(checked.problems.render(Lang::En), "");
    assert!(checked.unreachable_drgs.is_empty() && checked.unreachable_rules.is_empty());
}

/// Tables that cannot be read.
fn refused() -> Vec<Case> {
    let many: Vec<String> = (0..30_000).map(|n| format!("ES{n}Z,ES2,,{},always", n + 4)).collect();
    vec![
        case(tables().without("cc"), &["S001 "], "lacks the table cc"),
        case(
            tables()
                .without("cc")
                .without("mdc_diagnoses")
                .set("adrg", "pdx in D1", "pdx in D9")
                .set("drg", "1,mcc\n", "1,mccc\n"),
            &["S001 ", "S001 ", "S012 drg.csv:4 [condition:1]", "S021 adrg.csv:3 [condition:8]"],
            "lacks the table mdc_diagnoses",
        ),
        case(tables().set("cc", "level", "grade"), &["S002 cc.csv"], "lacks the column level"),
        case(tables().set("mdc", ",1,", ",first,"), &["S003 mdc.csv:2 [order]"], "\"first\" is not a whole number"),
        case(tables().add("scheme", "colour,red"), &["S004 scheme.csv:8 [key]"], "unknown option \"colour\""),
        case(tables().set("scheme", "cc_exclusion,yes\n", ""), &["S005 scheme.csv"], "lacks the option cc_exclusion"),
        case(tables().add("adrg_codes", "ES2,D1,"), &["S006 adrg_codes.csv:5 [code]"], "must not be empty"),
        case(tables().add("drg", &many.join("\n")), &["S008 "], "drg over 30000"),
        case(tables().add("colours", "a,b"), &["S009 colours.csv"], "unknown table colours"),
        case(tables().set("drg", "1,mcc\n", "1,mcc cc\n"), &["S010 drg.csv:4 [condition:5]"], "found \"cc\""),
        case(tables().set("drg", "1,mcc\n", "1,not\n"), &["S011 drg.csv:4 [condition:4]"], "ends early"),
        case(
            tables().set("adrg", "pdx in D1", "pdy in D1"),
            &["S012 adrg.csv:3 [condition:1]", "S025 adrg_codes.csv:3 [list]"],
            "did you mean pdx?",
        ),
        case(
            tables().set("mdc", "pdx in MDC", "pdx in VALID"),
            &["S013 mdc.csv:2 [condition:8]"],
            "VALID holds procedures only",
        ),
        case(
            tables().set("mdc", "pdx in MDC", &"(".repeat(100)),
            &["S014 mdc.csv:2 [condition:65]"],
            "nested too deeply",
        ),
        case(
            tables().add("mdc_diagnoses", "MDCF,D,I21.000"),
            &["S020 mdc_diagnoses.csv:4 [mdc]"],
            "\"MDCF\" is not defined",
        ),
        case(
            tables().set("adrg", "pdx in D1", "sex == male or pdx in D2"),
            &["S021 adrg.csv:3 [condition:23]", "S025 adrg_codes.csv:3 [list]"],
            "list D2, which ES2 does not have",
        ),
        case(
            tables().add("drg", "ES25,ES2,again,4,always"),
            &["S022 drg.csv:7 [drg]"],
            "stands twice (first in row 6)",
        ),
        case(tables().add("cc", "I10.x00,XX,3"), &["S034 cc.csv:4 [level]"], "neither MCC nor CC"),
    ]
}

/// Tables that can be used but hold rows that do nothing or contradict each other.
fn doubtful() -> Vec<Case> {
    vec![
        case(tables().add("drg", "ET19,ET1,哮喘,1,always"), &["S023 drg.csv:7 [adrg]"], "\"ET1\", which has no rule"),
        case(
            tables().add("adrg", "EZ1,MDCE,其他,3,medical,sex == male,adrg").add("mdc_diagnoses", "MDCE,D,J98.900"),
            &["S024 adrg.csv:4 [adrg]"],
            "EZ1 has no DRG",
        ),
        case(tables().add("adrg_codes", "ES2,D7,J18.900"), &["S025 adrg_codes.csv:5 [list]"], "list D7 of ES2"),
        case(
            tables().set("cc", "I50.900,CC,2", "I50.900,CC,").set("cc_exclusions", "I50.900,2\n", ""),
            &["S030 cc.csv:3 [exclusion_group]"],
            "I50.900 has no exclusion group",
        ),
        case(tables().add("cc", "N17.900,CC,9"), &["S031 cc.csv:4 [exclusion_group]"], "group 9 holds no principal"),
        case(
            tables().add("adrg_codes", "ES2,D1,K35.900"),
            &["S032 adrg_codes.csv:5 [code]"],
            "1 code(s) of list D1 of ES2 (e.g. K35.900) do not meet \"pdx in MDC\", which MDCE requires",
        ),
        case(
            tables().add("procedure_names", "code,name\n32.4200,肺段切除"),
            &["S033 valid_procedures.csv:2 [code]", "S033 adrg_codes.csv:2 [code]"],
            "1 code(s) of valid_procedures not in the table of names (e.g. 32.4100)",
        ),
        case(tables().add("adrg_codes", "ES2,D1,J18.900"), &["S036 adrg_codes.csv:5 [code]"], "(first in row 3)"),
        case(
            tables().set("mdc_diagnoses", "MDCE,D,J18.900\nMDCE,D,J44.900\n", "").set("adrg", "pdx in D1", "always"),
            &[
                "S037 mdc.csv:2 [condition]",
                "S025 adrg_codes.csv:3 [list]",
                "S042 adrg.csv:2 [condition]",
                "S042 adrg.csv:3 [condition]",
                "S042 drg.csv:2 [condition]",
                "S042 drg.csv:3 [condition]",
                "S042 drg.csv:4 [condition]",
                "S042 drg.csv:5 [condition]",
                "S042 drg.csv:6 [condition]",
                "S032 adrg_codes.csv:2 [code]",
            ],
            "MDCE has no diagnoses, yet the condition \"pdx in MDC\" refers to them",
        ),
        case(tables().set("adrg", "肺炎,2,", "肺炎,1,"), &["S047 adrg.csv:3 [order]"], "(first in row 2)"),
        case(
            tables().add("code_map_diagnoses", "code,insurance_code\nJ18.901,J18.900\nJ18.901,J44.900"),
            &["S048 code_map_diagnoses.csv:3 [insurance_code]"],
            "\"J18.900\" and \"J44.900\"; the latter counts",
        ),
        case(
            tables().add("cc", "I50.900,MCC,2\nI11.000,CC,2"),
            &["S049 cc.csv:4 [icd10]"],
            "several entries in cc (CC 2; MCC 2)",
        ),
        case(
            tables().set("adrg", "main_proc in P1", "main_proc in P1 or main_proc in VALID").set(
                "valid_procedures",
                "32.4100\n",
                "",
            ),
            &["S050 adrg.csv:2 [condition]"],
            "valid_procedures holds no code",
        ),
        case(
            tables().add("cc_exclusions", "J44.900,77"),
            &["S051 cc_exclusions.csv:4 [exclusion_group]"],
            "no CC/MCC has the exclusion group 77: 1 row(s)",
        ),
    ]
}

/// DRGs that no claim gets to within their ADRG.
fn drgs() -> Vec<Case> {
    vec![
        case(
            tables().add("drg", "ES2Z,ES2,肺炎,4,mcc"),
            &["S026 drg.csv:7 [condition]"],
            "DRG ES2Z can never be reached: the DRG ES25 of the same ADRG stands first and always holds",
        ),
        case(
            tables().set("drg", "1,mcc or cc", "1,age < 5 and age > 7"),
            &["S042 drg.csv:2 [condition]"],
            "the condition \"age < 5 and age > 7\" can never hold",
        ),
        case(
            tables().set("drg", "3,always", "3,cc or age < 3\nES29,ES2,肺炎,4,mcc and sex == male\nES2Z,ES2,,5,always"),
            &["S043 drg.csv:7 [condition]"],
            "ES21 of the same ADRG stand first and take every claim",
        ),
        case(
            tables()
                .set("scheme", "severity_scan,secondary", "severity_scan,all")
                .set("scheme", "cc_exclusion,yes", "cc_exclusion,no")
                .add("cc", "J18.900,MCC,1\nJ44.900,MCC,1"),
            &["S044 drg.csv:5 [condition]"],
            "DRG ES23 can never be reached: each of its principal diagnoses is itself a MCC",
        ),
        case(
            tables().add("cc_exclusions", "J44.900,1"),
            &["S045 drg.csv:4 [condition]"],
            "no combination of codes gives the severity",
        ),
    ]
}

/// Rules that take no claim.
fn rules() -> Vec<Case> {
    let complicated: Vec<String> = (1..=10).map(|n| format!("(other_dx in D{n} or other_proc in P{n})")).collect();
    let lists: Vec<String> =
        (1..=10).flat_map(|n| [format!("EZ1,D{n},J90.{n:02}0"), format!("EZ1,P{n},99.00{n:02}")]).collect();
    vec![
        case(
            tables()
                .add("adrg", "ET1,MDCE,慢阻肺,3,medical,pdx in D1,adrg")
                .add("adrg_codes", "ET1,D1,J44.900")
                .add("drg", "ET19,ET1,慢阻肺,1,always"),
            &["S027 adrg.csv:4 [condition]", "S027 drg.csv:7 [condition]", "S039 adrg.csv:4 [condition]"],
            "ADRG ET1 (adrg:4) can never be reached: every claim that satisfies it is taken first by ES2 (adrg:3)",
        ),
        case(
            tables()
                .add("mdc", "MDCA,先期,0,pre_mdc,main_proc in VALID")
                .add("adrg", "AG1,MDCA,移植,1,surgical,main_proc in P1,adrg")
                .add("adrg_codes", "AG1,P1,41.0000")
                .add("drg", "AG19,AG1,移植,1,always"),
            &["S040 adrg.csv:4 [condition]", "S040 drg.csv:7 [condition]", "S032 adrg_codes.csv:5 [code]"],
            "none of the codes in list P1 (e.g. 41.0000) meets \"main_proc in VALID\", which MDCA requires",
        ),
        case(
            tables().set("mdc", "pdx in MDC", "pdx in MDC and age > 28").set("adrg", "main_proc in P1", "age <= 28"),
            &[
                "S025 adrg_codes.csv:2 [list]",
                "S041 adrg.csv:2 [condition]",
                "S041 drg.csv:2 [condition]",
                "S041 drg.csv:3 [condition]",
            ],
            "\"age <= 28\" and the condition of MDCE, \"pdx in MDC and age > 28\", never hold together",
        ),
        case(
            tables()
                .set("adrg", "肺炎,2,medical,pdx in D1", "肺炎,2,medical,pdx in D1 or always")
                .add("adrg", &format!("EZ1,MDCE,其他,3,surgical,{},adrg", complicated.join(" and ")))
                .add("adrg_codes", &lists.join("\n"))
                .add("drg", "EZ19,EZ1,其他,1,always"),
            &["S046 adrg.csv:4 [condition]", "S046 drg.csv:7 [condition]"],
            "claims made for it gets there; most are taken by ES2 (adrg:3)",
        ),
    ]
}

/// Cases that no DRG takes, codes that two rules claim.
fn gaps_and_overlaps() -> Vec<Case> {
    vec![
        case(
            tables()
                .set("adrg", "pdx in D1", "pdx in D1 and age < 18")
                .add("adrg", "ET1,MDCE,慢阻肺,3,medical,pdx in D1 and sex == male,adrg")
                .add("adrg_codes", "ET1,D1,J44.900")
                .add("drg", "ET19,ET1,慢阻肺,1,always"),
            &["S028 adrg.csv:4 [condition]"],
            "the lists of ES2 (adrg:3) and ET1 (adrg:4) share 1 code(s) (e.g. J44.900)",
        ),
        case(
            tables().set("drg", "EB15,EB1,肺手术,2,always\n", ""),
            &["S029 adrg.csv:2 [no_drg]"],
            "leave out cases (e.g. not mcc and not cc): their result is the bare code EB1",
        ),
        case(
            tables().set("drg", "2,always", "2,age >= 18").set("adrg", "main_proc in P1,adrg", "main_proc in P1,next"),
            &["S038 adrg.csv:2 [no_drg]"],
            "leave out cases (e.g. age == 17 and not mcc and not cc): they go on to the next rule",
        ),
        case(
            tables()
                .set("adrg", "肺炎,2,", "肺炎,9,")
                .add("adrg", "EB2,MDCE,肺小手术,3,surgical,main_proc in P1,adrg")
                .add("adrg_codes", "EB2,P1,32.4100\nEB2,P1,32.2900")
                .add("drg", "EB29,EB2,肺小手术,1,always"),
            &["S039 adrg.csv:4 [condition]"],
            "1 code(s) in the lists of EB2 (adrg:4) (e.g. 32.4100) never count: EB1 (adrg:2) stands first",
        ),
    ]
}

fn all() -> Vec<Case> {
    [refused(), doubtful(), drgs(), rules(), gaps_and_overlaps()].into_iter().flatten().collect()
}

#[test]
fn each_kind_is_found_where_it_stands_and_nothing_else() {
    let mut failures = Vec::new();
    for case in all() {
        let checked = case.tables.check();
        let english = checked.problems.render(Lang::En);
        let found = places(&checked.problems);
        if found != case.found || !english.contains(case.says) {
            failures.push(format!("expected {:?} {:?}, found {found:?}\n{english}", case.found, case.says));
        }
        for problem in &checked.problems.0 {
            let names: Vec<&str> = problem.args.iter().map(|(name, _)| *name).collect();
            let fields =
                problem.entry.en.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
            let missing: Vec<&str> = fields.filter(|field| !names.contains(field)).collect();
            if !missing.is_empty() {
                failures.push(format!("{missing:?} are not filled: {problem}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// A kind without a case could break unseen.
#[test]
fn every_kind_has_a_case() {
    let tested: BTreeSet<&str> = all().into_iter().flat_map(|case| case.found).map(|found| &found[..4]).collect();
    // Of containers and of `scheme show`.
    let elsewhere = ["S007", "S035", "S052", "S053"];
    for entry in catalogue::ALL {
        assert!(tested.contains(entry.code) || elsewhere.contains(&entry.code), "{} has no case", entry.code);
    }
}

/// Mistakes in several tables are all told in one run, and findings in the rows beside them.
#[test]
fn one_run_tells_all() {
    let checked = tables()
        .set("mdc", "pdx in MDC", "pdx in")
        .set("adrg", "main_proc in P1", "main_proc in P9")
        .set("adrg", "pdx in D1", "pdx inn D1")
        .set("drg", "1,mcc\n", "x,mccc\n")
        .add("cc", "I50.900,C,2")
        .check();
    let expected = [
        "S011 mdc.csv:2 [condition:7]",
        "S010 adrg.csv:3 [condition:5]",
        "S003 drg.csv:4 [order]",
        "S012 drg.csv:4 [condition:1]",
        "S034 cc.csv:4 [level]",
        "S021 adrg.csv:2 [condition:14]",
        "S049 cc.csv:4 [icd10]",
        "S025 adrg_codes.csv:2 [list]",
        "S025 adrg_codes.csv:3 [list]",
    ];
    assert_eq!(places(&checked.problems), expected);
    assert!(checked.problems.has_errors());
}
