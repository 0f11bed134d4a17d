//! Fiscal sides: awards and floors beside insurance, never summed with it.

use std::fs;

use dianzhi::job::StudyFile;
use dianzhi::scenario::{Figures, Kind, Measure, Purse};

use super::command::write;
use super::support::figure;

pub const EVENTS: &str = "event_id,achievement,grade,subject_id,subject_name,subject_kind,place,ownership,named\n\
                      E01,hospital_grade,三级甲等,H01,通江县人民医院,单位,通江县,公立,2025-03-01\n\
                      E02,smart_hospital,三星,H01,通江县人民医院,单位,通江县,公立,2025-09-01\n\
                      E03,provincial_talent,,P01,张某,个人,通江县,,2025-04-01\n";

fn folder(body: &str) -> (tempfile::TempDir, StudyFile) {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("events.csv"), EVENTS).unwrap();
    let head = "[baseline.awards]\npolicy = \"bazhong_awards\"\ninputs = [\"events.csv\"]\n";
    let file = write(dir.path(), &format!("{head}{body}"));
    let study = StudyFile::read(&file).unwrap_or_else(|p| panic!("{p}"));
    (dir, study)
}

fn of(figures: &Figures, kind: Kind, subject: &str, part: &str) -> Option<i64> {
    figure(figures, kind, subject, part, Measure::Amount)
}

/// A8 1,000,000 + A11 1,000,000 + A2 50,000, all from the county. With A8 at 1,500,000 it is 500,000 more; the event
/// with four stars instead of three brings A12's 2,000,000; an expert more or less changes 50,000.
#[test]
fn awards_under_other_amounts_and_other_events() {
    let (_dir, study) = folder(
        "[[scenario]]\nname = \"a8\"\nset = { \"rules.A8.tiers[*].yuan\" = 1500000 }\n\
         [[scenario]]\nname = \"e2\"\nset = { \"events[E02].grade\" = \"四星\" }\n",
    );
    assert_eq!(study.check().unwrap(), 2);
    let studied = study.run(&|_| ()).unwrap_or_else(|p| panic!("{p}"));
    let results = &studied.results;
    assert!(results.keys.iter().all(|key| key.purse == Purse::Awards), "fiscal money only");
    let figures = |values: &[Option<i64>]| {
        let known = results.keys.iter().zip(values).filter_map(|(key, units)| Some((key.clone(), (*units)?)));
        Figures(known.collect())
    };
    let baseline = figures(&results.baseline);
    assert_eq!(of(&baseline, Kind::Total, "", ""), Some(205_000_000));
    assert_eq!(of(&baseline, Kind::Treasury, "通江县", "2025"), Some(205_000_000));
    assert_eq!(of(&baseline, Kind::Payee, "P01", "2025"), Some(5_000_000));
    let [a8, e2] = [0, 1].map(|at| figures(&results.points[at].values));
    assert_eq!(of(&a8, Kind::Total, "", ""), Some(255_000_000));
    assert_eq!(of(&e2, Kind::Rule, "A12", "2025"), Some(200_000_000));
}

/// Three awards of which two are A8 and A11: the largest A8 with which all fits 2,300,000 is 1,250,000.
#[test]
fn which_award_amount_fits_a_budget() {
    let (_dir, study) = folder(
        "[[goal]]\nname = \"g\"\npath = \"rules.A8.tiers[*].yuan\"\nlow = 0\nhigh = 3000000\ndigits = 0\n\
         value = 2300000\nside = \"at_most\"\ntarget = { money = \"fiscal_awards\", measure = \"amount\" }\n",
    );
    let studied = study.run(&|_| ()).unwrap_or_else(|p| panic!("{p}"));
    let goals = &studied.tables.iter().find(|(name, _)| *name == "goals").unwrap().1;
    assert_eq!(dianzhi::table::cell::plain(goals.column("answer").unwrap(), 0), "1250000");
}

#[test]
fn misspelt_cells_get_a_suggestion() {
    let faults = |body: &str| folder(body).1.run(&|_| ()).err().unwrap_or_default();
    let found = faults("[[scenario]]\nname = \"a\"\nset = { \"events[E02].grad\" = \"四星\" }\n");
    assert_eq!(found.0[0].entry.code, "X005", "{found}");
    assert!(found.to_string().contains("events[E02].grade"), "{found}");
    let found = faults("[[scenario]]\nname = \"a\"\nset = { \"rules.A8.tires[*].yuan\" = 5 }\n");
    assert_eq!(found.0[0].entry.code, "X005", "{found}");
    assert!(found.to_string().contains("rules.A8.tiers"), "{found}");
}

