//! The fourteen Bazhong rules, by hand.

use super::support::{day, yuan};
use dianzhi::awards::{
    Achievement, Amount, Citation, Clawback, ClawbackPart, Declared, Funding, GroupRank, HistoryTest, Level, OncePer,
    Phase, PlaceInfo, Policy, Precondition, Rule, SecondAward, SubjectKind, Tier, Trigger, When,
};
use dianzhi::money::Fen;
use rust_decimal::Decimal;

fn citation() -> Citation {
    Citation { document: "征求意见稿".to_owned(), article: "十七".to_owned() }
}

pub fn rule(id: &str, achievement: &str, subject: SubjectKind, grades: &[&str], amount: Fen) -> Rule {
    Rule {
        id: id.to_owned(),
        title: id.to_owned(),
        citation: citation(),
        trigger: Trigger::Event { achievement: achievement.to_owned() },
        subject,
        tiers: vec![tier(grades, amount)],
        once_per: OncePer::Subject,
        history: HistoryTest::None,
        group: None,
        preconditions: Vec::new(),
        funding: Funding::default(),
        caps: Vec::new(),
        phases: vec![Phase { share: Decimal::ONE, after_months: 0, needs_review: false }],
        decay: Vec::new(),
        deadline_days: None,
        clawback: Clawback { years: Some(3), part: ClawbackPart::All },
        switches: Default::default(),
    }
}

pub fn tier(grades: &[&str], amount: Fen) -> Tier {
    let grades = grades.iter().map(|&grade| grade.to_owned()).collect();
    Tier { grades, ranks: None, amount: Amount::Fixed(amount), when: None }
}

fn group(group: &str, rank: u32, steps: bool) -> Option<GroupRank> {
    Some(GroupRank { group: group.to_owned(), rank, steps })
}

fn rules() -> Vec<Rule> {
    use HistoryTest::{Built, FirstTime, NewlyCreated};
    use OncePer::{Item, SubjectItem};
    use SubjectKind::{Institution, Person, Team};
    let talent = |id, achievement, rank, amount| Rule {
        group: group("talent", rank, false),
        ..rule(id, achievement, Person, &[], yuan(amount))
    };
    let any = When { switch: "national_science_classes".to_owned(), reading: "any_class".to_owned() };
    let both = [tier(&["一等奖", "二等奖"], yuan(2_000_000)), Tier { when: Some(any), ..tier(&[], yuan(2_000_000)) }];
    let national =
        Rule { once_per: Item, tiers: both.to_vec(), ..rule("A3", "national_science", Team, &[], Fen::ZERO) };
    let sichuan =
        |id, grade, amount| Rule { once_per: Item, ..rule(id, "sichuan_science", Team, &[grade], yuan(amount)) };
    let institution = |id, achievement, grades: &[&str], history, amount| Rule {
        history,
        ..rule(id, achievement, Institution, grades, yuan(amount))
    };
    let public = |rule: Rule| Rule { preconditions: vec![Precondition::Public], ..rule };
    let smart = |id, grade, rank, amount| Rule {
        group: group("smart", rank, true),
        ..institution(id, "smart_hospital", &[grade], Built, amount)
    };
    vec![
        talent("A1", "national_talent", 2, 100_000),
        talent("A2", "provincial_talent", 1, 50_000),
        national,
        sichuan("A4", "一等奖", 1_000_000),
        sichuan("A5", "二等奖", 500_000),
        institution("A6", "regional_centre", &[], Built, 3_000_000),
        Rule { once_per: SubjectItem, ..institution("A7", "national_specialty", &[], NewlyCreated, 2_000_000) },
        public(institution("A8", "hospital_grade", &["三级甲等"], NewlyCreated, 1_000_000)),
        institution("A9", "cdc_grade", &["三级甲等", "三级乙等"], NewlyCreated, 1_000_000),
        public(institution("A10", "national_exam", &["A"], FirstTime, 2_000_000)),
        smart("A11", "三星", 3, 1_000_000),
        smart("A12", "四星", 4, 2_000_000),
        institution("A13", "chronic_area", &[], NewlyCreated, 500_000),
    ]
}

pub fn bazhong() -> Policy {
    let place = |name: &str, level, parent: Option<&str>| PlaceInfo {
        name: name.to_owned(),
        level,
        parent: parent.map(str::to_owned),
    };
    let classes = Declared {
        title: "国家科学技术进步奖的等次".to_owned(),
        readings: [("any_class", "任一等次"), ("first_second_only", "仅一、二等奖")]
            .map(|(name, text)| (name.to_owned(), text.to_owned()))
            .to_vec(),
        value: "any_class".to_owned(),
    };
    Policy {
        id: "bazhong_awards".to_owned(),
        title: "巴中市激励奖补".to_owned(),
        simulation: true,
        from: day("2024-01-01"),
        to: Some(day("2027-12-31")),
        places: vec![
            place("四川省", Level::Province, None),
            place("巴中市", Level::City, Some("四川省")),
            place("通江县", Level::County, Some("巴中市")),
            place("南江县", Level::County, Some("巴中市")),
        ],
        achievements: vec![Achievement { code: "x".to_owned(), name: "某奖".to_owned(), grades: Vec::new() }],
        rules: rules(),
        second: Some(SecondAward {
            id: "A14".to_owned(),
            title: "市级二次奖补".to_owned(),
            citation: citation(),
            rate: Decimal::new(1, 1),
            threshold: Decimal::ONE,
            gate_level: Level::County,
            pays_level: Level::City,
            shares: None,
            switches: Default::default(),
        }),
        switches: Default::default(),
        declared: [("national_science_classes".to_owned(), classes)].into(),
        placeholders: Vec::new(),
    }
}
