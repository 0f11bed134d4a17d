//! `dianzhi scheme check`

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::cli::output::problem_json;
use crate::cli::{Outcome, Output};
use crate::problem::{Lang, Problem, Problems};
use crate::scheme::{Definition, Source, check};

/// Problems of one kind that are shown without `--all`.
const FEW: usize = 3;

pub fn run(path: &Path, all: bool, out: &Output) -> Outcome {
    let (source, mut problems) = Source::open(path)?;
    let checked = check(&source);
    problems.append(checked.problems);
    let Some(definition) = &checked.definition else { return Err(problems) };
    let errors: Vec<Problem> = problems.errors().cloned().collect();
    if !errors.is_empty() && out.json {
        return Err(problems);
    }
    let warnings = Problems(problems.warnings().cloned().collect());
    let mut lines = vec![headline(definition, &errors, &warnings, out.lang)];
    lines.extend(grouped(&warnings, all, out.lang));
    if errors.is_empty() && !checked.unreachable_drgs.is_empty() {
        let count = checked.unreachable_drgs.len();
        let text = match out.lang {
            Lang::Zh => format!("不可能到达的 DRG（{count} 个）："),
            Lang::En => format!("DRGs that cannot be reached ({count}): "),
        };
        lines.push(text + &checked.unreachable_drgs.join(" "));
    }
    out.say(lines.join("\n"), || {
        let rules = checked.unreachable_rules.iter().map(|(adrg, row)| json!({ "adrg": adrg, "row": row }));
        json!({
            "scheme": definition.options.name,
            "fingerprint": definition.fingerprint,
            "mdcs": definition.mdcs.len(),
            "rules": definition.rules.len(),
            "drgs": definition.drgs.len(),
            "unreachable_drgs": checked.unreachable_drgs,
            "unreachable_rules": rules.collect::<Vec<_>>(),
            "counts": counts(&warnings),
            "problems": warnings.0.iter().map(problem_json).collect::<Vec<_>>(),
        })
    });
    if errors.is_empty() { Ok(()) } else { Err(Problems(errors)) }
}

fn headline(definition: &Definition, errors: &[Problem], warnings: &Problems, lang: Lang) -> String {
    let (name, mdcs, rules, drgs) =
        (&definition.options.name, definition.mdcs.len(), definition.rules.len(), definition.drgs.len());
    let (errors, warnings) = (errors.len(), warnings.0.len());
    match lang {
        Lang::Zh => format!(
            "方案 {name}：{mdcs} 个 MDC，{rules} 条 ADRG 规则，{drgs} 个 DRG；{errors} 个错误，{warnings} 个提示"
        ),
        Lang::En => {
            format!("Scheme {name}: {mdcs} MDCs, {rules} ADRG rules, {drgs} DRGs; {errors} errors, {warnings} warnings")
        }
    }
}

/// The number of problems of each kind.
fn counts(problems: &Problems) -> Value {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for problem in &problems.0 {
        *counts.entry(problem.entry.code).or_default() += 1;
    }
    json!(counts)
}

/// Problems by kind, each kind with its number and the first few of it.
fn grouped(problems: &Problems, all: bool, lang: Lang) -> Vec<String> {
    let mut kinds: BTreeMap<&str, Vec<&Problem>> = BTreeMap::new();
    for problem in &problems.0 {
        kinds.entry(problem.entry.code).or_default().push(problem);
    }
    let mut lines = Vec::new();
    for (code, found) in kinds {
        let count = found.len();
        lines.push(format!("{code} × {count}"));
        let shown = if all { count } else { count.min(FEW) };
        let texts = found[..shown].iter().map(|problem| {
            let place = problem.place.to_string();
            format!("  {place}{}{}", lang.pick("：", ": "), problem.message(lang))
        });
        lines.extend(texts);
        if shown < count {
            let more = count - shown;
            lines.push(match lang {
                Lang::Zh => format!("  …… 另有 {more} 条（--all 全部列出）"),
                Lang::En => format!("  … {more} more (--all lists them)"),
            });
        }
    }
    lines
}
