//! `dianzhi book diff A B`

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::str::FromStr;

use serde_json::json;

use crate::cli::{Outcome, Output};
use crate::ledger::{Book, Change, Difference, Period, PeriodDiff, SumChange, compare_periods};
use crate::problem::Lang;
use crate::report::{Align, Grid, labels};
use crate::table::cell::group_thousands;

/// A book, or one period of it: `DIR` or `DIR:2026-03`.
#[derive(Clone, Debug)]
pub struct Side {
    dir: PathBuf,
    period: Option<Period>,
}

impl FromStr for Side {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Side, Self::Err> {
        let with_period = text.rsplit_once(':').and_then(|(dir, period)| Some((dir, period.parse().ok()?)));
        Ok(match with_period {
            Some((dir, period)) => Side { dir: dir.into(), period: Some(period) },
            None => Side { dir: text.into(), period: None },
        })
    }
}

/// Compares two books period by period, or the periods named. `limit` is the number of changed rows printed a table.
pub fn run(before: &Side, after: &Side, limit: usize, out: &Output) -> Outcome {
    let (one, other) = (Book::open(&before.dir)?, Book::open(&after.dir)?);
    let known = |book: &Book| book.periods().map(|info| info.period).collect::<BTreeSet<Period>>();
    let pairs: Vec<(Period, Period)> = match (before.period, after.period) {
        (Some(old), Some(new)) => vec![(old, new)],
        (Some(same), None) | (None, Some(same)) => vec![(same, same)],
        (None, None) => known(&one).intersection(&known(&other)).map(|&same| (same, same)).collect(),
    };
    let mut diffs = Vec::new();
    for (old, new) in pairs {
        diffs.push(compare_periods((&one, old), (&other, new))?);
    }
    let whole = before.period.is_none() && after.period.is_none();
    let only = |a: &Book, b: &Book| match whole {
        true => known(a).difference(&known(b)).copied().collect::<Vec<Period>>(),
        false => Vec::new(),
    };
    let (only_before, only_after) = (only(&one, &other), only(&other, &one));
    let mut parts: Vec<String> = diffs.iter().map(|diff| describe(diff, limit, out.lang)).collect();
    for (periods, place) in [(&only_before, &before.dir), (&only_after, &after.dir)] {
        parts.extend(periods.iter().map(|period| match out.lang {
            Lang::Zh => format!("{period}：只在 {} 中", place.display()),
            Lang::En => format!("{period}: only in {}", place.display()),
        }));
    }
    out.say(parts.join("\n\n"), || json!({ "periods": diffs, "only_before": only_before, "only_after": only_after }));
    Ok(())
}

fn describe(diff: &PeriodDiff, limit: usize, lang: Lang) -> String {
    let title = match diff.before == diff.after {
        true => diff.before.to_string(),
        false => format!("{} → {}", diff.before, diff.after),
    };
    if diff.is_empty() {
        return format!("{title}{}", lang.pick("：结果相同", ": the same results"));
    }
    let mut parts = vec![title];
    if !diff.causes.is_empty() {
        let lines = diff.causes.iter().map(|(job, field, old, new)| format!("  {job}.{field}: {old} → {new}"));
        let heading = lang.pick("依据的不同：", "Made of:").to_owned();
        parts.push(std::iter::once(heading).chain(lines).collect::<Vec<_>>().join("\n"));
    }
    for (name, table) in &diff.tables {
        let (removed, added, changed) = (table.removed, table.added, table.changed);
        let mut text = match lang {
            Lang::Zh => format!("{name}：改变 {changed} 行，减少 {removed} 行，增加 {added} 行"),
            Lang::En => format!("{name}: {changed} rows changed, {removed} removed, {added} added"),
        };
        let total = [(lang.pick("合计", "total").to_owned(), &table.sums)];
        let sums: Vec<_> =
            total.into_iter().chain(table.by_rule.iter().map(|(rule, sums)| (rule.clone(), sums))).collect();
        if sums.iter().any(|(_, sums)| !sums.is_empty()) {
            text += &format!("\n{}", sum_grid(&sums, lang));
        }
        text += &format!("\n{}", change_grid(&table.changes, limit, lang));
        if table.changes.len() > limit {
            let more = table.changes.len() - limit;
            text += &match lang {
                Lang::Zh => format!("\n……另有 {more} 行（--limit {}，或 --json 看全部）", table.changes.len()),
                Lang::En => format!("\n… {more} rows more (--limit {}, or --json for all)", table.changes.len()),
            };
        }
        parts.push(text);
    }
    parts.join("\n\n")
}

fn sum_grid(groups: &[(String, &Vec<SumChange>)], lang: Lang) -> String {
    let mut grid = Grid::new(&[
        (lang.pick("范围", "Of"), Align::Left),
        (lang.pick("栏目", "Column"), Align::Left),
        (lang.pick("前", "Before"), Align::Right),
        (lang.pick("后", "After"), Align::Right),
        (lang.pick("差额", "Difference"), Align::Right),
    ]);
    for (group, sums) in groups {
        for sum in *sums {
            let numbers = [&sum.before, &sum.after, &sum.difference].map(|number| group_thousands(number));
            let [before, after, difference] = numbers;
            grid.row([group, labels::column(&sum.column, lang), &before, &after, &difference]);
        }
    }
    grid.render()
}

fn change_grid(changes: &[Change], limit: usize, lang: Lang) -> String {
    let mut grid = Grid::new(&[
        (lang.pick("行", "Row"), Align::Left),
        (lang.pick("变化", "Change"), Align::Left),
        (lang.pick("栏目", "Column"), Align::Left),
        (lang.pick("前", "Before"), Align::Right),
        (lang.pick("后", "After"), Align::Right),
    ]);
    for change in changes.iter().take(limit) {
        let kind = match change.kind {
            Difference::Removed => lang.pick("减少", "removed"),
            Difference::Added => lang.pick("增加", "added"),
            Difference::Changed => lang.pick("改变", "changed"),
        };
        let key = change.key.iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>().join(" ");
        if change.columns.is_empty() {
            grid.row([key.as_str(), kind]);
        }
        for (at, (column, before, after)) in change.columns.iter().enumerate() {
            let (key, kind) = if at == 0 { (key.as_str(), kind) } else { ("", "") };
            grid.row([key, kind, labels::column(column, lang), before, after]);
        }
    }
    grid.render()
}
