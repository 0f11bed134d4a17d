//! `dianzhi group`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::progress::Progress;
use super::{Outcome, Output};
use crate::claims::{Mapping, ReadOptions, Rejects, StayBatch, read_stays};
use crate::frame::{Sink, write_table};
use crate::grouper::trace::Trace;
use crate::grouper::{Grouper, Status};
use crate::problem::catalogue::claims::NO_SUCH_CLAIM;
use crate::problem::{Lang, Problem, Problems};
use crate::scheme::Definition;
use crate::table::Table;

/// Group claims by a scheme: every row of the input comes out in order, with status, mdc, adrg and drg.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("result").required(true).multiple(true).args(["out", "trace"]))]
pub struct GroupArgs {
    /// Scheme: a folder of tables, a .zip, an .xlsx, or demo
    #[arg(long, value_name = "SCHEME")]
    scheme: PathBuf,
    /// Claims: .csv or .parquet, wide form; only setl_id, gend and diag_codes must be there
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    claims: Vec<PathBuf>,
    /// Where the grouped rows go: .csv or .parquet
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Mapping file for other headers and codes
    #[arg(long, value_name = "TOML")]
    mapping: Option<PathBuf>,
    /// The codes are of the clinical edition (国临版): translate them by the scheme's code maps first
    #[arg(long)]
    clinical: bool,
    /// Print why the claims with these setl_id got their groups
    #[arg(long, num_args = 1.., value_name = "SETL_ID")]
    trace: Vec<String>,
}

pub fn run(args: &GroupArgs, out: &Output) -> Outcome {
    let (definition, warnings) = Definition::open(&args.scheme)?;
    out.warnings(&warnings);
    let grouper = Grouper::new(definition);
    let mapping = args.mapping.as_deref().map_or_else(|| Ok(Mapping::default()), Mapping::load)?;
    let options = ReadOptions { mapping, ..ReadOptions::default() };
    let mut run = Run { args, grouper: &grouper, counts: BTreeMap::new(), traces: BTreeMap::new() };
    let mut sink = args.out.as_deref().map(Sink::create).transpose()?;
    let mut reader = read_stays(&args.claims, &options)?;
    let progress = Progress::counted(out);
    progress.say("分组", "grouping");
    for batch in reader.by_ref() {
        let batch = batch?;
        let grouped = run.group(&batch);
        if let Some(sink) = &mut sink {
            sink.write(&batch.batch, &grouped)?;
        }
        progress.add(grouped.rows() as u64);
    }
    progress.end();
    let (rejects, report) = reader.finish();
    sink.map(Sink::finish).transpose()?;
    out.warnings(&report.warnings);
    let rejects_file = run.write_rejects(&rejects)?;
    run.report(out, rejects_file.as_deref());
    run.missing_traces()
}

struct Run<'a> {
    args: &'a GroupArgs,
    grouper: &'a Grouper,
    counts: BTreeMap<Status, u64>,
    /// By setl_id; several rows may have one.
    traces: BTreeMap<String, Vec<Trace>>,
}

impl Run<'_> {
    /// The columns that grouping adds to a batch.
    fn group(&mut self, batch: &StayBatch) -> Table {
        let StayBatch { stays, unreadable, .. } = batch;
        let grouped = self.grouper.group_read(stays, unreadable, self.args.clinical);
        for outcome in self.grouper.outcomes_of(&grouped) {
            *self.counts.entry(outcome.status).or_default() += 1;
        }
        for wanted in &self.args.trace {
            let rows = (0..stays.setl_id.len()).filter(|&row| stays.setl_id.get(row) == wanted);
            let found: Vec<Trace> = rows.map(|row| self.grouper.explain(stays, row, self.args.clinical)).collect();
            if !found.is_empty() {
                self.traces.entry(wanted.clone()).or_default().extend(found);
            }
        }
        self.grouper.columns(&grouped)
    }

    /// Rows with a field that could not be read are listed beside the output.
    fn write_rejects(&self, rejects: &Rejects) -> Result<Option<PathBuf>, Problem> {
        let Some(out) = self.args.out.as_deref().filter(|_| !rejects.rows.is_empty()) else { return Ok(None) };
        let path = out.with_extension("rejects.csv");
        write_table(&path, &rejects.table())?;
        Ok(Some(path))
    }

    fn report(&self, out: &Output, rejects: Option<&Path>) {
        let rows: u64 = self.counts.values().sum();
        let mut lines: Vec<String> = Vec::new();
        for (id, traces) in &self.traces {
            if let several @ 2.. = traces.len() {
                lines.push(match out.lang {
                    Lang::Zh => format!("{id} 有 {several} 行，逐行解释如下："),
                    Lang::En => format!("{id} has {several} rows, each explained:"),
                });
            }
            lines.extend(traces.iter().map(|trace| trace.render(self.grouper, out.lang)));
        }
        lines.push(match out.lang {
            Lang::Zh => format!("分组方案 {}，共 {rows} 例", self.grouper.definition().options.name),
            Lang::En => format!("scheme {}, {rows} claims", self.grouper.definition().options.name),
        });
        for (status, count) in &self.counts {
            lines.push(format!("  {} {count}", out.lang.pick(status.chinese(), status.code())));
        }
        let files =
            [(("结果", "result"), self.args.out.as_deref()), (("无法读取的字段", "unreadable fields"), rejects)];
        for ((zh, en), file) in files {
            lines.extend(file.map(|file| format!("  {}: {}", out.lang.pick(zh, en), file.display())));
        }
        out.say(lines.join("\n"), || {
            let counts: BTreeMap<&str, u64> =
                self.counts.iter().map(|(status, count)| (status.code(), *count)).collect();
            json!({
                "scheme": self.grouper.definition().options.name,
                "claims": rows,
                "status": counts,
                "out": self.args.out,
                "rejects": rejects,
                "traces": self.traces.values().flatten().collect::<Vec<_>>(),
            })
        });
    }

    fn missing_traces(&self) -> Outcome {
        let wanted = self.args.trace.iter().filter(|id| !self.traces.contains_key(*id));
        let missing: Vec<Problem> = wanted.map(|id| Problem::new(&NO_SUCH_CLAIM).with("setl_id", id)).collect();
        Problems(missing).or(()).map(|_| ())
    }
}
