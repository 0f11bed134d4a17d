//! Tiers of a group, across years and runs; a person beside a team.

use dianzhi::awards::{Inputs, LineKind, Outcome, Prior, SubjectKind, run};
use dianzhi::money::Fen;

use super::support::{awarded, decide, event, events, pack, party, person, policy, prize, refused, total, yuan};

fn three_then_four() -> Inputs {
    events(vec![
        event("three", "smart_hospital", "三星", "H", "2025-05-01"),
        event("four", "smart_hospital", "四星", "H", "2026-05-01"),
    ])
}

/// Last year in the book, this year new.
fn two_runs(readings: &[(&str, &str)]) -> (Outcome, Outcome) {
    let policy = policy(readings);
    let inputs = three_then_four();
    let last = Inputs { events: inputs.events[..1].to_vec(), ..Inputs::default() };
    let mut book = Prior::default();
    let first = run(&policy, &last, &book).unwrap();
    book.extend(&first, &[]);
    let second = run(&policy, &inputs, &book).unwrap();
    (first, second)
}

#[test]
fn three_stars_last_year_and_four_this_year() {
    for (reading, this_year) in [("each", 2_000_000), ("difference", 1_000_000), ("highest", 1_000_000)] {
        let (first, second) = two_runs(&[("tiers", reading)]);
        assert_eq!(total(&first.lines), yuan(1_000_000), "{reading}");
        assert_eq!(total(&second.lines), yuan(this_year), "{reading}");
        assert!(second.awards[0].switches.contains(&format!("tiers={reading}")));
        assert!(refused(&second).contains(&("three", "A109")), "the earlier event is in the book");
    }
    let (first, second) = two_runs(&[("tiers", "highest")]);
    let back: Vec<_> = second.lines.iter().filter(|line| line.kind == LineKind::Replaced).collect();
    assert_eq!((back.len(), back[0].amount, &back[0].corrects), (1, yuan(-1_000_000), &first.lines[0].id));
    assert_eq!(awarded(&second), [("A12:H", yuan(2_000_000))]);
}

#[test]
fn both_years_in_one_run_come_to_the_same() {
    for (reading, three, four) in
        [("each", 1_000_000, 2_000_000), ("difference", 1_000_000, 1_000_000), ("highest", 0, 2_000_000)]
    {
        let outcome = decide(&policy(&[("tiers", reading)]), &three_then_four());
        let sum = |id| Fen::sum(outcome.lines.iter().filter(|l| l.award == id).map(|l| l.amount)).unwrap();
        assert_eq!((sum("A11:H"), sum("A12:H")), (yuan(three), yuan(four)), "{reading}");
        assert_eq!(refused(&outcome), []);
    }
}

#[test]
fn within_one_year_only() {
    for reading in ["difference", "highest"] {
        let readings = [("tiers", reading), ("tiers_window", "award_year")];
        let outcome = decide(&policy(&readings), &three_then_four());
        assert_eq!(total(&outcome.lines), yuan(3_000_000), "{reading}");
        assert!(outcome.awards[1].switches.contains("tiers_window=award_year"));
        let mut same_year = three_then_four();
        same_year.events[1].named = super::support::day("2025-11-01");
        assert_eq!(total(&decide(&policy(&readings), &same_year).lines), yuan(2_000_000), "{reading}");
    }
}

#[test]
fn going_down_is_no_step_up() {
    let inputs = events(vec![
        event("four", "smart_hospital", "四星", "H", "2025-05-01"),
        event("three", "smart_hospital", "三星", "H", "2026-05-01"),
    ]);
    let outcome = decide(&policy(&[]), &inputs);
    assert_eq!((awarded(&outcome), refused(&outcome)), (vec![("A12:H", yuan(2_000_000))], vec![("three", "A111")]));
}

