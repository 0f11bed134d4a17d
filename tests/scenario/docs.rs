//! `docs/scenarios.md` holds every key of the file, and its examples work.

use std::fs;

use dianzhi::job::StudyFile;
use dianzhi::policy::{Field, Shape};
use dianzhi::scenario::file::Study;
use dianzhi::scenario::{Measure, points};
use dianzhi_tests::{files_of, root};

use super::command::{settled, write};

/// Every key below a record, with those of the records in it.
fn keys(fields: &'static [Field], out: &mut Vec<&'static str>) {
    for field in fields {
        out.push(field.name);
        match field.shape {
            Shape::Record(inner) | Shape::List(Shape::Record(inner)) => keys(inner, out),
            Shape::Choice(words) => out.extend(words.iter().map(|word| word.value)),
            _ => {}
        }
    }
}

#[test]
fn every_key_and_measure_is_explained() {
    let text = fs::read_to_string(root().join("docs/scenarios.md")).unwrap();
    let mut known = Vec::new();
    keys(Study::FIELDS, &mut known);
    known.extend(Measure::ALL.iter().map(|measure| measure.code()));
    let missing: Vec<&str> = known.into_iter().filter(|key| !text.contains(&format!("`{key}`"))).collect();
    assert!(missing.is_empty(), "not in docs/scenarios.md: {missing:?}");
}

#[test]
fn the_examples_work() {
    let dir = tempfile::tempdir().unwrap();
    settled(dir.path(), "300");
    let files = files_of("scenarios.md");
    assert!(!files.is_empty());
    for (name, body) in files {
        let study = StudyFile::read(&write(dir.path(), &body)).unwrap_or_else(|p| panic!("{name}: {p}"));
        assert!(points(&study.study).is_ok());
        study.run(&|_| ()).unwrap_or_else(|p| panic!("{name}: {p}"));
    }
}
