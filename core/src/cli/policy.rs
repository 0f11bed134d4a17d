//! `dianzhi policy …`

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::{Value, json};

use super::output::problem_json;
use super::{Outcome, Output};
use crate::job::{PackFiles, Scheme};
use crate::policy::{Bundle, Difference, Outline, OutlinedRule, Status, differences, find_kind, open};
use crate::problem::{Lang, Problems};

/// What can be done with a policy pack: a .toml file, a folder of dated packs, or a pack that comes with the program.
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Find what is wrong with a pack, without claims; exit code 1 when it cannot be used
    Check {
        pack: PathBuf,
        /// The grouping scheme, for packs that read its tables; codes that it does not have are told
        #[arg(long)]
        scheme: Option<PathBuf>,
    },
    /// List the rules of a pack with their parameters, articles and placeholders
    Show {
        pack: PathBuf,
        /// Only rules with this in their name or kind
        rule: Option<String>,
        /// List every row of tables
        #[arg(long)]
        all: bool,
        /// The grouping scheme, to read tables of it
        #[arg(long)]
        scheme: Option<PathBuf>,
    },
    /// Tell what differs between two packs: rule, parameter, before, after, article
    Diff {
        before: PathBuf,
        after: PathBuf,
        /// The grouping scheme, to read tables of it
        #[arg(long)]
        scheme: Option<PathBuf>,
    },
}

pub fn run(command: &PolicyCommand, out: &Output) -> Outcome {
    match command {
        PolicyCommand::Check { pack, scheme } => check(pack, scheme.as_deref(), out),
        PolicyCommand::Show { pack, rule, all, scheme } => show(pack, rule.as_deref(), *all, scheme.as_deref(), out),
        PolicyCommand::Diff { before, after, scheme } => diff((before, after), scheme.as_deref(), out),
    }
}

fn scheme_of(path: Option<&Path>) -> Result<Option<Scheme>, Problems> {
    path.map(Scheme::read).transpose().map(|read| read.map(|(scheme, _)| scheme))
}

fn read(pack: &Path, scheme: Option<&Scheme>, sketch: bool) -> Result<Bundle, Problems> {
    let files = PackFiles::find(pack, scheme.map(|scheme| &scheme.source))?;
    // What is only looked at may name tables of a scheme that is not there.
    let files = if sketch && scheme.is_none() { files.without_scheme() } else { files };
    open(&files.packs.clone(), &files)
}

fn check(pack: &Path, scheme: Option<&Path>, out: &Output) -> Outcome {
    let scheme = scheme_of(scheme)?;
    let bundle = read(pack, scheme.as_ref(), false)?;
    let (set, mut notes) = bundle.compile(&[])?;
    // A pack of fiscal money is read by the commands of its kind; its rules are checked here all the same.
    bundle.fiscal(&[])?;
    if let Some(scheme) = &scheme {
        let definition = scheme.grouper.definition();
        let drgs: BTreeSet<&str> = definition.drgs.iter().map(|drg| drg.code.as_str()).collect();
        let adrgs: BTreeSet<&str> = definition.rules.iter().map(|rule| rule.adrg.as_str()).collect();
        let mdcs: BTreeSet<&str> = definition.mdcs.iter().map(|mdc| mdc.code.as_str()).collect();
        set.packs.iter().for_each(|pack| notes.append(pack.unknown_groups(&drgs, &adrgs, &mdcs)));
    }
    let packs = bundle.outlines();
    let mut lines: Vec<String> = packs.iter().map(|pack| headline(pack, out.lang)).collect();
    lines.extend(notes.0.iter().map(|note| note.render(out.lang)));
    let open =
        packs.iter().flat_map(|pack| &pack.rules).filter_map(|(name, rule)| Some((name, rule.placeholder.as_ref()?)));
    let open: Vec<(&String, &String)> = open.collect();
    if !open.is_empty() {
        lines.push(match out.lang {
            Lang::Zh => format!("占位参数（{} 条，使用前请逐条核实）：", open.len()),
            Lang::En => format!("Placeholders ({}, to be decided before use):", open.len()),
        });
    }
    lines.extend(open.iter().map(|(name, why)| format!("  {name}: {why}")));
    out.say(lines.join("\n"), || {
        json!({
            "packs": packs.iter().map(|pack| json!({ "id": pack.id, "rules": pack.rules.len() })).collect::<Vec<_>>(),
            "problems": notes.0.iter().map(problem_json).collect::<Vec<_>>(),
            "placeholders": open.iter().map(|(rule, why)| json!({ "rule": rule, "why": why })).collect::<Vec<_>>(),
        })
    });
    Ok(())
}

