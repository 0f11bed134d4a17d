//! The `dianzhi` program: a file a command, each a thin layer over the library.

mod award;
mod book;
mod chinese;
mod demo;
mod explain;
mod fiscal;
mod group;
mod output;
mod policy;
mod progress;
mod recognize;
mod report;
mod scenario;
mod scheme;
mod settle;
mod synth;
mod template;
mod weights;

use clap::{Parser, Subcommand, ValueEnum};

use crate::problem::{Lang, Problems};
pub use output::{Output, problem_json};

/// DRG grouping, payment, settlement and fiscal incentives (点值).
#[derive(Debug, Parser)]
#[command(name = "dianzhi", version, propagate_version = true)]
pub struct Args {
    /// Language of messages: zh or en
    #[arg(long, global = true, value_enum, default_value_t = LangArg::Zh, env = "DIANZHI_LANG")]
    lang: LangArg,
    /// Results as JSON, for machines
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LangArg {
    Zh,
    En,
}

impl From<LangArg> for Lang {
    fn from(arg: LangArg) -> Lang {
        match arg {
            LangArg::Zh => Lang::Zh,
            LangArg::En => Lang::En,
        }
    }
}

/// Every command: `dianzhi COMMAND`.
#[derive(Debug, Subcommand)]
enum Command {
    /// Decide fiscal awards from filled-in forms (激励奖补)
    Award(award::AwardArgs),
    /// Look at, check, compare and close books of settled periods (账册)
    #[command(subcommand)]
    Book(book::BookCommand),
    /// Settle a month of an invented city with data that comes with the program (演示)
    Demo(demo::DemoArgs),
    /// Tell where a figure comes from: rule, numbers, article (解释)
    #[command(subcommand)]
    Explain(explain::ExplainCommand),
    /// Check what governments must spend on health (投入底线)
    Fiscal(fiscal::FiscalArgs),
    /// Group claims by a scheme (分组)
    Group(group::GroupArgs),
    /// Check, list and compare policy packs (政策包)
    #[command(subcommand)]
    Policy(policy::PolicyCommand),
    /// Pay for recognised exams of other institutions, into a book (检查检验结果互认)
    Recognize(recognize::RecognizeArgs),
    /// Make a page or workbook of a settled period or a scenario file (报告)
    Report(report::ReportArgs),
    /// What a settled period, awards or floors would be under other parameters (政策测算)
    Scenario(scenario::ScenarioArgs),
    /// Make synthetic claims for any scheme (模拟病例)
    Synth(synth::SynthArgs),
    /// Check, explain and compare grouping schemes (分组方案)
    #[command(subcommand)]
    Scheme(scheme::SchemeCommand),
    /// Settle claims into a book (结算)
    #[command(subcommand)]
    Settle(settle::SettleCommand),
    /// Make a workbook to fill in (填报模板)
    Template(template::TemplateArgs),
    /// Make weights of one or several years of claims (权重测算)
    Weights(weights::WeightsArgs),
}

/// What a command ends with: `Ok` is exit code 0; problems are listed and give exit code 1.
pub type Outcome = Result<(), Problems>;

/// Runs the program on the words of a command line (the first is the program's name) and returns the exit code:
/// 0 done, 1 the data or policy was refused or the answer could not be written, 2 wrong usage.
pub fn run<I, T>(words: I) -> i32
where
    I: IntoIterator<Item = T>,
    T: Into<std::ffi::OsString> + Clone,
{
    let words: Vec<std::ffi::OsString> = words.into_iter().map(Into::into).collect();
    let args = match Args::try_parse_from(&words) {
        Ok(args) => args,
        Err(error) => return chinese::tell(&error, &words),
    };
    let out = Output::new(args.lang.into(), args.json);
    let outcome: Outcome = match args.command {
        Command::Award(args) => award::run(&args, &out),
        Command::Book(command) => book::run(&command, &out),
        Command::Demo(args) => demo::run(&args, &out),
        Command::Explain(command) => explain::run(&command, &out),
        Command::Settle(command) => settle::run(&command, &out),
        Command::Fiscal(args) => fiscal::run(&args, &out),
        Command::Group(args) => group::run(&args, &out),
        Command::Policy(command) => policy::run(&command, &out),
        Command::Recognize(args) => recognize::run(&args, &out),
        Command::Report(args) => report::run(&args, &out),
        Command::Scenario(args) => scenario::run(&args, &out),
        Command::Synth(args) => synth::run(&args, &out),
        Command::Scheme(command) => scheme::run(&command, &out),
        Command::Template(args) => template::run(&args, &out),
        Command::Weights(args) => weights::run(&args, &out),
    };
    let mut code = 0;
    if let Err(problems) = outcome {
        out.problems(&problems);
        code = 1;
    }
    if let Some(problem) = output::unwritten(out.lang) {
        // Not to where JSON goes: that is what took nothing.
        Output::new(out.lang, false).problems(&problem.into());
        code = 1;
    }
    code
}
