//! The project's style rules, held by a test (see `CONTRIBUTING.md`). Each rule lists every place that breaks it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use dianzhi_tests::root;

const COLUMNS_MAX: usize = 120;
const FILE_LINES_MAX: usize = 500;
const FUNCTION_LINES_MAX: usize = 70;
const FILE_BYTES_MAX: u64 = 512 * 1024;

/// Folders of the engine where money is reckoned: binary fractions have no place there.
const EXACT: [&str; 10] =
    ["audit", "awards", "fiscal", "ledger", "money", "policy", "pricing", "recognition", "scenario", "settlement"];

/// Draws are computed with binary fractions and handed on as decimals.
const DRAWS: &str = "core/src/scenario/draw/";

/// A file of the project.
struct File {
    path: PathBuf,
    /// Path from the root, with `/`.
    name: String,
}

impl File {
    fn text(&self) -> String {
        fs::read_to_string(&self.path).unwrap_or_default()
    }

    fn is(&self, extensions: &[&str]) -> bool {
        self.path.extension().is_some_and(|found| extensions.iter().any(|e| found == *e))
    }

    fn is_test(&self) -> bool {
        self.name.starts_with("tests/") || self.name.split('/').any(|part| part == "tests" || part == "tests.rs")
    }
}

/// Every file under version control; `None`, with a line that says so, where that cannot be asked.
fn files() -> Option<Vec<File>> {
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output();
    let Some(listed) = listed.ok().filter(|output| output.status.success()) else {
        assert!(std::env::var_os("CI").is_none(), "in CI the project must be a checkout, with git");
        eprintln!("SKIPPED: this is no git checkout");
        return None;
    };
    let names = String::from_utf8(listed.stdout).unwrap();
    let names = names.split('\0').filter(|name| !name.is_empty());
    let files = names.map(|name| File { path: root().join(name), name: name.to_owned() });
    Some(files.filter(|file| file.path.is_file()).collect())
}

/// Files of Rust and Python.
fn sources() -> Vec<File> {
    files().unwrap_or_default().into_iter().filter(|file| file.is(&["rs", "py", "pyi"])).collect()
}

fn none(rule: &str, broken: &[String]) {
    assert!(broken.is_empty(), "{rule}:\n{}", broken.join("\n"));
}

#[test]
fn lines_and_files_are_short() {
    let mut broken = Vec::new();
    for file in sources() {
        let text = file.text();
        for (at, line) in text.lines().enumerate() {
            let columns = line.chars().count();
            // A sentence of the catalogue stays in one piece, so that it can be searched for.
            let sentence = line.trim_start().starts_with("zh: \"") || line.trim_start().starts_with("en: \"");
            if columns > COLUMNS_MAX && !sentence {
                broken.push(format!("{}:{}: {columns} columns", file.name, at + 1));
            }
        }
        let lines = text.lines().count();
        if lines > FILE_LINES_MAX {
            broken.push(format!("{}: {lines} lines", file.name));
        }
    }
    none("at most 120 columns a line and 500 lines a file", &broken);
}

#[test]
fn functions_are_short() {
    let mut broken = Vec::new();
    for file in sources() {
        let text = file.text();
        let functions = if file.is(&["rs"]) { rust_functions(&text) } else { python_functions(&text) };
        for (line, lines) in functions.into_iter().filter(|(_, lines)| *lines > FUNCTION_LINES_MAX) {
            broken.push(format!("{}:{line}: {lines} lines", file.name));
        }
    }
    none("at most 70 lines a function", &broken);
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// First line and number of lines of each function. The source is formatted, so that a function ends with the first
/// brace as far from the margin as its head.
fn rust_functions(text: &str) -> Vec<(usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut functions = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let words = line.split_whitespace().take_while(|word| *word != "fn");
        let qualifiers = ["pub", "const", "async", "unsafe", "extern", "\"C\"", "pub(crate)", "pub(super)"];
        if !line.contains("fn ") || !words.clone().all(|word| qualifiers.contains(&word)) {
            continue;
        }
        let rest = &lines[at..];
        let one_line = rest.iter().position(|l| l.ends_with([';', '}']) && indent(l) == indent(line));
        if let Some(end) = one_line {
            functions.push((at + 1, end + 1));
        }
    }
    functions
}

/// The same for Python: a function ends before the next line that is not indented further than its head.
fn python_functions(text: &str) -> Vec<(usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut functions = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let head = line.trim_start();
        if !head.starts_with("def ") && !head.starts_with("async def ") {
            continue;
        }
        let inside = |l: &&&str| l.trim().is_empty() || indent(l) > indent(line) || l.trim_start().starts_with(')');
        let body: Vec<&&str> = lines[at + 1..].iter().take_while(inside).collect();
        let blank = body.iter().rev().take_while(|l| l.trim().is_empty()).count();
        functions.push((at + 1, 1 + body.len() - blank));
    }
    functions
}

/// The part of a source file that is built into the product.
fn product(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default()
}

/// The lines of a text with their numbers, without comments.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(at, line)| (at + 1, line.split("//").next().unwrap_or_default()))
}

