//! `dianzhi synth …`

use std::path::{Path, PathBuf};

use clap::Args;
use rust_decimal::Decimal;
use serde_json::json;

use super::progress::Progress;
use super::{Outcome, Output};
use crate::frame::write_table;
use crate::grouper::Grouper;
use crate::money::scaled;
use crate::problem::catalogue::{files, synth as codes};
use crate::problem::{Lang, Problem, Problems};
use crate::scheme::{Definition, RawTable};
use crate::synth::{City, Order, Period, claims};

/// Make plausible claims (模拟病例) for any scheme; the same seed gives the same bytes
#[derive(Debug, Args)]
pub struct SynthArgs {
    /// How many claims
    #[arg(long)]
    claims: u64,
    /// Grouping scheme: a folder, a .zip, an .xlsx, or demo
    #[arg(long)]
    scheme: PathBuf,
    /// Any whole number
    #[arg(long)]
    seed: u64,
    /// File to write: .csv or .parquet
    #[arg(long)]
    out: PathBuf,
    /// Month or year of discharge and settlement: 2026-03 or 2026
    #[arg(long, default_value = "2026-03")]
    period: String,
    /// Months from the beginning of the period, instead of its own
    #[arg(long)]
    months: Option<u32>,
    /// Register of institutions (CSV: fixmedins_code, level, and beds if known); the demonstration city without it
    #[arg(long, value_name = "FILE")]
    institutions: Option<PathBuf>,
    /// Share of rows that a reader must refuse
    #[arg(long, default_value = "0.01")]
    bad_share: String,
}

pub fn run(args: &SynthArgs, out: &Output) -> Outcome {
    let mut problems = Problems::new();
    let mut note = |problem: Problem| problems.push(problem);
    let period = Period::parse(&args.period, args.months).map_err(&mut note).ok();
    let bad_per_million = share(&args.bad_share).map_err(&mut note).ok();
    let city = register(args.institutions.as_deref()).map_err(|found| problems.append(found)).ok();
    let scheme = Definition::open(&args.scheme).map_err(|found| problems.append(found)).ok();
    let (Some(period), Some(bad_per_million), Some(city), Some((scheme, _))) = (period, bad_per_million, city, scheme)
    else {
        return Err(problems);
    };
    let grouper = Grouper::new(scheme);
    let order = Order { claims: args.claims, seed: args.seed, period, bad_per_million };
    let progress = Progress::new(out);
    progress.say("生成病例", "making claims");
    let made = claims(&grouper, &city, &order)?;
    write_table(&args.out, &made.table)?;
    progress.end();
    if let Some(warning) = made.warning() {
        out.warnings(&warning.into());
    }
    let (file, rows, bad) = (args.out.display().to_string(), made.table.rows(), made.bad_rows);
    let text = match out.lang {
        Lang::Zh => format!("{file}：{rows} 行（其中坏行 {bad}），{period}，种子 {}", args.seed),
        Lang::En => format!("{file}: {rows} rows ({bad} bad), {period}, seed {}", args.seed),
    };
    let value = json!({
        "file": file, "rows": rows, "bad_rows": bad, "period": period.to_string(), "seed": args.seed,
        "unreached": made.unreached,
    });
    out.say(text, || value);
    Ok(())
}

/// A share from 0 to 1 in parts of a million.
fn share(text: &str) -> Result<u32, Problem> {
    let share = text.parse::<Decimal>().ok().and_then(|share| scaled(share, 6));
    share
        .and_then(|parts| u32::try_from(parts).ok())
        .filter(|parts| *parts <= 1_000_000)
        .ok_or_else(|| Problem::new(&codes::NOT_A_SHARE).with("value", text))
}

fn register(path: Option<&Path>) -> Result<City, Problems> {
    let Some(path) = path else { return Ok(City::demo()) };
    let name = path.display().to_string();
    let bytes = std::fs::read(path)
        .map_err(|error| Problem::new(&files::CANNOT_READ).file(name.as_str()).with("reason", error))?;
    City::from_table(&RawTable::from_csv(&name, &bytes)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares() {
        assert_eq!(share("0.01"), Ok(10_000));
        assert_eq!(share("1"), Ok(1_000_000));
        for wrong in ["1.000001", "-0.1", "0.0000001", "1%", ""] {
            assert_eq!(share(wrong).unwrap_err().entry.code, "Y007", "{wrong}");
        }
    }
}
