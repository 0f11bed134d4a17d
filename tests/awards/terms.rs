//! Every term that a rule can have, on an invented place: amounts by quantity, bands, steps, matching, ranking,
//! phases, decay, caps, deadlines, preconditions.

use dianzhi::awards::{Event, Funding, Indicator, Inputs, Level, Origin, Policy, Prior, SubjectKind, run};
use dianzhi::money::Fen;
use rust_decimal::Decimal;

use super::support::{awarded, day, decide, event, events, held, pack, party, payment, refused, stopped, total, yuan};

fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// A rule for three stars; the keys say what it pays.
fn rule(keys: &str) -> Policy {
    pack(&named("R1", keys))
}

fn named(name: &str, keys: &str) -> String {
    let kind = if keys.contains("kind =") { "" } else { "kind = \"award.event\"\nachievement = \"star\"\n" };
    let subject = if keys.contains("subject =") { "" } else { "subject = \"institution\"\n" };
    format!("[rules.{name}]\n{kind}title = \"t\"\n{subject}source = \"d\"\narticle = \"二\"\n{keys}\n")
}

fn star(id: &str, subject: &str, named: &str) -> Event {
    let parties = vec![party(subject, SubjectKind::Institution, "甲县")];
    Event { parties, ..event(id, "star", "三星", subject, named) }
}

fn indicator(subject: &str, year: i32, value: &str) -> Indicator {
    Indicator {
        party: party(subject, SubjectKind::Institution, "甲县"),
        public: None,
        year,
        name: "率".to_owned(),
        value: number(value),
        origin: Origin::default(),
    }
}

fn indicators(rows: &[(&str, i32, &str)]) -> Inputs {
    let indicators = rows.iter().map(|(subject, year, value)| indicator(subject, *year, value)).collect();
    Inputs { indicators, ..Inputs::default() }
}

#[test]
fn so_much_a_unit() {
    let policy = rule("tiers = [{ per_unit = 100 }]");
    let with = |quantity| events(vec![Event { quantity, ..star("e", "H", "2026-03-01") }]);
    // 30.5 × 100 = 3,050
    assert_eq!(awarded(&decide(&policy, &with(Some(number("30.5"))))), [("R1:H", yuan(3_050))]);
    assert_eq!(refused(&decide(&policy, &with(Some(Decimal::ZERO)))), [("e", "A119")]);
    assert_eq!(stopped(&policy, &with(None)), ["A015"]);
}

#[test]
fn matching_money_is_rounded_once_as_the_switch_says() {
    // 1,234,567.89 × 0.5 = 617,283.945
    for (reading, fen) in [("half_up", 61_728_395), ("half_even", 61_728_394), ("toward_zero", 61_728_394)] {
        let policy = rule("tiers = [{ matching = 0.5 }]").with_switches([("rounding", reading)]).unwrap();
        let with = |base| events(vec![Event { base, ..star("e", "H", "2026-03-01") }]);
        let outcome = decide(&policy, &with(Some(Fen(123_456_789))));
        assert_eq!(awarded(&outcome), [("R1:H", Fen(fen))], "{reading}");
        assert!(outcome.awards[0].switches.contains(&format!("rounding={reading}")));
        assert_eq!(stopped(&policy, &with(None)), ["A016"]);
    }
}

#[test]
fn a_performance_coefficient_times_a_base() {
    let policy = rule("tiers = [{ coefficient_base = 1000000 }]");
    let inputs = events(vec![Event { quantity: Some(number("0.935")), ..star("e", "H", "2026-03-01") }]);
    assert_eq!(awarded(&decide(&policy, &inputs)), [("R1:H", yuan(935_000))]);
}

