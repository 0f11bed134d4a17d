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

#[test]
fn show_and_diff_say_0_or_1() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    for (name, tables) in [("a", tables()), ("b", tables().set("cc", "I50.900,CC", "I50.900,MCC"))] {
        std::fs::create_dir(path(name)).unwrap();
        tables.write(path(name).as_ref());
    }
    assert_eq!(run(&["scheme", "show", "demo"]), 0);
    assert_eq!(run(&["--json", "scheme", "show", &path("a"), "ES2"]), 0);
    assert_eq!(run(&["scheme", "show", &path("a"), "ES9"]), 1, "no such code");
    assert_eq!(run(&["scheme", "diff", &path("a"), &path("b")]), 0);
    assert_eq!(run(&["scheme", "diff", &path("a"), &path("c")]), 1, "no such scheme");
    assert_eq!(run(&["scheme", "diff", &path("a"), &path("b"), "--out", &path("x.csv")]), 2, "--out needs --claims");
    let claims = "setl_id,gend,diag_codes\n1,1,J18.900|I50.900\n2,1,J18.900\n";
    std::fs::write(path("stays.csv"), claims).unwrap();
    let words = ["--json", "scheme", "diff", &path("a"), &path("b"), "--claims", &path("stays.csv")];
    assert_eq!(run(&[&words[..], &["--out", &path("moved.csv")]].concat()), 0, "without columns of payment");
    let moved = std::fs::read_to_string(path("moved.csv")).unwrap();
    assert_eq!(moved.lines().nth(1), Some("1,grouped,grouped,ES2,ES2,ES23,ES21,,,"));
    assert_eq!(moved.lines().count(), 2);
}