fn headline(pack: &Outline, lang: Lang) -> String {
    let from = pack.valid_from.map(|day| day.to_string()).unwrap_or_default();
    let to = pack.valid_to.map_or("∞".to_owned(), |day| day.to_string());
    let (id, title, place, rules) = (&pack.id, &pack.title, &pack.place, pack.rules.len());
    let status = match (pack.status, lang) {
        (Status::InForce, Lang::Zh) => "现行有效",
        (Status::InForce, Lang::En) => "in force",
        (Status::Draft, Lang::Zh) => "草案",
        (Status::Draft, Lang::En) => "draft",
    };
    match lang {
        Lang::Zh => format!("政策包 {id} 《{title}》 {place} {from} 至 {to}，{status}，{rules} 条规则"),
        Lang::En => format!("Pack {id} ({title}) {place} {from} … {to}, {status}, {rules} rules"),
    }
}

fn show(pack: &Path, wanted: Option<&str>, all: bool, scheme: Option<&Path>, out: &Output) -> Outcome {
    let packs = read(pack, scheme_of(scheme)?.as_ref(), true)?.outlines();
    let is_wanted = |name: &str, rule: &OutlinedRule| {
        wanted.is_none_or(|wanted| name.contains(wanted) || rule.kind.contains(wanted))
    };
    let mut lines = Vec::new();
    for pack in &packs {
        lines.push(headline(pack, out.lang));
        for (name, rule) in pack.rules.iter().filter(|(name, rule)| is_wanted(name, rule)) {
            lines.extend(described(name, rule, all, out.lang));
        }
    }
    out.say(lines.join("\n"), || {
        let rules = |pack: &Outline| {
            let wanted = pack.rules.iter().filter(|(name, rule)| is_wanted(name, rule));
            wanted.map(|(name, rule)| rule_json(name, rule)).collect::<Vec<_>>()
        };
        let one =
            |pack: &Outline| json!({ "id": pack.id, "title": pack.title, "place": pack.place, "rules": rules(pack) });
        json!({ "packs": packs.iter().map(one).collect::<Vec<_>>() })
    });
    Ok(())
}

/// Rows of a table that are shown without `--all`.
const FEW: usize = 8;

fn described(name: &str, rule: &OutlinedRule, all: bool, lang: Lang) -> Vec<String> {
    let words = find_kind(&rule.kind).map(|kind| lang.pick(kind.words.zh, kind.words.en)).unwrap_or_default();
    let mut lines = vec![format!("[{name}] {} {words}", rule.kind)];
    if rule.citation.is_some() {
        lines.push(format!("  {}{}", lang.pick("依据：", "basis: "), rule.basis()));
    }
    if let Some(why) = &rule.placeholder {
        lines.push(format!("  {}{why}", lang.pick("占位：", "placeholder: ")));
    }
    let in_table = |path: &&String| path.contains('[');
    let rows = rule.parameters.keys().filter(in_table).count();
    let few = rows <= FEW || all;
    let shown = rule.parameters.iter().filter(|(path, _)| few || !in_table(path));
    lines.extend(shown.map(|(path, value)| format!("  {path} = {value}")));
    if !few {
        lines.push(match lang {
            Lang::Zh => format!("  表中 {rows} 个数值（--all 全部列出）"),
            Lang::En => format!("  {rows} values of tables (--all lists them)"),
        });
    }
    lines
}

fn rule_json(name: &str, rule: &OutlinedRule) -> Value {
    json!({
        "rule": name,
        "kind": rule.kind,
        "stated_by": rule.pack,
        "document": rule.citation.as_ref().map(|own| &own.document),
        "number": rule.citation.as_ref().and_then(|own| own.number.as_ref()),
        "article": rule.citation.as_ref().map(|own| &own.article),
        "placeholder": rule.placeholder,
        "parameters": rule.parameters,
    })
}

fn diff((before, after): (&Path, &Path), scheme: Option<&Path>, out: &Output) -> Outcome {
    let scheme = scheme_of(scheme)?;
    let read = |path: &Path| Ok::<_, Problems>(read(path, scheme.as_ref(), true)?.outlines());
    let found = differences(&read(before)?, &read(after)?);
    let line = |one: &Difference| {
        let path = [one.rule.as_str(), one.parameter.as_str()];
        let path = path.into_iter().filter(|step| !step.is_empty()).collect::<Vec<_>>().join(".");
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "—".to_owned());
        let basis = if one.basis.is_empty() { String::new() } else { format!("  [{}]", one.basis) };
        format!("{path}: {} → {}{basis}", value(&one.before), value(&one.after))
    };
    let mut lines: Vec<String> = found.iter().map(line).collect();
    if lines.is_empty() {
        lines.push(out.lang.pick("两个政策包没有差别", "The packs do not differ").to_owned());
    }
    out.say(lines.join("\n"), || {
        let one = |one: &Difference| {
            json!({
                "rule": one.rule, "parameter": one.parameter, "before": one.before, "after": one.after,
                "basis": one.basis,
            })
        };
        json!({ "differences": found.iter().map(one).collect::<Vec<_>>() })
    });
    Ok(())
}
