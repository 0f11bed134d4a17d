//! `dianzhi award`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::chinese::Wrong;
use super::{Outcome, Output};
use crate::awards::{Line, LineKind, Prior};
use crate::job::{AWARD, AwardFiles, AwardPack, AwardRun, Awarded, award_period, decide_awards};
use crate::ledger::{Kind, Period, Receipt, Writer};
use crate::problem::catalogue::{files, workbook};
use crate::problem::{Lang, Problem, Problems};
use crate::report::{Align, Grid, xlsx};
use crate::table::cell::group_thousands;
use crate::workbook::result::{self, AwardView, Source, award_documents, word};

/// Decide fiscal awards from filled-in forms: who is paid what, from which treasury, under which rule (激励奖补).
#[derive(Debug, Args)]
pub struct AwardArgs {
    /// Filled-in workbook (.xlsx), tables named as its sheets (.csv, .parquet), or a folder of them
    #[arg(required_unless_present = "events", value_name = "FILE")]
    input: Vec<PathBuf>,
    /// The same, by name
    #[arg(long, value_name = "FILE", num_args = 1..)]
    events: Vec<PathBuf>,
    /// Policy with award rules: a pack (.toml), a folder, or the name of one that comes with the program
    #[arg(long, value_name = "PACK", default_value = "bazhong_awards")]
    policy: PathBuf,
    /// Read an open question of the text in another way: tiers=highest, of one rule A13.joint_winners=equal
    #[arg(long = "switch", value_name = "NAME=VALUE", value_parser = pair)]
    switches: Vec<(String, String)>,
    /// The folder of a fiscal book to enter the awards in; made where there is none. Without it nothing is kept
    #[arg(long, value_name = "DIR")]
    book: Option<PathBuf>,
    /// The year of the book, 2026; later dates are left for later years. Not needed when all dates are of one year
    #[arg(long, value_parser = super::settle::whole_year)]
    period: Option<Period>,
    /// Write the result workbook (.xlsx)
    #[arg(short, long, value_name = "XLSX")]
    out: Option<PathBuf>,
}

/// `NAME=VALUE`.
pub(super) fn pair(text: &str) -> Result<(String, String), Wrong> {
    let written = Wrong { zh: "写作 名称=值", en: "write NAME=VALUE" };
    let (name, value) = text.split_once('=').ok_or(written)?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

pub fn run(args: &AwardArgs, out: &Output) -> Outcome {
    check_out(args.out.as_deref(), &args.inputs())?;
    let done = award(args).inspect_err(|problems| write_problems(args.out.as_deref(), problems, out.lang))?;
    let run = &done.run;
    out.warnings(&run.warnings);
    if let Some(path) = &args.out {
        let period = done.period.map(|period| period.to_string());
        let book = done.receipt.as_ref().zip(period.as_deref());
        let source = Source {
            record: &run.record,
            book: book.map(|(receipt, period)| (period, receipt.manifest_sha256.as_str())),
            warnings: &run.warnings,
        };
        let view = AwardView { policy: &run.policy, outcome: &run.outcome, alternatives: &run.alternatives, source };
        xlsx::write(path, &award_documents(view, out.lang), out.lang)?;
    }
    report(&done, args, out);
    Ok(())
}

impl AwardArgs {
    fn inputs(&self) -> Vec<PathBuf> {
        self.input.iter().chain(&self.events).cloned().collect()
    }
}

/// Whether a result workbook is named so, and is none of the inputs.
pub(super) fn check_out(out: Option<&Path>, inputs: &[PathBuf]) -> Result<(), Problems> {
    let Some(out) = out else { return Ok(()) };
    let name = out.to_string_lossy();
    if !out.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xlsx")) {
        let extension = out.extension().unwrap_or_default().to_string_lossy();
        let problem = Problem::new(&files::UNKNOWN_FORMAT).with("extension", extension).with("known", ".xlsx");
        return Err(problem.file(&*name).into());
    }
    not_an_input(out, inputs)
}

/// Whether a result would go over what was handed in.
pub(super) fn not_an_input(out: &Path, inputs: &[PathBuf]) -> Result<(), Problems> {
    let Ok(own) = out.canonicalize() else { return Ok(()) };
    let same = |input: &PathBuf| input.canonicalize().is_ok_and(|input| input == own);
    if inputs.iter().any(same) {
        return Err(Problem::new(&workbook::OUT_IS_INPUT).file(&*out.to_string_lossy()).into());
    }
    Ok(())
}

struct Done {
    run: AwardRun,
    receipt: Option<Receipt>,
    period: Option<Period>,
}

fn award(args: &AwardArgs) -> Result<Done, Problems> {
    let pack = AwardPack::read(&args.policy, &args.switches)?;
    let files = AwardFiles::read(&args.inputs(), &pack.policy)?;
    let Some(book) = &args.book else {
        let run = decide_awards(&pack, &files, &Prior::default(), args.period)?;
        return Ok(Done { run, receipt: None, period: args.period });
    };
    let period = args.period.map_or_else(|| files.period(), Ok)?;
    let mut writer = Writer::open_or_create(book, Kind::Fiscal)?;
    let Awarded { run, receipt } = award_period(writer.draft(period, AWARD)?, &pack, &files)?;
    Ok(Done { run, receipt: Some(receipt), period: Some(period) })
}

/// Where a result of a book is, and whether it stands in the place of another.
pub(super) fn entered(receipt: &Receipt, lang: Lang) -> String {
    let replaced = match receipt.replaced {
        true => lang.pick("（已替换账册中本期的上一次结果）", " (an earlier run of the period was replaced)"),
        false => "",
    };
    format!("\n{}{}{replaced}", lang.pick("账册：", "Book: "), receipt.dir.display())
}

