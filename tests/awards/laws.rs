//! Laws that hold for any events, payments, revocations and readings.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use dianzhi::awards::Level::{City, County, Province};
use dianzhi::awards::{Event, Funding, Inputs, LineKind, Outcome, Policy, Prior, SubjectKind, run, switches};
use dianzhi::money::Fen;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::support::{event, held, party, payment, policy, revoked};

const KINDS: [(&str, &str, SubjectKind); 11] = [
    ("national_talent", "", SubjectKind::Person),
    ("provincial_talent", "", SubjectKind::Person),
    ("national_science", "特等奖", SubjectKind::Team),
    ("sichuan_science", "一等奖", SubjectKind::Team),
    ("sichuan_science", "二等奖", SubjectKind::Team),
    ("national_specialty", "", SubjectKind::Institution),
    ("hospital_grade", "三级甲等", SubjectKind::Institution),
    ("cdc_grade", "三级乙等", SubjectKind::Institution),
    ("national_exam", "A", SubjectKind::Institution),
    ("smart_hospital", "三星", SubjectKind::Institution),
    ("smart_hospital", "四星", SubjectKind::Institution),
];
const PLACES: [&str; 3] = ["通江县", "南江县", "巴中市"];

fn date(day: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2023, 9, 1).unwrap() + Days::new(day)
}

/// A subject's code fixes its place and kind, as in the real world.
fn subject(kind: SubjectKind, number: usize) -> dianzhi::awards::Party {
    party(&format!("{}{number}", &kind.code()[..1]), kind, PLACES[number % 3])
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let one = (0..KINDS.len(), 0..4usize, 0u64..1500, 0..3usize, proptest::option::weighted(0.2, 1i64..3_000_000));
    proptest::collection::vec((one, proptest::collection::vec(0..4usize, 0..3)), 0..14).prop_map(|rows| {
        let mut events = Vec::new();
        for (number, ((kind, lead, day, item, higher), joint)) in rows.into_iter().enumerate() {
            let (achievement, grade, kind) = KINDS[kind];
            let mut made = event(&format!("e{number}"), achievement, grade, "", "2024-01-01");
            made.named = date(day);
            made.item = format!("项目{item}");
            made.parties = vec![subject(kind, lead)];
            let others = joint.into_iter().map(|at| subject(SubjectKind::Person, at));
            if kind == SubjectKind::Team {
                made.parties.extend(others.collect::<Vec<_>>());
                made.parties.dedup_by(|x, y| x.id == y.id);
            }
            made.higher_award = higher.map(Fen);
            events.push(made);
        }
        events
    })
}

fn inputs() -> impl Strategy<Value = Inputs> {
    let payments = proptest::collection::vec((0..14usize, 0..3usize, 0u64..1800, -1_000_000i64..300_000_000), 0..20);
    let revocations = proptest::collection::vec((0..14usize, 0u64..1800), 0..4);
    let history = proptest::collection::vec((0..KINDS.len(), 0..4usize, 0u64..1000, any::<bool>()), 0..3);
    (events(), payments, revocations, history).prop_map(|(events, payments, revocations, history)| {
        let mut inputs = Inputs { events, ..Inputs::default() };
        for (number, (at, place, day, fen)) in payments.into_iter().enumerate() {
            let id = format!("v{number:02}");
            let mut paid = payment(&id, &format!("e{at}"), PLACES[place], "2024-01-01", Fen(fen));
            paid.date = date(day);
            inputs.payments.push(paid);
        }
        for (at, day) in revocations {
            let mut gone = revoked(&format!("e{at}"), "2024-01-01");
            gone.date = date(day);
            inputs.revocations.push(gone);
        }
        for (kind, number, day, lost) in history {
            let (achievement, grade, kind) = KINDS[kind];
            let mut title = held(&subject(kind, number).id, achievement, grade, "2024-01-01", None);
            title.named = date(day);
            title.lost = lost.then(|| date(day + 100));
            inputs.history.push(title);
        }
        inputs
    })
}

/// Any reading of every switch that needs no further figure.
fn readings() -> impl Strategy<Value = Vec<(&'static str, &'static str)>> {
    let usable: Vec<_> = switches::ALL.iter().filter(|s| !["award_year"].contains(&s.name)).collect();
    let picks: Vec<_> = usable.iter().map(|s| 0..s.readings.len()).collect();
    picks.prop_map(move |picks| {
        let named = usable.iter().zip(picks).map(|(s, at)| (s.name, s.readings[at].name));
        named.filter(|(_, reading)| !["agreed_shares", "by_rule"].contains(reading)).collect()
    })
}

