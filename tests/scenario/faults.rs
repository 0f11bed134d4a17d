//! What is wrong with a file is told, all of it, with a suggestion.

use dianzhi::problem::Problems;
use dianzhi::scenario::file::read;
use dianzhi::scenario::{Base, points, run};

use super::support::{base, city, some_cases};
use crate::settlement::world::World;

fn codes(problems: &Problems) -> Vec<&'static str> {
    problems.0.iter().map(|problem| problem.entry.code).collect()
}

fn small() -> Base {
    base(&World::new(&some_cases()), &city(), "2026-03")
}

/// The problems of a file over a small world.
fn problems(text: &str) -> Problems {
    let head = "[baseline]\nbook = \"b\"\nperiod = \"2026-03\"\n";
    let points = match read("s.toml", &format!("{head}{text}")) {
        Ok(study) => points(&study),
        Err(found) => Err(found),
    };
    match points.and_then(|points| run(&small(), &points, &|_| ())) {
        Ok(results) => results.warnings,
        Err(found) => found,
    }
}

#[test]
fn misspelt_keys_and_paths_get_a_suggestion() {
    let found = problems("[[scenario]]\nname = \"a\"\ntims = { x = 1 }\n[[grid]]\nname = \"g\"\naxes = []\n");
    assert_eq!(codes(&found), ["P002", "P002", "P003"], "{found}");
    assert!(found.to_string().contains("times") && found.to_string().contains("axis"), "{found}");
    let found = problems(
        "[[scenario]]\nname = \"a\"\nset = { \"rules.hihg_line.ratio\" = 2, \"rules.low_line.ration\" = 1 }\n\
         [[scenario]]\nname = \"b\"\ntimes = { \"rules.budget.table[2026/311].fund_budget\" = 2 }\n",
    );
    assert_eq!(codes(&found), ["X005", "X005", "X005"], "{found}");
    for path in ["rules.high_line.ratio", "rules.low_line.ratio", "rules.budget.table[2026/310].fund_budget"] {
        assert!(found.to_string().contains(path), "{path} in {found}");
    }
}

#[test]
fn a_change_that_changes_nothing_is_refused() {
    let found = problems(
        "[[scenario]]\nname = \"a\"\nset = { \"rules.prepay.share\" = 0.950 }\n\
         [[scenario]]\nname = \"b\"\ntimes = { \"rules.prepay.share\" = 1 }\n\
         [[scenario]]\nname = \"c\"\nplus = { \"rules.prepay.share\" = 0 }\n",
    );
    assert_eq!(codes(&found), ["X004", "X004", "X004"], "{found}");
    // In a grid the baseline is a point like others; a rule that the month does not read has no effect.
    let grid = "[[grid]]\nname = \"g\"\n[[grid.axis]]\npath = \"rules.prepay.share\"\nvalues = [0.95, 0.9]\n";
    assert_eq!(codes(&problems(grid)), [""; 0]);
    let found = problems("[[scenario]]\nname = \"a\"\nset = { \"rules.sharing.edge\" = \"upper\" }\n");
    assert_eq!(codes(&found), ["X009"], "{found}");
}

#[test]
fn values_out_of_range_are_told_with_the_scenario() {
    let found = problems(
        "[[scenario]]\nname = \"甲\"\nset = { \"rules.prepay.share\" = 1.2 }\n\
         [[scenario]]\nname = \"乙\"\nplus = { \"rules.high_line.ratio\" = -3 }\n",
    );
    assert_eq!(codes(&found), ["P007", "P007"], "{found}");
    assert!(found.to_string().contains("甲") && found.to_string().contains("乙"), "{found}");
}

#[test]
fn names_axes_and_sizes() {
    let twice = "[[scenario]]\nname = \"a\"\nset = { \"rules.prepay.share\" = 0.9 }\n";
    assert_eq!(codes(&problems(&format!("{twice}{twice}"))), ["X003"]);
    let axis = |text: &str| {
        problems(&format!("[[grid]]\nname = \"g\"\n[[grid.axis]]\npath = \"rules.prepay.share\"\n{text}\n"))
    };
    for bad in ["", "from = 1", "from = 1\nto = 0\nstep = 0.1", "from = 0\nto = 1\nstep = 0", "values = []"] {
        assert_eq!(codes(&axis(bad)), ["X007"], "{bad}");
    }
    assert_eq!(codes(&axis("values = [\"x\"]\nchange = \"times\"")), ["X007"]);
    let wide = "from = 0\nto = 1\nstep = 0.0001\n";
    let two = format!("{wide}[[grid.axis]]\npath = \"rules.deposit.share\"\n{wide}");
    assert_eq!(codes(&axis(&two)), ["X006"]);
    assert_eq!(codes(&axis("from = 0.9\nto = 0.94\nstep = 0.01")), [""; 0]);
}

/// A wrong path hides neither a value out of range nor the wrong path of a goal.
#[test]
fn everything_is_told_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let body = "[baseline]\nscheme = \"demo\"\npolicy = \"demo\"\nclaims = [\"demo\"]\nperiod = \"2026-03\"\n\
        [[scenario]]\nname = \"a\"\nset = { \"rules.prepay.shar\" = 0.9, \"rules.deposit.share\" = 7 }\n\
        [[goal]]\nname = \"g\"\npath = \"rules.prepy.share\"\nlow = 0\nhigh = 1\nvalue = 1\n\
        target = { kind = \"pool\", subject = \"310\", measure = \"point_value\" }\n";
    let study = dianzhi::job::StudyFile::read(&super::command::write(dir.path(), body)).unwrap();
    for found in [study.check().unwrap_err(), study.run(&|_| ()).unwrap_err()] {
        assert_eq!(codes(&found)[..3], ["X005", "P007", "X005"], "{found}");
    }
}

/// The open band of a table has no name but brackets.
#[test]
fn the_open_band_is_named_by_brackets() {
    let bundle = super::support::bundle(&city());
    assert_eq!(bundle.get("rules.consortium_sharing.surplus[0.1].share"), ["1"]);
    assert_eq!(bundle.get("rules.consortium_sharing.surplus[].share"), ["0.5"]);
}
