//! The documentation is that of the code: every kind has its section with its parameters, and every example is a pack.
//! `DIANZHI_UPDATE=1 cargo test` writes the parameter tables anew.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use dianzhi::policy::rules::When;
use dianzhi::policy::{Count, FAMILIES, Field, KindSpec, Need, Shape};

use super::world::{compile_with, pack};

fn page(name: &str) -> PathBuf {
    dianzhi_tests::root().join("docs").join(name)
}

/// What may be written, in words.
fn shape(of: &Shape) -> String {
    match of {
        Shape::Number { min, max, digits, unit } => {
            let range = max.map_or_else(|| format!("≥ {min}"), |max| format!("{min} … {max}"));
            format!("{}, {range}, ≤ {digits} decimals", unit.en)
        }
        Shape::Whole { min, max } => format!("whole number, {min} … {max}"),
        Shape::Flag => "`true` / `false`".into(),
        Shape::Text => "text".into(),
        Shape::Date => "date".into(),
        Shape::Choice(choices) => {
            let one = |c: &dianzhi::policy::Choice| format!("`{}` {} · {}", c.value, c.words.zh, c.words.en);
            choices.iter().map(one).collect::<Vec<_>>().join("; ")
        }
        Shape::List(Shape::Record(_)) => "list of".into(),
        Shape::List(item) => format!("list of {}", shape(item)),
        Shape::Map(value) => format!("table of names → {}", shape(value)),
        Shape::Record(_) => "table".into(),
        Shape::Rows { key, .. } => format!("rows, named by `{}`", key.join("/")),
        Shape::FreeRows => "rows with free columns".into(),
        Shape::Codes => "list of codes, or CSV".into(),
    }
}

fn is_when(of: &Shape) -> bool {
    matches!(of, Shape::Record(fields) if std::ptr::eq(*fields, When::FIELDS))
}

fn rows(fields: &[Field], prefix: &str, out: &mut String) {
    for field in fields {
        let need = match field.need {
            Need::Required => "required".to_owned(),
            Need::Optional => "—".to_owned(),
            Need::Default(default) => format!("`{default}`"),
        };
        let name = format!("{prefix}{}", field.name);
        let (inner, path) = match field.shape {
            Shape::Rows { row, .. } | Shape::List(row) => (*row, format!("{name}[].")),
            other => (other, format!("{name}.")),
        };
        let conditions = " [conditions](special.md#conditions)";
        let of = format!("{}{}", shape(field.shape), if is_when(inner) { conditions } else { "" });
        writeln!(out, "| `{name}` | {of} | {need} | {} · {} |", field.words.zh, field.words.en).unwrap();
        if let (Shape::Record(own), false) = (inner, is_when(inner)) {
            rows(own, &path, out);
        }
    }
}

fn table(fields: &[Field]) -> String {
    let mut out = String::from("| parameter | value | default | meaning |\n|---|---|---|---|\n");
    rows(fields, "", &mut out);
    out
}

fn block(kind: &KindSpec) -> String {
    let mut out = format!("{} · {}\n", kind.words.zh, kind.words.en);
    if !kind.formula.is_empty() {
        write!(out, "\n**Formula.** `{}`\n", kind.formula).unwrap();
    }
    if kind.fields.is_empty() {
        out.push_str("\nNo parameters.\n");
    } else {
        write!(out, "\n{}", table(kind.fields)).unwrap();
    }
    out
}

/// Puts `body` between the markers of `name`, or tells that they differ.
fn check(file: &PathBuf, open: &str, close: &str, body: &str) {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let start = text.find(open).unwrap_or_else(|| panic!("{}: {open} is missing", file.display())) + open.len();
    let end = start + text[start..].find(close).unwrap();
    let wanted = format!("\n{body}");
    if std::env::var_os("DIANZHI_UPDATE").is_some() {
        fs::write(file, format!("{}{wanted}{}", &text[..start], &text[end..])).unwrap();
    } else {
        assert!(
            text[start..end] == wanted,
            "{}: {open} is not that of the code: run with DIANZHI_UPDATE=1",
            file.display()
        );
    }
}

#[test]
fn every_kind_has_its_parameters() {
    let mut families = String::from("| family | how many | what |\n|---|---|---|\n");
    for family in FAMILIES {
        let count = match family.count {
            Count::One => "one",
            Count::AtMostOne => "at most one",
            Count::Any => "any",
        };
        let name = family.family;
        writeln!(families, "| [`{name}`](policy/{name}.md) | {count} | {} · {} |", family.words.zh, family.words.en)
            .unwrap();
        let file = page(&format!("policy/{name}.md"));
        for kind in family.kinds {
            let open = format!("<!-- parameters {} -->", kind.kind);
            check(&file, &open, "<!-- /parameters -->", &block(kind));
        }
    }
    check(&page("policy/special.md"), "<!-- parameters when -->", "<!-- /parameters -->", &table(When::FIELDS));
    check(&page("policy.md"), "<!-- families -->", "<!-- /families -->", &families);
}

#[test]
fn every_kind_has_an_example_that_is_a_pack() {
    let weights = "table = [{ drg = \"ES31\", weight = 1.5 }, { drg = \"ES35\", weight = 1 }]";
    for family in FAMILIES {
        let text = fs::read_to_string(page(&format!("policy/{}.md", family.family))).unwrap();
        for kind in family.kinds {
            let heading = format!("## `{}`", kind.kind);
            let section = text.split(&heading).nth(1).unwrap_or_else(|| panic!("{heading} is missing"));
            let section = section.split("\n## ").next().unwrap();
            for part in ["**Equality.**", "**Example.**", "**Source.**"] {
                assert!(section.contains(part), "{heading}: {part} is missing");
            }
            let example = section.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
            assert!(example.contains(&format!("kind = \"{}\"", kind.kind)), "{heading}: the example is of this kind");
            let own = if family.family == "weights" { "table = [{ drg = \"X\", weight = 1 }]" } else { weights };
            let mut wrapped = pack(own, example);
            if family.family == "weights" {
                // The example is the weight table itself.
                let rule = wrapped.find("[rules.weights]").unwrap();
                let second = rule + 1 + wrapped[rule + 1..].find("[rules.weights]").unwrap();
                wrapped.replace_range(rule..second, "");
            }
            let result = compile_with(&wrapped, &[]);
            assert!(result.is_ok(), "{heading}:\n{}\n{wrapped}", result.unwrap_err());
        }
    }
}