#[test]
fn bands_have_their_lower_end() {
    let policy = rule("tiers = [{ bands = [{ from = 80, to = 90, yuan = 1000 }, { from = 90, yuan = 2000 }] }]");
    for (value, paid) in [("79.99", None), ("80", Some(1_000)), ("89.99", Some(1_000)), ("90", Some(2_000))] {
        let inputs = events(vec![Event { quantity: Some(number(value)), ..star("e", "H", "2026-03-01") }]);
        let outcome = decide(&policy, &inputs);
        match paid {
            Some(paid) => assert_eq!(awarded(&outcome), [("R1:H", yuan(paid))], "{value}"),
            None => assert_eq!(refused(&outcome), [("e", "A119")], "{value}"),
        }
    }
}

const BY_INDICATOR: &str = "kind = \"award.indicator\"\nindicator = \"率\"\nonce_per = \"subject_year\"\n";

/// Each whole point above 80 pays 10,000: 83.9 is three points above.
#[test]
fn an_indicator_pays_by_steps_or_by_its_rise() {
    let steps = "threshold = 80\ntiers = [{ from = 80, step = 1, each = 10000 }]";
    let policy = rule(&format!("{BY_INDICATOR}{steps}"));
    let rows = indicators(&[("H1", 2026, "83.9"), ("H2", 2026, "79.9"), ("H3", 2026, "80.5")]);
    let outcome = decide(&policy, &rows);
    assert_eq!(awarded(&outcome), [("R1:H1:2026", yuan(30_000))]);
    assert_eq!(refused(&outcome), [("率:H3:2026", "A119")], "half a point is no step; below the threshold is no event");

    let rise = "change = true\ntest = \"above\"\nthreshold = 1\ntiers = [{ from = 0, step = 1, each = 10000 }]";
    let policy = rule(&format!("{BY_INDICATOR}{rise}"));
    let rows = [("H1", 2026, "81"), ("H1", 2027, "83.5"), ("H2", 2026, "81"), ("H2", 2027, "82"), ("H3", 2027, "99")];
    // H1 rises by 2.5: two steps. H2 rises by 1, which is not above 1. Nothing is known of H3 before.
    assert_eq!(awarded(&decide(&policy, &indicators(&rows))), [("R1:H1:2027", yuan(20_000))]);
}

#[test]
fn ranks_and_ties() {
    let keys = |ties: &str, top: u32| {
        let tiers = "tiers = [{ to_rank = 1, yuan = 100000 }, { from_rank = 2, to_rank = 2, yuan = 50000 }]";
        let kind = "kind = \"award.ranking\"\nindicator = \"率\"\nonce_per = \"subject_year\"";
        rule(&format!("{kind}\ntop = {top}\nties = \"{ties}\"\n{tiers}"))
    };
    let rows = indicators(&[("A", 2026, "90"), ("B", 2026, "95"), ("C", 2026, "95"), ("D", 2026, "10")]);
    let sums = |ties, top, rows: &Inputs| -> Vec<(String, Fen)> {
        let outcome = decide(&keys(ties, top), rows);
        outcome.awards.iter().map(|award| (award.subject.clone(), award.amount)).collect()
    };
    let of =
        |parts: &[(&str, i64)]| -> Vec<_> { parts.iter().map(|(id, fen)| ((*id).to_owned(), Fen(*fen))).collect() };
    assert_eq!(sums("best_rank", 2, &rows), of(&[("B", 10_000_000), ("C", 10_000_000)]), "A is third");
    // Ranks one and two together: 150,000 between two.
    assert_eq!(sums("share", 2, &rows), of(&[("B", 7_500_000), ("C", 7_500_000)]));
    let three = indicators(&[("A", 2026, "95"), ("B", 2026, "95"), ("C", 2026, "95")]);
    // Only the first rank pays: 100,000 among three.
    assert_eq!(sums("share", 1, &three), of(&[("A", 3_333_334), ("B", 3_333_333), ("C", 3_333_333)]));
}

