//! What several tests share.

use std::path::{Path, PathBuf};

/// The root of the workspace.
#[must_use]
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests are a folder of the workspace")
}

/// A file or folder of the reference data kept beside the project, or `None` with a line that says what is skipped.
/// In CI its absence is a failure. Use as `let Some(path) = shared("schemes") else { return };`
#[must_use]
pub fn shared(name: &str) -> Option<PathBuf> {
    let base = std::env::var_os("DIANZHI_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from);
    let path = base.join(name);
    if path.exists() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "in CI the reference data must be there: {}", path.display());
    eprintln!("SKIPPED: {} is not here", path.display());
    None
}

/// A command that runs this test binary again, for one test only. The test named finds its orders in the environment
/// variable `DIANZHI_CHILD`, and does nothing without it: a real process to kill, without a second program to build.
#[must_use]
pub fn child(test: &str, orders: &str) -> std::process::Command {
    let program = std::env::current_exe().expect("the running program has a path");
    let mut command = std::process::Command::new(program);
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]).env("DIANZHI_CHILD", orders);
    command
}

/// The orders of [`child`].
#[must_use]
pub fn orders() -> Option<String> {
    std::env::var("DIANZHI_CHILD").ok()
}

/// The files a document shows: code blocks whose info string is a language and a file name (` ```toml city.toml `).
#[must_use]
pub fn files_of(document: &str) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(root().join("docs").join(document)).expect("the document is there");
    let mut files = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some((_, name)) = line.strip_prefix("```").and_then(|info| info.split_once(' ')) else { continue };
        let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        files.push((name.to_owned(), body.join("\n") + "\n"));
    }
    files
}