/// Counties pay a part only, so that every treasury has something to do.
fn funded(readings: &[(&str, &str)]) -> Policy {
    let mut policy = policy(readings);
    let share = |hundredths| Decimal::new(hundredths, 2);
    let shares = vec![(Province, share(33)), (City, share(33)), (County, share(34))];
    for rule in policy.rules.iter_mut().filter(|rule| ["A4", "A8", "A12"].contains(&rule.id.as_str())) {
        rule.funding = Funding { by_level: [(County, shares.clone())].into() };
    }
    policy
}

fn go(policy: &Policy, inputs: &Inputs, prior: &Prior) -> Outcome {
    run(policy, inputs, prior).unwrap()
}

fn sum<'l>(lines: impl Iterator<Item = &'l dianzhi::awards::Line>) -> Fen {
    Fen::sum(lines.map(|line| line.amount)).unwrap()
}

/// What is left of each award, by award and second award apart.
fn nets(lines: &[dianzhi::awards::Line]) -> BTreeMap<(String, bool), Fen> {
    let mut nets = BTreeMap::new();
    for line in lines {
        let second = |l: &dianzhi::awards::Line| l.kind == LineKind::Second || l.rule == "A14";
        let corrected = lines.iter().find(|other| other.id == line.corrects);
        let key = (line.award.clone(), corrected.map_or(second(line), second));
        let net: &mut Fen = nets.entry(key).or_default();
        *net = net.checked_add(line.amount).unwrap();
    }
    nets.retain(|_, fen| *fen != Fen::ZERO);
    nets
}

