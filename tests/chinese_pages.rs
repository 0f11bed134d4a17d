//! Pages in Chinese say what the English ones say: the same files, codes and links.

use std::collections::BTreeSet;
use std::fs;

use dianzhi_tests::{files_of, root};

fn page(name: &str) -> String {
    fs::read_to_string(root().join("docs").join(name)).unwrap()
}

/// The names of pages that there are in both languages, without ending.
fn translated() -> Vec<String> {
    let names = fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().file_name());
    let names = names.filter_map(|name| name.to_str()?.strip_suffix(".zh-CN.md").map(str::to_owned));
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

/// The lines outside of code blocks.
fn prose(text: &str) -> Vec<&str> {
    let mut is_code = false;
    let outside = text.lines().filter(|line| {
        let is_fence = line.starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    });
    outside.collect()
}

/// What stands between backquotes.
fn codes<'t>(lines: impl IntoIterator<Item = &'t str>) -> BTreeSet<&'t str> {
    lines.into_iter().flat_map(|line| line.split('`').skip(1).step_by(2)).collect()
}

/// The first cell of each row of a table.
fn first_cells<'t>(lines: &[&'t str]) -> Vec<&'t str> {
    lines.iter().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next()).collect()
}

#[test]
fn they_show_the_same_files() {
    for name in translated() {
        let (english, chinese) = (files_of(&format!("{name}.md")), files_of(&format!("{name}.zh-CN.md")));
        for file in &chinese {
            assert!(english.contains(file), "{name}: {} is another file than in English", file.0);
        }
    }
}

/// A name that is spelt otherwise, or that the English page no longer has, is found; so is a row that is not there.
#[test]
fn they_name_the_same_things() {
    for name in translated() {
        let (english, chinese) = (page(&format!("{name}.md")), page(&format!("{name}.zh-CN.md")));
        let (there, here) = (prose(&english), prose(&chinese));
        let unknown: Vec<&str> =
            codes(here.iter().copied()).into_iter().filter(|code| !english.contains(code)).collect();
        assert_eq!(unknown, [""; 0], "{name}: codes that the English page does not have");
        let rows = codes(first_cells(&there));
        let missing: Vec<&&str> = rows.iter().filter(|code| !chinese.contains(**code)).collect();
        assert_eq!(missing, [&""; 0], "{name}: rows that the Chinese page does not have");
    }
}

#[test]
fn they_are_linked_and_their_links_lead_somewhere() {
    let readme = fs::read_to_string(root().join("README.zh-CN.md")).unwrap();
    for name in translated() {
        let file = format!("{name}.zh-CN.md");
        assert!(readme.contains(&format!("(docs/{file})")), "{file} is linked by the Chinese readme");
        let text = page(&file);
        assert!(text.contains(&format!("English: [{name}.md]({name}.md)")), "{file} names the English page");
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = target.split('#').next().unwrap_or_default();
            if !path.is_empty() {
                assert!(root().join("docs").join(path).exists(), "{file}: {target}");
            }
        }
    }
}