#[test]
fn a_talent_named_twice() {
    let up = events(vec![
        person("province", "provincial_talent", "P", "2025-02-01"),
        person("nation", "national_talent", "P", "2025-08-01"),
    ]);
    let down = events(vec![
        person("nation", "national_talent", "P", "2025-02-01"),
        person("province", "provincial_talent", "P", "2025-08-01"),
    ]);
    for (reading, amount) in [("each", 150_000), ("difference", 100_000), ("highest", 100_000)] {
        let policy = policy(&[("tiers", reading)]);
        assert_eq!(total(&decide(&policy, &up).lines), yuan(amount), "up, {reading}");
        assert_eq!(total(&decide(&policy, &down).lines), yuan(amount), "down, {reading}");
    }
    let code = |reading| refused(&decide(&policy(&[("tiers", reading)]), &down))[0].1.to_owned();
    assert_eq!((code("difference"), code("highest")), ("A112".to_owned(), "A113".to_owned()));
}

/// A national expert (100,000) whose team wins a second prize of 500,000 shared with another member.
#[test]
fn a_person_beside_the_team() {
    let member = |id: &str| party(id, SubjectKind::Person, "通江县");
    let team = || vec![party("T", SubjectKind::Team, "通江县"), member("P"), member("Q")];
    for (named_expert, named_prize) in [("2025-02-01", "2025-08-01"), ("2025-08-01", "2025-02-01")] {
        let mut inputs = events(vec![
            person("expert", "national_talent", "P", named_expert),
            prize("prize", "二等奖", "甲", team(), named_prize),
        ]);
        let independent = decide(&policy(&[]), &inputs);
        assert_eq!(total(&independent.lines), yuan(600_000));
        // The third of the prize, 166,666.67 for P, is more than the own 100,000.
        let offset = decide(&policy(&[("person_and_team", "offset")]), &inputs);
        assert_eq!(total(&offset.lines), yuan(500_000), "{named_expert}");
        // Shared among more, the own award is the larger: it comes down by the share.
        inputs.events[1].parties.extend((0..7).map(|at| member(&format!("R{at}"))));
        let offset = decide(&policy(&[("person_and_team", "offset")]), &inputs);
        assert_eq!(total(&offset.lines), yuan(550_000), "{named_expert}: 500,000 + (100,000 - 50,000)");
        let own = offset.awards.iter().find(|award| award.id == "A1:P").unwrap();
        assert!(own.switches.contains("person_and_team=offset"));
    }
}

/// P is a national expert (100,000), a provincial one (50,000), and has an equal share of a prize of 500,000. The
/// own awards and the share come to the larger of the two, whatever is named first; on one day, whatever number comes
/// first.
#[test]
fn a_share_is_taken_off_the_own_awards_once() {
    const DAYS: [&str; 3] = ["2025-03-01", "2025-03-02", "2025-03-03"];
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    // Winners, reading; what P's own awards leave beside the share (a tenth 50,000, a quarter 125,000, a half 250,000).
    let cases = [
        (10, "each", 150_000 - 50_000),
        (10, "difference", 100_000 - 50_000),
        (10, "highest", 100_000 - 50_000),
        (4, "each", 150_000 - 125_000),
        (4, "difference", 0),
        (4, "highest", 0),
        (2, "each", 0),
    ];
    for (order, one_day) in orders.into_iter().flat_map(|order| [(order, true), (order, false)]) {
        for (winners, tiers, own) in cases {
            let named = |at: usize| DAYS[if one_day { 0 } else { order[at] }];
            let id = |at: usize| format!("e{}", order[at]);
            let mut team = vec![party("T", SubjectKind::Team, "通江县"), party("P", SubjectKind::Person, "通江县")];
            team.extend((2..winners).map(|at| party(&format!("Q{at}"), SubjectKind::Person, "通江县")));
            let inputs = events(vec![
                person(&id(0), "national_talent", "P", named(0)),
                person(&id(1), "provincial_talent", "P", named(1)),
                prize(&id(2), "二等奖", "甲", team, named(2)),
            ]);
            let policy = policy(&[("person_and_team", "offset"), ("tiers", tiers)]);
            let outcome = decide(&policy, &inputs);
            let told = format!("{order:?} {one_day} {winners} {tiers}");
            assert_eq!(total(&outcome.lines), yuan(500_000 + own), "{told}");
            let mut book = Prior::default();
            book.extend(&outcome, &[]);
            let again = run(&policy, &inputs, &book).unwrap();
            assert_eq!((again.awards, again.lines, again.steps), (vec![], vec![], vec![]), "{told}");
        }
    }
}

