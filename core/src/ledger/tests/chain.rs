//! Order of periods, closing, locks, jobs that share a period.

use super::super::{Book, Kind, Status, Writer, verify};
use super::{a_run, failure, job, open, period, scratch, settle};
use crate::table::{Table, Values};

#[test]
fn the_same_run_gives_the_same_manifest_in_any_book() {
    let (one, other) = (scratch(), scratch());
    let first = settle(&mut open(one.path()), "2026-03", "x").unwrap();
    let second = settle(&mut open(&other.path().join("deep/book")), "2026-03", "x").unwrap();
    assert_eq!(first.manifest_sha256, second.manifest_sha256);
    let again = settle(&mut open(one.path()), "2026-03", "x").unwrap();
    assert_eq!((again.manifest_sha256, again.replaced), (first.manifest_sha256, true));
    let text = std::fs::read_to_string(one.path().join("periods/2026-03/manifest.json")).unwrap();
    assert!(!text.contains(&one.path().display().to_string()), "no path in {text}");
}

#[test]
fn inputs_in_another_order_are_the_same_inputs() {
    let hashes = |names: [&str; 2]| {
        let dir = scratch();
        let mut writer = open(dir.path());
        let mut run = a_run(names[0]);
        run.inputs.extend(a_run(names[1]).inputs);
        writer.draft(period("2026-03"), "month").unwrap().commit(run).unwrap().manifest_sha256
    };
    assert_eq!(hashes(["a", "b"]), hashes(["b", "a"]));
}

#[test]
fn a_closed_month_is_never_rewritten() {
    let dir = scratch();
    let mut writer = open(dir.path());
    settle(&mut writer, "2026-03", "x").unwrap();
    let seal = writer.close(period("2026-03")).unwrap();
    assert_eq!(failure(settle(&mut writer, "2026-03", "y")), ["B003"]);
    assert_eq!(failure(settle(&mut writer, "2026-02", "y")), ["B007"], "nor does one slip in before it");
    assert_eq!(failure(writer.close(period("2026-03"))), ["B012"]);
    drop(writer);
    let book = Book::open(dir.path()).unwrap();
    assert_eq!(book.info(period("2026-03")).unwrap().status, Status::Closed);
    assert_eq!(book.head(), Some(&seal));
    assert!(verify(dir.path(), Some(&seal.sha256)).is_ok());
}

#[test]
fn months_close_in_order_and_on_the_present_state_of_the_one_before() {
    let dir = scratch();
    let mut writer = open(dir.path());
    settle(&mut writer, "2026-01", "x").unwrap();
    settle(&mut writer, "2026-02", "x").unwrap();
    assert_eq!(failure(writer.close(period("2026-02"))), ["B006"]);
    assert_eq!(failure(writer.close(period("2026-03"))), ["B004"]);
    settle(&mut writer, "2026-01", "corrected").unwrap();
    writer.close(period("2026-01")).unwrap();
    assert_eq!(failure(writer.close(period("2026-02"))), ["B008"], "it was computed on another January");
    settle(&mut writer, "2026-02", "x").unwrap();
    assert_eq!(writer.close(period("2026-02")).unwrap().number, 2);
    drop(writer);
    verify(dir.path(), None).unwrap();
}

#[test]
fn a_year_builds_on_its_months_and_bars_new_ones() {
    let dir = scratch();
    let mut writer = open(dir.path());
    settle(&mut writer, "2026-11", "x").unwrap();
    let months = ["2026-11"].map(period);
    let year = settle(&mut writer, "2026", "clearing").unwrap();
    assert_eq!(year.manifest.previous.iter().map(|link| link.period).collect::<Vec<_>>(), months);
    assert_eq!(failure(writer.close(period("2026"))), ["B006"]);
    settle(&mut writer, "2027-01", "x").unwrap();
    writer.close(period("2026-11")).unwrap();
    writer.close(period("2027-01")).unwrap();
    writer.close(period("2026")).unwrap();
    assert_eq!(failure(settle(&mut writer, "2026-12", "x")), ["B007"]);
    let next = settle(&mut writer, "2027", "x").unwrap();
    assert_eq!(next.manifest.previous.len(), 2, "its one month and the year before");
    drop(writer);
    verify(dir.path(), None).unwrap();
}

#[test]
fn a_month_added_later_makes_the_year_stale() {
    let dir = scratch();
    let mut writer = open(dir.path());
    settle(&mut writer, "2026-11", "x").unwrap();
    settle(&mut writer, "2026", "x").unwrap();
    settle(&mut writer, "2026-12", "x").unwrap();
    drop(writer);
    assert_eq!(failure(verify(dir.path(), None)), ["B008"]);
}

