//! `dianzhi scheme diff`

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::claims::{Mapping, ReadOptions, Stays, read, read_stays};
use crate::cli::{Outcome, Output};
use crate::frame::write_table;
use crate::money::{Fen, Rounding, div_round};
use crate::problem::catalogue::claims::{MISSING_COLUMN, MISSING_COLUMN_NEAR};
use crate::problem::{Lang, Problems};
use crate::report::{Align, Grid};
use crate::scheme::Definition;
use crate::scheme::diff::{Change, ClaimMoves, Move, Section, Side, diff, moves};
use crate::table::cell::decimal;

/// Changes of a section, and kinds of moves, that are shown without `--all`.
const FEW: usize = 8;

#[derive(Debug, Args)]
pub struct DiffArgs {
    /// The scheme before: a folder, a .zip, an .xlsx, or demo
    before: PathBuf,
    /// The scheme after
    after: PathBuf,
    /// Claims to group by both: .csv or .parquet
    #[arg(long, num_args = 1.., value_name = "FILE")]
    claims: Vec<PathBuf>,
    /// Mapping file for other headers and codes of the claims
    #[arg(long, value_name = "TOML", requires = "claims")]
    mapping: Option<PathBuf>,
    /// The codes of the claims are of the clinical edition (国临版): translate them first
    #[arg(long, requires = "claims")]
    clinical: bool,
    /// Where the claims that move are written: .csv or .parquet
    #[arg(long, value_name = "FILE", requires = "claims")]
    out: Option<PathBuf>,
    /// List every change and every kind of move
    #[arg(long)]
    all: bool,
}

/// Claims to compare by.
#[derive(Default)]
struct Cases {
    stays: Stays,
    medfee_fen: Vec<Option<i64>>,
    /// Rows that could not be read or do not count.
    left_out: usize,
    with_amounts: bool,
}

pub fn run(args: &DiffArgs, out: &Output) -> Outcome {
    let (before, after) = open(args)?;
    let changes = diff(&before, &after);
    let mut lines = vec![format!("{} → {}", before.options.name, after.options.name)];
    lines.extend(sections(&changes, args.all, out.lang));
    let mut found = None;
    if !args.claims.is_empty() {
        let cases = read_cases(args, out)?;
        let (before, after) = (Side::new(before)?, Side::new(after)?);
        let moved = moves(&before, &after, &cases.stays, &cases.medfee_fen, args.clinical)?;
        lines.push(String::new());
        lines.extend(of_claims(&moved, &cases, args.all, out.lang));
        if let Some(path) = &args.out {
            write_table(path, &moved.table(&before, &after, &cases.stays, &cases.medfee_fen))?;
            lines.push(format!("{}{}", out.lang.pick("改变分组的病例：", "the moved claims: "), path.display()));
        }
        found = Some(json!({ "left_out": cases.left_out, "with_amounts": cases.with_amounts, "moved": moved }));
    }
    out.say(lines.join("\n"), || json!({ "changes": changes, "claims": found }));
    Ok(())
}

/// Both schemes, or the problems of both.
fn open(args: &DiffArgs) -> Result<(Definition, Definition), Problems> {
    let mut problems = Problems::new();
    let mut open = |path: &PathBuf| Definition::open(path).map_err(|found| problems.append(found)).ok();
    match (open(&args.before), open(&args.after)) {
        (Some((before, _)), Some((after, _))) => Ok((before, after)),
        _ => Err(problems),
    }
}

/// Claims as for payment; where only the columns for that are missing, as for grouping, without amounts.
fn read_cases(args: &DiffArgs, out: &Output) -> Result<Cases, Problems> {
    let mapping = args.mapping.as_deref().map_or_else(|| Ok(Mapping::default()), Mapping::load)?;
    let options = ReadOptions { mapping, ..ReadOptions::default() };
    match read(&args.claims, &options) {
        Ok((claims, rejects, report)) => {
            out.warnings(&report.warnings);
            let medfee_fen = claims.total_fen.iter().map(|fen| Some(*fen)).collect();
            Ok(Cases { stays: claims.stays, medfee_fen, left_out: rejects.rows.len(), with_amounts: true })
        }
        Err(problems) => {
            let lacking = [&MISSING_COLUMN, &MISSING_COLUMN_NEAR];
            if problems.errors().any(|problem| !lacking.contains(&problem.entry)) {
                return Err(problems);
            }
            let mut cases = Cases::default();
            let mut reader = read_stays(&args.claims, &options)?;
            for batch in reader.by_ref() {
                cases.stays.append(&batch?.stays);
            }
            let (rejects, report) = reader.finish();
            out.warnings(&report.warnings);
            cases.medfee_fen = vec![None; cases.stays.len()];
            cases.left_out = rejects.rows.len();
            Ok(cases)
        }
    }
}