/// The national award is taken up by the team's share in part. The provincial one stays below it under the difference:
/// a team's money makes no room in the group, and nothing is decided anew when all is handed in again.
#[test]
fn a_lower_tier_stays_below_one_that_a_team_has_reduced() {
    let team = vec![party("T", SubjectKind::Team, "通江县"), party("P", SubjectKind::Person, "通江县")];
    let members = (2..7).map(|at| party(&format!("Q{at}"), SubjectKind::Person, "通江县"));
    let inputs = events(vec![
        person("a", "national_talent", "P", "2025-03-01"),
        person("b", "provincial_talent", "P", "2025-03-01"),
        prize("c", "二等奖", "甲", team.into_iter().chain(members).collect(), "2025-03-01"),
    ]);
    let policy = policy(&[("person_and_team", "offset"), ("tiers", "difference")]);
    let outcome = decide(&policy, &inputs);
    assert_eq!(refused(&outcome), [("b", "A112")]);
    // 500,000 ÷ 7 = 71,428.57 (the remainder of a fen goes to the first): the own award falls to 28,571.43.
    let back: Vec<_> = outcome.lines.iter().filter(|l| l.kind == LineKind::Offset).map(|l| l.amount).collect();
    assert_eq!(back, [Fen(-7_142_857)]);
    let mut book = Prior::default();
    book.extend(&outcome, &[]);
    let again = run(&policy, &inputs, &book).unwrap();
    assert_eq!((again.awards, again.lines), (vec![], vec![]));
}

/// Own awards of 100 each, at most 100 a year; 70 of a team's prize of 140. Own awards under the cap and the share come
/// to the larger of the two, 100: what the share stands in for uses the cap up as well, whatever number comes first.
#[test]
fn a_share_frees_no_room_under_a_cap() {
    let rules = r#"
[rules.person_and_team]
kind = "switch.reading"
reading = "offset"
placeholder = "示例"
[rules.OWN]
kind = "award.event"
achievement = "star"
title = "个人奖"
subject = "person"
tiers = [{ grades = ["三星"], yuan = 100 }]
once_per = "occurrence"
caps = [{ scope = "subject_year", yuan = 100 }]
source = "d"
article = "二"
[rules.TEAM]
kind = "award.event"
achievement = "star"
title = "团队奖"
subject = "team"
tiers = [{ grades = ["四星"], yuan = 140 }]
once_per = "item"
source = "d"
article = "三"
"#;
    let policy = pack(rules);
    let member = |id: &str, kind| party(id, kind, "甲县");
    for order in [["a", "b", "c"], ["a", "c", "b"], ["b", "c", "a"], ["c", "b", "a"]] {
        let named = |id: &str, grade: &str, item: &str, parties| dianzhi::awards::Event {
            parties,
            item: item.to_owned(),
            ..event(id, "star", grade, "", "2026-03-01")
        };
        let inputs = events(vec![
            named(order[0], "三星", "甲", vec![member("P", SubjectKind::Person)]),
            named(order[1], "三星", "乙", vec![member("P", SubjectKind::Person)]),
            named(order[2], "四星", "丙", vec![member("T", SubjectKind::Team), member("P", SubjectKind::Person)]),
        ]);
        let outcome = decide(&policy, &inputs);
        assert_eq!(total(&outcome.lines), yuan(140 + 100 - 70), "{order:?}");
        let mut book = Prior::default();
        book.extend(&outcome, &[]);
        let again = run(&policy, &inputs, &book).unwrap();
        assert_eq!((again.awards, again.lines), (vec![], vec![]), "{order:?}");
    }
}