pub(super) fn cannot_write(path: &Path, error: &dyn std::fmt::Display) -> Problem {
    Problem::new(&files::CANNOT_WRITE).with("reason", error).file(path.to_string_lossy().as_ref())
}

/// Who works in a spreadsheet finds what is wrong in one.
pub(super) fn write_problems(path: Option<&Path>, problems: &Problems, lang: Lang) {
    if let Some(path) = path {
        // The problems are told on the screen as well.
        let _ = xlsx::write(path, &[result::problem_document(problems, lang)], lang);
    }
}

fn report(done: &Done, args: &AwardArgs, out: &Output) {
    let lang = out.lang;
    let Done { run, receipt, .. } = done;
    let total = |name: &str| run.record.totals.get(name).map_or("", String::as_str);
    let money = |name: &str| group_thousands(total(name));
    let mut text = match lang {
        Lang::Zh => format!(
            "{}：事件 {} 件，奖补 {} 笔，未奖补或待付 {} 件；合计 {} 元（奖补 {}，二次奖补 {}，追回 {}，冲回 {}，抵扣 {}）",
            run.policy.title,
            total("events"),
            total("awards"),
            total("refused"),
            money("amount"),
            money("amount_award"),
            money("amount_second"),
            money("amount_claw_back"),
            money("amount_replaced"),
            money("amount_team_share"),
        ),
        Lang::En => format!(
            "{}: {} events, {} awards, {} not paid; {} yuan (awards {}, second {}, clawed back {}, replaced {}, \
             offset {})",
            run.policy.title,
            total("events"),
            total("awards"),
            total("refused"),
            money("amount"),
            money("amount_award"),
            money("amount_second"),
            money("amount_claw_back"),
            money("amount_replaced"),
            money("amount_team_share"),
        ),
    };
    if run.record.simulation {
        text += lang.pick("\n政策为征求意见稿：全部结果为模拟", "\nA draft policy: every result is a simulation");
    }
    text += "\n\n";
    text += &treasuries(&run.outcome.lines, lang);
    text += &refusals(run, lang);
    if let Some(receipt) = receipt {
        text += &entered(receipt, lang);
    }
    if let Some(path) = &args.out {
        text += &format!("\n{}{}", lang.pick("结果工作簿：", "Workbook: "), path.display());
    }
    if let (Some(book), Some(first)) = (&args.book, run.outcome.awards.first()) {
        let hint = lang.pick("\n接下来可以试：", "\nTo try next:");
        text += &format!("{hint} dianzhi explain award {} --book {}", first.id, book.display());
    }
    out.say(text, || {
        json!({
            "policy": run.policy.id,
            "run": run.record,
            "period": done.period,
            "manifest_sha256": receipt.as_ref().map(|receipt| &receipt.manifest_sha256),
            "replaced": receipt.as_ref().map(|receipt| receipt.replaced),
            "dir": receipt.as_ref().map(|receipt| &receipt.dir),
            "workbook": args.out,
            "entries": super::settle::rows_json(&crate::awards::line_table(&run.outcome.lines)),
            "refusals": super::settle::rows_json(&crate::awards::refusal_table(&run.outcome.refusals)),
        })
    });
}

/// What each treasury pays.
fn treasuries(lines: &[Line], lang: Lang) -> String {
    let mut sums: BTreeMap<(&str, &str), BTreeMap<LineKind, i64>> = BTreeMap::new();
    for line in lines {
        let kinds = sums.entry((line.treasury_level.code(), &line.treasury)).or_default();
        let sum = kinds.entry(line.kind).or_default();
        *sum = sum.saturating_add(line.amount.0);
    }
    let mut grid = Grid::new(&[
        (lang.pick("出资财政", "Treasury"), Align::Left),
        (lang.pick("层级", "Level"), Align::Left),
        (lang.pick("奖补", "Awards"), Align::Right),
        (lang.pick("二次奖补", "Second"), Align::Right),
        (lang.pick("追回冲回", "Taken back"), Align::Right),
        (lang.pick("净额", "Net"), Align::Right),
    ]);
    for ((level, treasury), kinds) in sums {
        let fen = |kind| kinds.get(&kind).copied().unwrap_or_default();
        let (award, second) = (fen(LineKind::Award), fen(LineKind::Second));
        let back =
            kinds.iter().filter(|(kind, _)| kind.takes_back()).fold(0, |sum: i64, (_, fen)| sum.saturating_add(*fen));
        let net = award.saturating_add(second).saturating_add(back);
        let shown = [award, second, back, net].map(|fen| crate::money::Fen(fen).grouped());
        let mut cells = vec![treasury.to_owned(), word(level, lang).to_owned()];
        cells.extend(shown);
        grid.row(cells.iter().map(String::as_str).collect::<Vec<_>>());
    }
    grid.render()
}

/// Events that pay nothing, with the reason; the first few.
fn refusals(run: &AwardRun, lang: Lang) -> String {
    const SHOWN: usize = 10;
    let all = &run.outcome.refusals;
    let mut text = String::new();
    for refusal in all.iter().take(SHOWN) {
        let reason = &refusal.reason;
        text += &format!("\n  {} {} {}", refusal.event, reason.entry.code, reason.message(lang));
    }
    if all.len() > SHOWN {
        text += &match lang {
            Lang::Zh => format!("\n  ……共 {} 件", all.len()),
            Lang::En => format!("\n  … {} in all", all.len()),
        };
    }
    if text.is_empty() { text } else { format!("\n{}{text}\n", lang.pick("未奖补或待付：", "Not paid:")) }
}
