//! Newly created, built, first time; predecessors; the same achievement twice.

use dianzhi::awards::{Event, Inputs, Prior, Succession, Title, run};

use super::support::{awarded, decide, event, events, held, policy, refused, revoked, yuan};

fn with(events: Vec<Event>, history: Vec<Title>) -> Inputs {
    Inputs { events, history, ..Inputs::default() }
}

#[test]
fn newly_created_under_each_reading() {
    let grade = |named| vec![event("e", "hospital_grade", "三级甲等", "H", named)];
    let before = |lost| vec![held("H", "hospital_grade", "三级甲等", "2015-01-01", lost)];
    let cases = [
        // named, held before, dated_never_held, dated, never_held
        ("2025-01-01", vec![], true, true, true),
        ("2023-12-31", vec![], false, false, true),
        ("2024-01-01", vec![], true, true, true),
        ("2025-01-01", before(Some("2020-01-01")), false, true, false),
        ("2025-01-01", before(None), false, false, false),
        ("2025-01-01", before(Some("2026-01-01")), false, false, false),
    ];
    for (named, history, default, dated, never) in cases {
        for (reading, paid) in [("dated_never_held", default), ("dated", dated), ("never_held", never)] {
            let outcome = decide(&policy(&[("newly_created", reading)]), &with(grade(named), history.clone()));
            assert_eq!(!outcome.awards.is_empty(), paid, "{named} {history:?} {reading}");
            let switches =
                outcome.awards.first().map(|a| &a.switches).or(outcome.refusals.first().map(|r| &r.switches));
            let decides = default != dated || default != never;
            assert!(!decides || switches.unwrap().contains(&format!("newly_created={reading}")), "{named} {reading}");
        }
    }
    let lower = vec![held("H", "hospital_grade", "三级乙等", "2015-01-01", None)];
    assert_eq!(awarded(&decide(&policy(&[]), &with(grade("2025-01-01"), lower))), [("A8:H", yuan(1_000_000))]);
}

#[test]
fn a_specialty_is_new_item_by_item() {
    let specialty = |id: &str, item: &str| Event {
        item: item.to_owned(),
        ..event(id, "national_specialty", "", "H", "2025-01-01")
    };
    let old = Title { item: "心内科".to_owned(), ..held("H", "national_specialty", "", "2010-01-01", None) };
    let outcome = decide(&policy(&[]), &with(vec![specialty("e1", "心内科"), specialty("e2", "骨科")], vec![old]));
    assert_eq!((awarded(&outcome), refused(&outcome)), (vec![("A7:H:骨科", yuan(2_000_000))], vec![("e1", "A106")]));
    let nameless = events(vec![specialty("e", "")]);
    assert_eq!(run(&policy(&[]), &nameless, &Prior::default()).unwrap_err().0[0].entry.code, "A014");
}

#[test]
fn first_time_and_built_under_each_reading() {
    let exam = |history| with(vec![event("e", "national_exam", "A", "H", "2026-01-01")], history);
    let old = || vec![held("H", "national_exam", "A", "2019-01-01", Some("2021-01-01"))];
    let recent = || vec![held("H", "national_exam", "A", "2025-01-01", None)];
    let paid = |readings, inputs: &Inputs| !decide(&policy(readings), inputs).awards.is_empty();
    assert!(paid(&[], &exam(vec![])) && !paid(&[], &exam(old())) && !paid(&[], &exam(recent())));
    let since = [("first_time", "since_start")];
    assert!(paid(&since, &exam(old())) && !paid(&since, &exam(recent())));

    let early = with(vec![event("e", "smart_hospital", "三星", "H", "2022-01-01")], vec![]);
    assert!(!paid(&[], &early) && paid(&[("built", "any_date")], &early));
    let again = with(
        vec![event("e", "smart_hospital", "三星", "H", "2025-01-01")],
        vec![held("H", "smart_hospital", "三星", "2022-01-01", None)],
    );
    assert!(!paid(&[], &again) && !paid(&[("built", "any_date")], &again));
}

#[test]
fn a_renamed_hospital_keeps_its_history() {
    let mut inputs = with(
        vec![event("e", "national_exam", "A", "New", "2026-01-01")],
        vec![held("Old", "national_exam", "A", "2019-01-01", None)],
    );
    let link = |subject: &str, predecessor: &str| Succession {
        subject: subject.to_owned(),
        predecessor: predecessor.to_owned(),
    };
    // A circle of mergers ends somewhere.
    inputs.successions = vec![link("New", "Middle"), link("Middle", "Old"), link("Old", "New")];
    let kept = decide(&policy(&[]), &inputs);
    assert_eq!(refused(&kept), [("e", "A107")]);
    assert!(kept.refusals[0].switches.contains("succession=keeps_history"));
    let afresh = decide(&policy(&[("succession", "starts_afresh")]), &inputs);
    assert_eq!(awarded(&afresh), [("A10:New", yuan(2_000_000))]);
    assert!(afresh.awards[0].switches.contains("succession=starts_afresh"));
}

#[test]
fn the_same_achievement_never_pays_twice() {
    let one = event("e1", "regional_centre", "", "H", "2025-01-01");
    let twin = Event { id: "e2".to_owned(), ..one.clone() };
    let later = Event { id: "e3".to_owned(), named: super::support::day("2026-01-01"), ..one.clone() };
    let outcome = decide(&policy(&[]), &events(vec![twin.clone(), later, one.clone()]));
    assert_eq!(awarded(&outcome), [("A6:H:中心", yuan(3_000_000))]);
    assert_eq!(refused(&outcome), [("e2", "A110"), ("e3", "A106")]);

    let mut book = Prior::default();
    book.extend(&outcome, &[]);
    let again = run(&policy(&[]), &events(vec![one, twin]), &book).unwrap();
    assert_eq!((again.awards.len(), again.lines.len()), (0, 0));
    assert_eq!(refused(&again), [("e1", "A109"), ("e2", "A109")]);
}

#[test]
fn a_title_lost_and_regained_pays_again_only_under_the_reading() {
    let mut inputs = events(vec![
        event("e1", "hospital_grade", "三级甲等", "H", "2024-06-01"),
        event("e2", "hospital_grade", "三级甲等", "H", "2027-06-01"),
    ]);
    inputs.revocations = vec![revoked("e1", "2025-06-01")];
    let default = decide(&policy(&[]), &inputs);
    assert_eq!(refused(&default), [("e2", "A106")]);
    let dated = decide(&policy(&[("newly_created", "dated")]), &inputs);
    assert_eq!(awarded(&dated), [("A8:H", yuan(1_000_000)), ("A8:H#2", yuan(1_000_000))]);
    assert_eq!(super::support::total(&dated.lines), yuan(1_000_000), "paid, taken back, paid again");
}
