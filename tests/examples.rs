//! The examples of the documents work as they are written, and are the files beside them.

use std::fs;
use std::path::Path;

use dianzhi_tests::{files_of, root};

/// Blocks of commands that begin with a copy of a folder of examples.
fn blocks(document: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(root().join(document)).unwrap();
    let blocks = text.split("```").skip(1).step_by(2);
    let commands = blocks.map(|block| block.trim().lines().map(str::to_owned).collect::<Vec<_>>());
    commands.filter(|lines| lines.first().is_some_and(|line| line.starts_with("cp -r docs/examples/"))).collect()
}

/// Runs a block in a folder of its own: words that name a file or a book are of that folder.
fn run(block: &[String]) {
    let dir = tempfile::tempdir().unwrap();
    let from = block[0].split_whitespace().nth(2).unwrap();
    for file in fs::read_dir(root().join(from)).unwrap() {
        let path = file.unwrap().path();
        fs::copy(&path, dir.path().join(path.file_name().unwrap())).unwrap();
    }
    for line in &block[1..] {
        let words = line.split_whitespace().enumerate();
        // The first two words are the program and the command, which may be `book`.
        let words: Vec<String> =
            words.map(|(at, word)| if at < 2 { word.to_owned() } else { placed(word, dir.path()) }).collect();
        assert_eq!(dianzhi::cli::run(&words), 0, "{line}");
    }
}

fn placed(word: &str, dir: &Path) -> String {
    let is_file = [".csv", ".toml", ".parquet"].iter().any(|ending| word.ends_with(ending));
    if is_file || word == "book" { dir.join(word).to_str().unwrap().to_owned() } else { word.to_owned() }
}

#[test]
fn commands_of_the_documents_run() {
    for document in ["docs/weights.md", "docs/recognition.md"] {
        let blocks = blocks(document);
        assert_eq!(blocks.len(), 1, "{document}");
        blocks.iter().for_each(|block| run(block));
    }
}

#[test]
fn the_readmes_show_the_commands_of_the_documents() {
    let documents = [blocks("docs/weights.md"), blocks("docs/recognition.md")].concat();
    for readme in ["README.md", "README.zh-CN.md"] {
        let shown = blocks(readme);
        assert_eq!(shown.len(), documents.len(), "{readme}");
        for (own, whole) in shown.iter().zip(&documents) {
            assert_eq!(own, &whole[..own.len()], "{readme}");
        }
    }
}

#[test]
fn the_files_beside_the_documents_are_those_shown() {
    for document in ["weights", "recognition"] {
        let shown = files_of(&format!("{document}.md"));
        let folder = root().join("docs/examples").join(document);
        for (name, content) in &shown {
            assert_eq!(&fs::read_to_string(folder.join(name)).unwrap(), content, "{document}/{name}");
        }
        assert_eq!(fs::read_dir(&folder).unwrap().count(), shown.len(), "{document}");
    }
}