#[test]
fn money_is_never_a_binary_fraction() {
    let mut broken = Vec::new();
    let exact = |file: &File| {
        !file.name.starts_with(DRAWS)
            && EXACT.iter().any(|folder| file.name.starts_with(&format!("core/src/{folder}/")))
    };
    for file in sources().iter().filter(|file| exact(file)) {
        for (number, line) in code_lines(&file.text()) {
            let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
            if words.any(|word| matches!(word, "f32" | "f64" | "to_f64" | "from_f64" | "to_f32")) {
                broken.push(format!("{}:{number}: {}", file.name, line.trim()));
            }
        }
    }
    none("no f32 and f64 where money is reckoned", &broken);
}

#[test]
fn the_product_never_unwraps() {
    let mut broken = Vec::new();
    let delivered = |file: &&File| file.name.starts_with("core/src/") || file.name.starts_with("python/src/");
    for file in sources().iter().filter(delivered).filter(|file| !file.is_test()) {
        for (number, line) in code_lines(product(&file.text())) {
            let expects = line.contains(".expect(") && !line.contains("expect(\"Invariant: ");
            let opens = line.trim_end().ends_with(".expect(");
            if line.contains(".unwrap()") || (expects && !opens) {
                broken.push(format!("{}:{number}: {}", file.name, line.trim()));
            }
        }
    }
    none("no unwrap() outside tests, and expect() only with \"Invariant: …\"", &broken);
}

#[test]
fn files_are_small_texts_that_name_no_machine() {
    let mut broken = Vec::new();
    let homes = ["root", "work", "home", "Users"].map(|folder| format!("/{folder}/"));
    for file in files().unwrap_or_default() {
        let bytes = fs::read(&file.path).unwrap();
        // Written by the program: it grows with every rule kind, and nobody reads it whole.
        let generated = file.name == "seeds/policy.schema.json";
        if bytes.len() as u64 > if generated { 2 * FILE_BYTES_MAX } else { FILE_BYTES_MAX } {
            broken.push(format!("{}: {} bytes", file.name, bytes.len()));
        }
        let Ok(text) = String::from_utf8(bytes) else {
            if !file.is(&["png", "parquet", "xlsx"]) {
                broken.push(format!("{}: not UTF-8", file.name));
            }
            continue;
        };
        for (at, line) in text.lines().enumerate() {
            if homes.iter().any(|home| names_path(line, home)) {
                broken.push(format!("{}:{}: {}", file.name, at + 1, line.trim()));
            }
        }
    }
    none(
        "files of at most 512 KiB (the generated schema twice that), UTF-8, without paths of somebody's machine",
        &broken,
    );
}

/// Whether a path starts with this folder in the line (`a/home/b` is another path, `https://x/home/` an address).
fn names_path(line: &str, home: &str) -> bool {
    line.match_indices(home).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '.' | '_' | '-' | '}' | ')' | '*' | '/'))
    })
}

#[test]
fn every_problem_of_the_catalogue_is_shown_by_a_test() {
    let mut tests = String::new();
    let mut catalogue = Vec::new();
    for file in sources() {
        let text = file.text();
        if file.name.starts_with("core/src/problem/catalogue/") {
            catalogue.extend(text.lines().filter_map(entry));
        } else if file.is_test() {
            tests += &text;
        } else {
            tests += &text[product(&text).len()..];
        }
    }
    let words: BTreeSet<&str> = tests.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let tested = |(code, name): &&(String, String)| words.contains(code.as_str()) || words.contains(name.as_str());
    let broken: Vec<String> = catalogue
        .iter()
        .filter(|entry| !tested(entry))
        .map(|(code, name)| format!("{code} {name}: no test shows it"))
        .collect();
    none("a test for every code of the catalogue", &broken);
}

/// Code and name of the entry that a line of the catalogue opens.
fn entry(line: &str) -> Option<(String, String)> {
    let mut words = line.split_whitespace();
    let (code, name, severity) = (words.next()?, words.next()?, words.next()?);
    let digits = code.strip_prefix(|c: char| c.is_ascii_uppercase())?;
    let is_code = digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit());
    (is_code && matches!(severity, "Error" | "Warning")).then(|| (code.to_owned(), name.to_owned()))
}

#[test]
fn the_rules_see_what_they_should() {
    let long = format!("fn long() {{\n{}}}\n", "    step();\n".repeat(80));
    assert_eq!(rust_functions(&long), [(1, 82)]);
    assert_eq!(rust_functions("    pub fn short() {}\nlet fn_like = 1;"), [(1, 1)]);
    let wrapped = "pub fn wrapped(\n    a: u8,\n) -> u8\nwhere\n    u8: Copy,\n{\n    a\n}\n";
    assert_eq!(rust_functions(wrapped), [(1, 8)]);
    assert_eq!(python_functions("def f(\n    a,\n):\n    return a\n\n\nx = 1\n"), [(1, 4)]);
    assert!(names_path("see /mine/x", "/mine/") && !names_path("a/mine/x", "/mine/"));
    assert_eq!(entry("    S001 MISSING Error { zh:"), Some(("S001".to_owned(), "MISSING".to_owned())));
    let root: &Path = root();
    assert!(root.join("Cargo.toml").is_file());
}