/// The inputs, short enough to read when a law fails.
fn brief(inputs: &Inputs) -> String {
    use std::fmt::Write;
    let mut text = String::from("\n");
    for e in &inputs.events {
        let parties: Vec<_> = e.parties.iter().map(|p| format!("{}@{}", p.id, p.place)).collect();
        let higher = e.higher_award.map_or(String::new(), |fen| format!(" higher {fen}"));
        writeln!(text, "{} {} {} {} {} {}{higher}", e.id, e.named, e.achievement, e.grade, e.item, parties.join(" "))
            .unwrap();
    }
    for title in &inputs.history {
        writeln!(
            text,
            "held {} {} {} {} … {:?}",
            title.subject, title.achievement, title.grade, title.named, title.lost
        )
        .unwrap();
    }
    for p in &inputs.payments {
        writeln!(text, "{} {:?} {} {} {}", p.id, p.paid_for, p.place, p.date, p.amount).unwrap();
    }
    for r in &inputs.revocations {
        writeln!(text, "revoked {} {:?}", r.date, r.target).unwrap();
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn lines_sum_to_awards_and_nothing_is_taken_back_twice(inputs in inputs(), readings in readings()) {
        let outcome = go(&funded(&readings), &inputs, &Prior::default());
        for award in outcome.awards.iter().filter(|award| award.rule != "A14") {
            let of_award = || outcome.lines.iter().filter(|line| line.award == award.id);
            prop_assert_eq!(sum(of_award().filter(|line| line.kind == LineKind::Award)), award.amount);
            prop_assert!(Fen::ZERO <= award.amount && award.amount <= award.gross);
        }
        for line in outcome.lines.iter().filter(|line| line.corrects.is_empty()) {
            let back = sum(outcome.lines.iter().filter(|other| other.corrects == line.id));
            prop_assert!(line.amount.checked_add(back).unwrap() >= Fen::ZERO);
        }
        let mut ids: Vec<_> = outcome.lines.iter().map(|line| &line.id).collect();
        ids.sort();
        ids.dedup();
        prop_assert_eq!(ids.len(), outcome.lines.len(), "a number names one line");
        let paid = |treasury: &str| sum(outcome.lines.iter().filter(|line| line.treasury == treasury));
        let treasuries = ["四川省", "巴中市", "通江县", "南江县"].map(paid);
        prop_assert_eq!(Fen::sum(treasuries), Some(sum(outcome.lines.iter())), "every line has one treasury");
    }

    #[test]
    fn handing_in_everything_again_pays_nothing(inputs in inputs(), readings in readings()) {
        let policy = funded(&readings);
        let mut book = Prior::default();
        let first = go(&policy, &inputs, &book);
        book.extend(&first, &inputs.payments);
        let again = go(&policy, &inputs, &book);
        prop_assert!(again.lines.is_empty(), "{}{:#?}", brief(&inputs), again.lines);
        prop_assert_eq!(&again.awards, &[], "{}", brief(&inputs));
        // A revocation that takes nothing back says so each time; nothing else is decided anew.
        let nothing = again.steps.iter().all(|step| step.amount == Some(Fen::ZERO));
        prop_assert!(nothing, "{}{:#?}", brief(&inputs), again.steps);
    }

    #[test]
    fn the_order_of_rows_changes_nothing(inputs in inputs(), readings in readings(), seed in any::<u64>()) {
        let policy = funded(&readings);
        let mut shuffled = inputs.clone();
        let turn = |len: usize| if len == 0 { 0 } else { seed as usize % len };
        shuffled.events.reverse();
        let at = turn(shuffled.events.len());
        shuffled.events.rotate_left(at);
        let at = turn(shuffled.payments.len());
        shuffled.payments.rotate_left(at);
        shuffled.revocations.reverse();
        shuffled.history.reverse();
        let (one, other) = (go(&policy, &inputs, &Prior::default()), go(&policy, &shuffled, &Prior::default()));
        prop_assert_eq!(&one.awards, &other.awards, "{}", brief(&inputs));
        prop_assert_eq!(&one.lines, &other.lines);
        prop_assert_eq!(&one.steps, &other.steps);
        prop_assert_eq!(&one.in_place, &other.in_place);
        prop_assert_eq!(&one.refusals, &other.refusals);
    }

    /// A year in two runs comes to the same as in one.
    #[test]
    fn two_runs_come_to_the_same_as_one(inputs in inputs(), readings in readings(), day in 0u64..1800) {
        let policy = funded(&readings);
        let once = go(&policy, &inputs, &Prior::default());
        let mut early = inputs.clone();
        early.events.retain(|event| event.named <= date(day));
        early.payments.retain(|payment| payment.date <= date(day));
        early.revocations.retain(|revocation| revocation.date <= date(day));
        let mut book = Prior::default();
        let first = go(&policy, &early, &book);
        book.extend(&first, &early.payments);
        let second = go(&policy, &inputs, &book);
        book.extend(&second, &inputs.payments);
        let awards_only = |nets: BTreeMap<(String, bool), Fen>| -> BTreeMap<_, _> {
            nets.into_iter().filter(|((_, second), _)| !second).collect()
        };
        let (one, two) = (awards_only(nets(&once.lines)), awards_only(nets(&book.lines)));
        prop_assert_eq!(one, two, "{}{:?}", brief(&inputs), date(day));
    }

    /// What changes with a reading says that the switch decided it.
    #[test]
    fn a_switch_decides_only_what_names_it(
        inputs in inputs(),
        readings in readings(),
        pick in any::<prop::sample::Index>(),
    ) {
        let flips: Vec<(&str, &str)> = switches::ALL
            .iter()
            .filter(|switch| !switch.name.starts_with("second_") && switch.name != "award_year")
            .flat_map(|switch| switch.readings.iter().map(|reading| (switch.name, reading.name)))
            .filter(|(_, reading)| *reading != "agreed_shares")
            .collect();
        let (switch, reading) = flips[pick.index(flips.len())];
        let mut flipped = readings.clone();
        flipped.retain(|(name, _)| *name != switch);
        flipped.push((switch, reading));
        let (base, other) = (funded(&readings), funded(&flipped));
        let (one, two) = (go(&base, &inputs, &Prior::default()), go(&other, &inputs, &Prior::default()));
        for event in &inputs.events {
            let net = |outcome: &Outcome| -> BTreeMap<String, Fen> {
                let ids: Vec<_> = outcome.awards.iter().filter(|a| a.event == event.id).map(|a| &a.id).collect();
                let mut by_payee = BTreeMap::new();
                let lines = outcome.lines.iter().filter(|l| ids.contains(&&l.award) && l.rule != "A14");
                for line in lines {
                    let sum: &mut Fen = by_payee.entry(line.payee.clone()).or_default();
                    *sum = sum.checked_add(line.amount).unwrap();
                }
                by_payee.retain(|_, fen| *fen != Fen::ZERO);
                by_payee
            };
            if net(&one) != net(&two) {
                let named = |outcome: &Outcome| {
                    let awards = outcome.awards.iter().filter(|a| a.event == event.id).map(|a| &a.switches);
                    let refusals = outcome.refusals.iter().filter(|r| r.event == event.id).map(|r| &r.switches);
                    awards.chain(refusals).flatten().any(|decided| decided.starts_with(&format!("{switch}=")))
                };
                let moved = format!("{switch}={reading} moved {}{}{readings:?}", event.id, brief(&inputs));
                prop_assert!(named(&one) || named(&two), "{moved}");
            }
        }
    }
}
