//! A run that its caller stops (U001) leaves the book as it was, whichever step it had come to.

use std::path::Path;

use dianzhi::job::{ClaimFiles, MONTH, MonthJob, Packs, Scheme, Step, settle_month};
use dianzhi::ledger::{Kind, Period, Writer, verify};
use dianzhi::problem::catalogue::usage::STOPPED;
use dianzhi::problem::{Problem, Problems};

#[test]
fn a_run_that_is_stopped_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (claims, book) = (dir.path().join("claims.csv"), dir.path().join("book"));
    let words =
        ["dianzhi", "synth", "--claims", "300", "--scheme", "demo", "--seed", "5", "--period", "2026-03", "--out"];
    assert_eq!(dianzhi::cli::run(words.map(str::to_owned).into_iter().chain([claims.to_str().unwrap().to_owned()])), 0);
    let (scheme, _) = Scheme::read(Path::new("demo")).unwrap();
    let (packs, _) = Packs::read(Path::new("demo"), &scheme).unwrap();
    let settle = |tell: &dyn Fn(Step) -> Result<(), Problems>| {
        let mut writer = Writer::open_or_create(&book, Kind::Insurance)?;
        let period: Period = "2026-03".parse().unwrap();
        let files = ClaimFiles { claims: vec![claims.clone()], ..ClaimFiles::default() };
        let job = MonthJob { scheme: &scheme, packs: &packs, clinical: false, audit: false, options: [].into() };
        settle_month(writer.draft(period, MONTH)?, &job, files.read(&packs)?, tell)
    };
    settle(&|_| Ok(())).unwrap();
    let before = verify(&book, None).unwrap();
    for last in [Step::Grouping, Step::Pricing, Step::Settling, Step::Writing] {
        let stop = |step| if step == last { Err(Problem::new(&STOPPED).into()) } else { Ok(()) };
        let problems = settle(&stop).unwrap_err();
        assert_eq!(problems.0.iter().map(|problem| problem.entry.code).collect::<Vec<_>>(), ["U001"]);
        assert_eq!(verify(&book, None).unwrap(), before, "stopped before {last:?}");
    }
    settle(&|_| Ok(())).unwrap();
}
