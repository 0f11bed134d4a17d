//! A disk that is really full: the program itself under a limit of the size of its files, and on a file system of a
//! few megabytes where one may be mounted. The book stays as it was, the message says why, and the same command
//! succeeds once there is room.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use dianzhi::ledger::verify;
use dianzhi_tests::{child, orders};

/// In the child: the program with these words.
#[test]
fn runs_the_program() {
    let Some(words) = orders() else { return };
    std::process::exit(dianzhi::cli::run(std::iter::once("dianzhi").chain(words.split('\u{1f}'))));
}

/// The program in a process of its own that can write no file of more than so many blocks of 512 bytes.
fn limited(blocks: u64, words: &[&str]) -> Output {
    let program = child("book::full_disk::runs_the_program", &words.join("\u{1f}"));
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; ulimit -f \"$0\"; exec \"$@\"", &blocks.to_string()]);
    shell.arg(program.get_program()).args(program.get_args()).env("DIANZHI_CHILD", words.join("\u{1f}"));
    shell.output().unwrap()
}

fn whole(words: &[&str]) -> Output {
    child("book::full_disk::runs_the_program", &words.join("\u{1f}")).output().unwrap()
}

/// Every file of the book but locks and runs in the making, byte by byte.
fn files(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![dir.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if path.file_name().unwrap() != ".dianzhi" {
                    open.push(path);
                }
            } else {
                found.insert(path.clone(), std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// Kept sources do no harm when their run fails; all else is as it was.
fn same(before: &BTreeMap<PathBuf, Vec<u8>>, dir: &Path) {
    let kept = |path: &Path| path.starts_with(dir.join("sources"));
    let now: BTreeMap<_, _> = files(dir).into_iter().filter(|(path, _)| !kept(path)).collect();
    let before: BTreeMap<_, _> = before.clone().into_iter().filter(|(path, _)| !kept(path)).collect();
    assert!(now.keys().eq(before.keys()), "the same files");
    assert!(now == before, "the same bytes");
    verify(dir, None).unwrap();
}

fn synth(dir: &Path, month: &str) -> PathBuf {
    let file = dir.join(format!("{month}.csv"));
    let name = file.to_str().unwrap();
    let words = ["synth", "--claims", "400", "--scheme", "demo", "--seed", "5", "--period", month, "--out", name];
    assert!(whole(&words).status.success());
    file
}

fn policy(dir: &Path) -> PathBuf {
    let demo = dianzhi_tests::root().join("fixtures/demo_city");
    for name in ["policy.toml", "institutions.csv"] {
        std::fs::copy(demo.join(name), dir.join(name)).unwrap();
    }
    let year = std::fs::read_to_string(demo.join("budgets.csv")).unwrap().replace("2026-03,", "2026,");
    std::fs::write(dir.join("budgets.csv"), year).unwrap();
    dir.join("policy.toml")
}

/// Runs under every limit; gives what was said where it failed.
fn fails_and_leaves_the_book(book: &Path, words: &[&str]) -> BTreeSet<String> {
    let before = files(book);
    let mut said = BTreeSet::new();
    for blocks in [0, 1, 2, 4, 8, 16, 32, 64, 128] {
        let output = limited(blocks, words);
        if output.status.success() {
            verify(book, None).unwrap();
            return said;
        }
        let text = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
        assert!(text.contains("os error 27"), "{blocks} blocks: {text}");
        same(&before, book);
        said.extend(text.lines().filter(|line| line.contains("os error")).map(str::to_owned));
    }
    assert!(!said.is_empty(), "{words:?} needs files");
    let output = whole(words);
    let text = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{words:?}: {text}");
    verify(book, None).unwrap();
    said
}

#[test]
fn under_a_limit_in_every_phase() {
    let dir = tempfile::tempdir().unwrap();
    let (dir, book) = (dir.path(), dir.path().join("book"));
    let (policy, january, february) = (policy(dir), synth(dir, "2026-01"), synth(dir, "2026-02"));
    let name = |path: &Path| path.to_str().unwrap().to_owned();
    let (policy, shown, january, february) = (name(&policy), name(&book), name(&january), name(&february));
    let settle = |month: &'static str, claims: &str| -> Vec<String> {
        let words = ["settle", "month", "--scheme", "demo", "--policy", &policy, "--period", month];
        words.into_iter().chain(["--book", &shown, "--claims", claims]).map(str::to_owned).collect()
    };
    let words = |words: &[String]| words.iter().map(String::as_str).map(str::to_owned).collect::<Vec<_>>();
    let first = words(&settle("2026-01", &january));
    assert!(whole(&first.iter().map(String::as_str).collect::<Vec<_>>()).status.success());
    let mut said = BTreeSet::new();
    for month in [settle("2026-02", &february), settle("2026-01", &january), settle("2026-02", &february)] {
        said.extend(fails_and_leaves_the_book(&book, &month.iter().map(String::as_str).collect::<Vec<_>>()));
    }
    let year = ["settle", "year", "--policy", &policy, "--year", "2026", "--book", &shown];
    said.extend(fails_and_leaves_the_book(&book, &year));
    said.extend(fails_and_leaves_the_book(&book, &["book", "close", &shown, "--period", "2026-01"]));
    // In the file that claims are kept in while they are priced, in the tables of a period, in the list of periods.
    assert!(said.len() >= 3, "it failed in several places: {said:#?}");
}

/// A file system of so many bytes, for as long as this lives; none where it may not be mounted.
struct Small(PathBuf);

impl Small {
    fn mount(dir: &Path, bytes: u64) -> Option<Small> {
        std::fs::create_dir_all(dir).unwrap();
        let size = format!("size={bytes}");
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "none"]).arg(dir).output().ok()?;
        mount.status.success().then(|| Small(dir.to_owned()))
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).output();
    }
}

#[test]
fn on_a_file_system_without_room() {
    let dir = tempfile::tempdir().unwrap();
    let (dir, place) = (dir.path(), dir.path().join("small"));
    let Some(_mounted) = Small::mount(&place, 4 * 1024 * 1024) else {
        println!("skipped: no file system may be mounted here");
        return;
    };
    let (policy, claims, book) = (policy(dir), synth(dir, "2026-01"), place.join("book"));
    let [policy, claims, shown] = [&policy, &claims, &book].map(|path| path.to_str().unwrap());
    let words = ["settle", "month", "--scheme", "demo", "--policy", policy, "--period", "2026-01"];
    let words = [&words[..], &["--book", shown, "--claims", claims]].concat();
    let other = place.join("filler");
    assert!(whole(&words).status.success(), "there is room for one run");
    let before = files(&book);
    for free in [0, 4_096, 65_536, 131_072] {
        std::fs::remove_file(&other).ok();
        fill(&other, free);
        let output = whole(&words);
        if output.status.success() {
            break;
        }
        let text = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
        assert!(text.contains("磁盘空间不足"), "{free} bytes free: {text}");
        same(&before, &book);
    }
    std::fs::remove_file(&other).ok();
    assert!(whole(&words).status.success(), "once there is room");
    verify(&book, None).unwrap();
}

/// Fills the file system, but for so many bytes.
fn fill(path: &Path, free: u64) {
    use std::io::Write;
    let mut file = std::fs::File::create(path).unwrap();
    let block = [0u8; 4_096];
    while file.write_all(&block).is_ok() {}
    let written = file.metadata().unwrap().len();
    file.set_len(written.saturating_sub(free)).unwrap();
}