#[test]
fn preconditions_must_hold() {
    let policy = rule("yuan = 100\nrequires = [{ achievement = \"star\", grade = \"四星\" }]");
    let mut inputs = events(vec![star("e", "H", "2026-03-01")]);
    assert_eq!(refused(&decide(&policy, &inputs)), [("e", "A116")]);
    inputs.history = vec![held("H", "star", "四星", "2025-01-01", Some("2026-03-01"))];
    assert_eq!(refused(&decide(&policy, &inputs)), [("e", "A116")], "lost on the day itself");
    inputs.history[0].lost = Some(day("2026-03-02"));
    assert_eq!(awarded(&decide(&policy, &inputs)), [("R1:H", yuan(100))]);

    let policy = rule("yuan = 100\nrequires = [{ indicator = \"率\", threshold = 90 }]");
    for (value, pays) in [("89.9", false), ("90", true)] {
        let mut inputs = indicators(&[("H", 2026, value)]);
        inputs.events = vec![star("e", "H", "2026-03-01")];
        assert_eq!(!decide(&policy, &inputs).awards.is_empty(), pays, "{value}");
    }
}

#[test]
fn the_deadline_counts_from_naming() {
    let policy = rule("yuan = 100\ndeadline_days = 30");
    let applied = |text: Option<&str>| {
        let outcome = decide(&policy, &events(vec![Event { applied: text.map(day), ..star("e", "H", "2026-03-01") }]));
        outcome.refusals.first().map_or("paid", |refusal| refusal.reason.entry.code)
    };
    assert_eq!(applied(Some("2026-03-31")), "paid", "the thirtieth day");
    assert_eq!(applied(Some("2026-04-01")), "A115");
    assert_eq!(applied(None), "A115");
}

/// Half of 100.01 on naming, the rest twelve months later after a review.
#[test]
fn phases_wait_and_are_paid_later() {
    let policy = rule("yuan = 100.01\nphases = [{ share = 0.5 }, { share = 0.5, after_months = 12, review = true }]");
    let mut inputs = events(vec![star("e", "H", "2026-02-28")]);
    let mut book = Prior::default();
    let first = run(&policy, &inputs, &book).unwrap();
    assert_eq!((total(&first.lines), refused(&first)), (Fen(5_001), vec![("e", "A120")]));
    book.extend(&first, &[]);
    inputs.events[0].reviewed = Some(day("2027-01-15"));
    let second = run(&policy, &inputs, &book).unwrap();
    let line = &second.lines[0];
    assert_eq!((line.id.as_str(), line.phase, line.amount), ("R1:H/2", 2, Fen(5_000)));
    assert_eq!(line.payable_on, day("2027-02-28"), "reviewed early: twelve months after naming");
    let mut doubled = inputs.clone();
    doubled.events.push(star("f", "H", "2026-02-28"));
    doubled.events[1].reviewed = Some(day("2027-01-15"));
    let once = run(&policy, &doubled, &book).unwrap();
    assert_eq!((once.lines.len(), refused(&once)), (1, vec![("f", "A109")]), "another event of the same achievement");
    book.extend(&second, &[]);
    let third = run(&policy, &inputs, &book).unwrap();
    assert_eq!((third.lines.len(), refused(&third)), (0, vec![("e", "A109")]));
}

#[test]
fn a_repeated_award_decays() {
    let policy = rule("yuan = 100\nonce_per = \"occurrence\"\ndecay = [1, 0.5, 0.2]");
    let all = ["2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"];
    let inputs = events(all.iter().map(|named| star(named, "H", named)).collect());
    let amounts: Vec<Fen> = decide(&policy, &inputs).awards.iter().map(|award| award.amount).collect();
    assert_eq!(amounts, [100, 50, 20, 20].map(yuan));
}