fn sections(changes: &[Change], all: bool, lang: Lang) -> Vec<String> {
    if changes.is_empty() {
        return vec![lang.pick("两个方案没有差异", "the schemes do not differ").to_owned()];
    }
    let mut by_section: BTreeMap<Section, Vec<&Change>> = BTreeMap::new();
    for change in changes {
        by_section.entry(change.section).or_default().push(change);
    }
    let mut lines = Vec::new();
    for (section, found) in by_section {
        let count = found.len();
        lines.push(format!("{} × {count}", section.title(lang)));
        let shown = if all { count } else { count.min(FEW) };
        lines.extend(found[..shown].iter().map(|change| format!("  {}", change.render(lang))));
        lines.extend(more(count - shown, lang));
    }
    lines
}

fn more(count: usize, lang: Lang) -> Option<String> {
    (count > 0).then(|| match lang {
        Lang::Zh => format!("  …… 另有 {count} 条（--all 全部列出）"),
        Lang::En => format!("  … {count} more (--all lists them)"),
    })
}

fn of_claims(moved: &ClaimMoves, cases: &Cases, all: bool, lang: Lang) -> Vec<String> {
    let money = |fen: i64| Fen(fen).grouped();
    let mut lines = vec![match lang {
        Lang::Zh => format!("病例 {} 例，其中 {} 例改变分组", moved.claims, moved.moved),
        Lang::En => format!("{} claims, of which {} get another group", moved.claims, moved.moved),
    }];
    if cases.with_amounts {
        let (part, whole) = (money(moved.moved_medfee_fen), money(moved.medfee_fen));
        lines.push(match lang {
            Lang::Zh => format!("改变分组的医疗总费用 {part} 元，全部 {whole} 元"),
            Lang::En => format!("bills of the moved claims {part} yuan, of all {whole} yuan"),
        });
    } else {
        lines.push(
            lang.pick("病例没有付费所需的列，不计金额", "the claims lack columns of payment: no amounts").to_owned(),
        );
    }
    if cases.left_out > 0 {
        lines.push(match lang {
            Lang::Zh => format!("另有 {} 行无法读取或不计入", cases.left_out),
            Lang::En => format!("{} more rows could not be read or do not count", cases.left_out),
        });
    }
    let mean = |sum: i64| div_round(i128::from(sum), i128::from(moved.weighted), Rounding::HalfUp);
    if let (Some(before), Some(after)) = (mean(moved.weight_before_e6), mean(moved.weight_after_e6)) {
        let (count, before, after) = (moved.weighted, decimal(before, 6), decimal(after, 6));
        lines.push(match lang {
            Lang::Zh => format!("两个方案都有权重的 {count} 例，平均权重 {before} → {after}"),
            Lang::En => format!("{count} claims with a weight in both: mean weight {before} → {after}"),
        });
    }
    let shown = if all { moved.moves.len() } else { moved.moves.len().min(FEW) };
    if shown > 0 {
        lines.push(grid(&moved.moves[..shown], lang));
    }
    lines.extend(more(moved.moves.len() - shown, lang));
    lines
}

fn grid(moves: &[Move], lang: Lang) -> String {
    let mut grid = Grid::new(&[
        (lang.pick("原分组", "From"), Align::Left),
        (lang.pick("新分组", "To"), Align::Left),
        (lang.pick("例数", "Cases"), Align::Right),
        (lang.pick("医疗总费用(元)", "Bills (yuan)"), Align::Right),
        (lang.pick("原权重", "Weight before"), Align::Right),
        (lang.pick("新权重", "Weight after"), Align::Right),
        (lang.pick("权重变化", "Change"), Align::Right),
    ]);
    let weight = |units: Option<i64>| units.map_or_else(String::new, |units| decimal(i128::from(units), 6));
    for found in moves {
        let change = found.weight_before_e6.zip(found.weight_after_e6).map(|(before, after)| after - before);
        let [before, after, change] = [found.weight_before_e6, found.weight_after_e6, change].map(weight);
        let (cases, fen) = (found.cases.to_string(), Fen(found.medfee_fen).grouped());
        grid.row([&found.from, &found.to, &cases, &fen, &before, &after, &change]);
    }
    grid.render()
}