/// An award rule and a floor of the same name: only the pack before the path tells them apart.
#[test]
fn a_path_of_two_packs_needs_the_pack() {
    let floors = "id = \"own-floors\"\ntitle = \"x\"\nplace = \"巴中市\"\nmoney = \"fiscal\"\nvalid_from = 2024-01-01\n\
        status = \"in_force\"\nextends = \"bazhong-fiscal\"\n[rules.A8]\nkind = \"floor.share\"\ntitle = \"x\"\n\
        levels = [\"county\"]\namount = \"health_spending\"\nbase = \"general_budget\"\nshare = 0.2\n\
        placeholder = \"x\"\n";
    let run = |path: &str| {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("own.toml"), floors).unwrap();
        let body = format!(
            "[baseline]\nawards = {{ policy = \"bazhong_awards\", inputs = [\"demo\"] }}\n\
             floors = {{ policy = \"own.toml\", inputs = [\"demo\"] }}\n\
             [[scenario]]\nname = \"a\"\nset = {{ \"{path}\" = \"y\" }}\n"
        );
        let found = StudyFile::read(&write(dir.path(), &body)).and_then(|study| study.run(&|_| ()));
        found.map(|studied| studied.warnings).unwrap_or_else(|problems| problems)
    };
    assert_eq!(run("rules.A8.title").0[0].entry.code, "X011");
    // A title changes no figure.
    for path in ["bazhong-awards:rules.A8.title", "own-floors:rules.A8.title"] {
        assert_eq!(run(path).0[0].entry.code, "X009", "{path}");
    }
}

/// Rows come and go: a second tertiary-A hospital is 1,000,000 more; without its three stars the county hospital gets
/// 1,000,000 less; without the expert 50,000 less, and no such event is told.
#[test]
fn events_are_added_and_left_out() {
    let event = "{ event_id = \"E09\", \"成果类型\" = \"医院等级评审\", grade = \"三级甲等\", subject_id = \"H09\", \
        subject_name = \"平昌县人民医院\", subject_kind = \"单位\", place = \"平昌县\", ownership = \"公立\", named = 2025-10-01 }";
    let (_dir, study) = folder(&format!(
        "[[scenario]]\nname = \"more\"\nadd = {{ events = [{event}] }}\n\
         [[scenario]]\nname = \"less\"\nremove = {{ \"事件\" = [\"E02\", \"E03\"] }}\n\
         [[grid]]\nname = \"both\"\naxis = [{{ path = \"events[+]\", values = [[], {event}] }}, \
         {{ path = \"events[-]\", values = [[], \"E02\"] }}]\n"
    ));
    assert_eq!(study.check().unwrap(), 6);
    let studied = study.run(&|_| ()).unwrap_or_else(|p| panic!("{p}"));
    let results = &studied.results;
    let total = |point: usize| {
        let at = results.keys.iter().position(|key| key.kind == Kind::Total).unwrap();
        results.points[point].values[at].unwrap()
    };
    let amounts = [305_000_000, 100_000_000, 205_000_000, 105_000_000, 305_000_000, 205_000_000];
    assert_eq!([0, 1, 2, 3, 4, 5].map(total), amounts);
    let winners = &studied.tables.iter().find(|(name, _)| *name == "winners").unwrap().1;
    let cell = |name: &str, row| dianzhi::table::cell::plain(winners.column(name).unwrap(), row);
    assert_eq!(
        ["scenario", "subject", "name", "difference"].map(|name| cell(name, 0)),
        ["more", "H09", "平昌县人民医院", "1000000.00"]
    );
}

#[test]
fn rows_that_are_wrong_are_told() {
    let faults = |body: &str| {
        let found = folder(&format!("[[scenario]]\nname = \"甲\"\n{body}\n")).1.run(&|_| ()).err().unwrap_or_default();
        (found.0.first().map_or("", |problem| problem.entry.code), found.to_string())
    };
    let payment = |date: &str, event: &str| {
        let own = format!("payment_id = \"V\", place = \"通江县\", date = {date}, amount = 5, event_id = \"{event}\"");
        format!("add = {{ payments = [{{ {own} }}] }}")
    };
    let wrong_day = payment("\"2025-13-01\"", "E01");
    for (body, code, text) in [
        ("remove = { events = [\"E22\"] }", "X005", "E02"),
        ("remove = { event = [\"E02\"] }", "X005", "events[-]"),
        ("add = { events = [{ event_id = \"E9\", grad = \"三星\" }] }", "X005", "events[+].grade"),
        ("add = { events = [\"E9\"] }", "X005", "events[+]"),
        ("add = { events = [] }", "X004", "events[+]"),
        ("add = { events = [{ event_id = \"E9\" }] }", "K005", "events[+]:1 [成果类型] (甲)"),
        (wrong_day.as_str(), "K006", "payments[+]:1 [到位日期]"),
        ("set = { \"events[E02].grade\" = \"三星\" }", "X004", "events[E02].grade"),
    ] {
        let (found, shown) = faults(body);
        assert_eq!(found, code, "{body}: {shown}");
        assert!(shown.contains(text), "{text} in {shown}");
    }
    // A payment for an event that nobody handed in changes nothing, and is no error.
    assert_eq!(faults(&payment("2025-11-01", "E09")).0, "");
}