#[test]
fn jobs_of_one_period_replace_only_their_own_tables() {
    let dir = scratch();
    let mut writer = open(dir.path());
    settle(&mut writer, "2026-03", "first").unwrap();
    job(&mut writer, "2026-03", "recognition", &["recognition"], "kept").unwrap();
    let again = job(&mut writer, "2026-03", "month", &["claims"], "second").unwrap();
    assert_eq!(again.manifest.tables.keys().collect::<Vec<_>>(), ["claims", "recognition"]);
    assert_eq!(again.manifest.runs["recognition"].inputs[0].sha256, "kept");
    let kept = std::fs::read_to_string(again.dir.join("recognition.parquet")).unwrap();
    assert_eq!(kept, "recognition kept");
    assert!(!again.dir.join("pools.parquet").exists(), "the job no longer writes it");
    drop(writer);
    verify(dir.path(), None).unwrap();
    std::fs::write(again.dir.join("recognition.parquet"), "recognition fake").unwrap();
    assert_eq!(failure(settle(&mut open(dir.path()), "2026-03", "x")), ["B023"], "nothing changed is carried along");
}

#[test]
fn two_runs_at_once_are_refused_and_a_dead_one_is_no_obstacle() {
    let dir = scratch();
    let first = open(dir.path());
    assert_eq!(failure(Writer::open(dir.path())), ["B002"]);
    drop(first);
    // The lock file stays; only a living holder counts.
    assert!(dir.path().join(".dianzhi/write.lock").exists());
    Writer::open(dir.path()).unwrap();
}

#[test]
fn readers_go_on_while_a_run_is_being_prepared() {
    let dir = scratch();
    let mut writer = open(dir.path());
    settle(&mut writer, "2026-03", "x").unwrap();
    let draft = writer.draft(period("2026-03"), "month").unwrap();
    assert!(Book::open(dir.path()).is_ok());
    drop(draft);
}

#[test]
fn a_copy_without_the_hidden_folder_is_a_book() {
    let dir = scratch();
    settle(&mut open(dir.path()), "2026-03", "x").unwrap();
    std::fs::remove_dir_all(dir.path().join(".dianzhi")).unwrap();
    verify(dir.path(), None).unwrap();
    settle(&mut open(dir.path()), "2026-03", "y").unwrap();
}

#[test]
fn insurance_and_fiscal_money_never_share_a_book() {
    let dir = scratch();
    drop(open(dir.path()));
    assert_eq!(failure(Writer::open_or_create(dir.path(), Kind::Fiscal)), ["B017"]);
    let fiscal = scratch();
    drop(Writer::open_or_create(fiscal.path(), Kind::Fiscal).unwrap());
    assert_eq!(failure(Writer::open_or_create(fiscal.path(), Kind::Insurance)), ["B009"]);
}

#[test]
fn a_folder_with_other_things_in_it_is_not_made_a_book() {
    let dir = scratch();
    std::fs::write(dir.path().join("letter.txt"), "x").unwrap();
    assert_eq!(failure(Writer::open_or_create(dir.path(), Kind::Insurance)), ["B005"]);
    assert_eq!(failure(Writer::open(dir.path())), ["B001"]);
    assert_eq!(failure(Book::open(&dir.path().join("nowhere"))), ["B001"]);
    assert!(!dir.path().join(".dianzhi").exists());
}

#[test]
fn a_dropped_draft_leaves_no_trace() {
    let dir = scratch();
    let mut writer = open(dir.path());
    let before = settle(&mut writer, "2026-03", "x").unwrap();
    let mut draft = writer.draft(period("2026-03"), "month").unwrap();
    draft.add_file("claims", 1, Default::default(), |out| out.write_all(b"half")).unwrap();
    drop(draft);
    assert!(!dir.path().join(".dianzhi/next").exists());
    assert_eq!(writer.book().manifest(period("2026-03")).unwrap(), before.manifest);
}

#[test]
fn a_table_that_is_not_there_is_a_problem() {
    let dir = scratch();
    settle(&mut open(dir.path()), "2026-03", "x").unwrap();
    let book = Book::open(dir.path()).unwrap();
    assert_eq!(failure(book.table(period("2026-03"), "consortia")), ["B014"]);
    assert_eq!(failure(book.table(period("2026-03"), "claims")), ["F003"], "text is no Parquet");
}

#[test]
fn an_interrupted_run_that_cannot_be_cleared_is_told() {
    let dir = scratch();
    settle(&mut open(dir.path()), "2026-03", "x").unwrap();
    let work = dir.path().join(".dianzhi");
    std::fs::copy(dir.path().join("book.json"), work.join("book.json.next")).unwrap();
    std::fs::remove_file(work.join("write.lock")).unwrap();
    std::fs::create_dir(work.join("write.lock")).unwrap();
    assert_eq!(failure(Book::open(dir.path())), ["B010"]);
    std::fs::remove_dir(work.join("write.lock")).unwrap();
    assert!(Book::open(dir.path()).is_ok());
}

#[test]
fn a_control_total_that_cannot_be_exact_is_refused() {
    let dir = scratch();
    let mut writer = open(dir.path());
    let points = Values::Decimal { units: vec![Some(i128::MAX), Some(1)], scale: 4, wide: true };
    let table = Table::new().with("points", points);
    assert_eq!(failure(writer.draft(period("2026-03"), "month").unwrap().add_table("claims", &table)), ["B016"]);
}
