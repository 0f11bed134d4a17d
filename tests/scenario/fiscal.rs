//! Fiscal sides: awards and floors beside insurance, never summed with it.

use std::fs;

use dianzhi::job::StudyFile;
use dianzhi::scenario::{Figures, Kind, Measure, Purse};

use super::command::write;
use super::support::figure;

const EVENTS: &str = "event_id,achievement,grade,subject_id,subject_name,subject_kind,place,ownership,named\n\
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
