//! `dianzhi scheme …`: exit codes.

use super::tables::tables;

fn run(words: &[&str]) -> i32 {
    dianzhi::cli::run(std::iter::once(&"dianzhi").chain(words))
}

#[test]
fn warnings_leave_0_and_errors_1() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().to_str().unwrap();
    assert_eq!(run(&["scheme", "check", path]), 1, "no tables");
    tables().write(dir.path());
    assert_eq!(run(&["scheme", "check", path]), 0);
    tables().add("adrg_codes", "ES2,D1,J18.900").write(dir.path());
    assert_eq!(run(&["--json", "scheme", "check", path]), 0, "a warning");
    assert_eq!(run(&["--lang", "en", "scheme", "check", "--all", path]), 0);
    tables().set("adrg", "pdx in D1", "pdx in D9").write(dir.path());
    assert_eq!(run(&["scheme", "check", path]), 1);
    assert_eq!(run(&["--json", "scheme", "check", path]), 1);
    assert_eq!(run(&["scheme", "check"]), 2, "no scheme named");
}