#[test]
fn caps_of_an_award_a_year_and_a_rule() {
    let capped = |scope: &str, limit: i64| {
        rule(&format!("yuan = 100\nonce_per = \"occurrence\"\ncaps = [{{ scope = \"{scope}\", yuan = {limit} }}]"))
    };
    let inputs = events(vec![
        star("e1", "H1", "2026-01-01"),
        star("e2", "H1", "2026-02-01"),
        star("e3", "H2", "2026-03-01"),
        star("e4", "H1", "2027-01-01"),
    ]);
    let amounts = |policy: &Policy| -> Vec<(String, Fen)> {
        decide(policy, &inputs).awards.iter().map(|award| (award.event.clone(), award.amount)).collect()
    };
    let of =
        |parts: &[(&str, i64)]| -> Vec<_> { parts.iter().map(|(id, fen)| ((*id).to_owned(), Fen(*fen))).collect() };
    let eighty = [("e1", 8_000), ("e2", 8_000), ("e3", 8_000), ("e4", 8_000)];
    assert_eq!(amounts(&capped("award", 80)), of(&eighty));
    // 150 a subject and year: 100 + 50; the other subject and the next year begin anew.
    let subject = [("e1", 10_000), ("e2", 5_000), ("e3", 10_000), ("e4", 10_000)];
    assert_eq!(amounts(&capped("subject_year", 150)), of(&subject));
    assert_eq!(refused(&decide(&capped("subject_year", 100), &inputs)), [("e2", "A117")]);
    // 200 a rule and year for three awards of 100: 66.67 + 66.67 + 66.66.
    let rule = [("e1", 6_667), ("e2", 6_667), ("e3", 6_666), ("e4", 10_000)];
    assert_eq!(amounts(&capped("rule_year", 200)), of(&rule));
    let mut book = Prior::default();
    let first = run(&capped("rule_year", 200), &inputs, &book).unwrap();
    book.extend(&first, &[]);
    let late = events(vec![star("e5", "H3", "2026-12-01")]);
    assert_eq!(
        refused(&run(&capped("rule_year", 200), &late, &book).unwrap()),
        [("e5", "A117")],
        "used up by the book"
    );
}

#[test]
fn a_place_can_be_awarded() {
    let policy = rule("subject = \"place\"\nyuan = 100");
    let county = Event { parties: vec![party("甲县", SubjectKind::Place, "甲县")], ..star("e", "", "2026-03-01") };
    assert_eq!(awarded(&decide(&policy, &events(vec![county]))), [("R1:甲县", yuan(100))]);
}

#[test]
fn what_no_treasury_and_no_number_can_hold_is_told() {
    let mut policy = rule("yuan = 100");
    policy.rules[0].funding = Funding { by_level: [(Level::County, vec![(Level::Province, Decimal::ONE)])].into() };
    assert_eq!(stopped(&policy, &events(vec![star("e", "H", "2026-03-01")])), ["A020"], "the place has no province");

    let policy = rule("tiers = [{ per_unit = 90000000000 }]");
    let many = Event { quantity: Some(number("1000000000")), ..star("e", "H", "2026-03-01") };
    assert_eq!(stopped(&policy, &events(vec![many])), ["A019"]);
}

#[test]
fn a_payment_for_an_event_of_two_awards_must_name_the_award() {
    let second = "[rules.S]\nkind = \"second_award.payments_received\"\ntitle = \"s\"\nrate = 0.1\n";
    let second = format!("{second}source = \"d\"\narticle = \"三\"\n");
    let policy = pack(&format!("{}{}{second}", named("R1", "yuan = 100"), named("R2", "yuan = 200")));
    let mut inputs = events(vec![star("e", "H", "2026-03-01")]);
    inputs.payments = vec![payment("v", "e", "甲县", "2026-04-01", yuan(300))];
    assert_eq!(stopped(&policy, &inputs), ["A023"]);
    inputs.payments[0].paid_for = dianzhi::awards::PaidFor::Award("R2:H".to_owned());
    inputs.payments[0].amount = yuan(200);
    let outcome = decide(&policy, &inputs);
    // 100 + 200 + 10 % of the 200 that are in place
    assert_eq!(total(&outcome.lines), yuan(320));
}
