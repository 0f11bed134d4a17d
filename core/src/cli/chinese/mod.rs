//! Help and messages of wrong usage, in Chinese. The program's own texts are English doc comments beside the arguments;
//! their Chinese stands in `texts.toml`.

mod wrong;

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use clap::builder::{PossibleValue, Resettable, StyledStr};
use clap::{Arg, Command, CommandFactory};

use super::Args;
use crate::problem::Lang;
pub use wrong::Wrong;

const TEMPLATE: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}";

type Texts = BTreeMap<String, BTreeMap<String, String>>;

/// Tells why a command line was not taken, or its help, in the language it asks for. Returns the exit code.
pub fn tell(error: &clap::Error, words: &[OsString]) -> i32 {
    let printed = match language(words) {
        Lang::En => error.print(),
        Lang::Zh => in_chinese(words).map_or_else(|| error.print(), |error| error.print()),
    };
    // A failed print leaves nobody to tell.
    let _ = printed;
    if error.use_stderr() { 2 } else { 0 }
}

/// The help or the message that a command line ends with, in Chinese.
fn in_chinese(words: &[OsString]) -> Option<clap::error::Error<wrong::InChinese>> {
    command().try_get_matches_from(words).err().map(clap::Error::apply)
}

/// The language that a command line asks for, also where the rest of it is wrong.
fn language(words: &[OsString]) -> Lang {
    let after = |pair: &[OsString]| (pair[0] == "--lang").then(|| pair[1].clone());
    let joined = |word: &OsString| word.to_str()?.strip_prefix("--lang=").map(OsString::from);
    let asked = words.windows(2).find_map(after).or_else(|| words.iter().find_map(joined));
    match asked.or_else(|| std::env::var_os("DIANZHI_LANG")).as_deref().and_then(OsStr::to_str) {
        Some("en") => Lang::En,
        _ => Lang::Zh,
    }
}

/// The command line with Chinese texts.
fn command() -> Command {
    let texts: Texts = toml::from_str(include_str!("texts.toml")).expect("Invariant: the texts are valid TOML");
    let mut command = Args::command();
    // Adds the flags and the command of help, which have texts as well.
    command.build();
    translated(command, "dianzhi", &texts)
}

fn translated(command: Command, path: &str, texts: &Texts) -> Command {
    let own = texts.get(path);
    let text =
        |key: &str| own.and_then(|own| own.get(key)).or_else(|| texts["dianzhi"].get(key).filter(|_| global(key)));
    let about = match command.get_name() {
        "help" => "显示本说明，或某个命令的说明".to_owned(),
        _ => text("about").cloned().unwrap_or_default(),
    };
    let none = || Resettable::<StyledStr>::Reset;
    command
        .about(about)
        .long_about(none())
        .help_template(TEMPLATE)
        .subcommand_help_heading("命令")
        .subcommand_value_name("命令")
        .mut_args(|arg| {
            let help = match arg.get_id().as_str() {
                "help" => "显示本说明".to_owned(),
                "version" => "显示版本".to_owned(),
                id => text(id).map(|text| format!("{text}{}", choices(&arg))).unwrap_or_default(),
            };
            // What every command has comes last.
            let last = matches!(arg.get_id().as_str(), "lang" | "json" | "help" | "version");
            let arg = if last { arg.display_order(usize::MAX) } else { arg };
            let heading = if arg.is_positional() { "参数" } else { "选项" };
            let arg = arg.help(help).long_help(none()).help_heading(heading);
            arg.hide_possible_values(true).hide_default_value(true).hide_env(true)
        })
        .mut_subcommands(|sub| {
            let path = format!("{path} {}", sub.get_name());
            translated(sub, &path, texts)
        })
}

/// Options that every command has are told once.
fn global(id: &str) -> bool {
    matches!(id, "lang" | "json")
}

/// What an argument can be, and is without being given.
fn choices(arg: &Arg) -> String {
    let values: Vec<String> =
        arg.get_possible_values().iter().map(|value| PossibleValue::get_name(value).to_owned()).collect();
    let takes = arg.get_action().takes_values();
    let choices =
        if takes && !values.is_empty() { format!("（可选 {}）", values.join("、")) } else { String::new() };
    let default = arg.get_default_values().iter().filter_map(|value| value.to_str()).collect::<Vec<_>>().join(" ");
    let default = if takes && !default.is_empty() { format!("（缺省 {default}）") } else { String::new() };
    choices + &default
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn named(command: &Command, path: &str, all: &mut BTreeSet<(String, String)>) {
        all.insert((path.to_owned(), "about".to_owned()));
        for arg in command.get_arguments().filter(|arg| !matches!(arg.get_id().as_str(), "help" | "version")) {
            if path == "dianzhi" || !global(arg.get_id().as_str()) {
                all.insert((path.to_owned(), arg.get_id().to_string()));
            }
        }
        for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
            named(sub, &format!("{path} {}", sub.get_name()), all);
        }
    }

    #[test]
    fn every_command_and_argument_has_a_chinese_text() {
        let texts: Texts = toml::from_str(include_str!("texts.toml")).expect("the texts are valid TOML");
        let mut there = BTreeSet::new();
        named(&Args::command(), "dianzhi", &mut there);
        let told: BTreeSet<(String, String)> =
            texts.iter().flat_map(|(path, own)| own.keys().map(move |key| (path.clone(), key.clone()))).collect();
        assert_eq!(there, told);
        let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        assert!(texts.values().flat_map(BTreeMap::values).all(|text| chinese(text)));
    }

    fn words(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn wrong_usage_is_told_in_chinese() {
        let told = |line: &str| in_chinese(&words(line)).expect("the line is wrong").to_string();
        for (line, first) in [
            ("dianzhi nope", "错误：没有 nope 这个命令"),
            ("dianzhi book shwo b", "错误：没有 shwo 这个命令"),
            ("dianzhi book show b --perod 2026", "错误：没有 --perod 这个选项或参数"),
            ("dianzhi book show b", "错误：缺少必需的参数：--period <PERIOD>"),
            ("dianzhi book show b --period", "错误：--period <PERIOD> 缺少值"),
            (
                "dianzhi book show b --period march",
                "错误：--period <PERIOD> 的值 march 无效：月份写作 2026-03，年度写作 2026",
            ),
            ("dianzhi settle year --year 2026-03", "错误：--year <YEAR> 的值 2026-03 无效：须为年度，如 2026"),
            ("dianzhi --lang fr demo", "错误：--lang <LANG> 的值 fr 无效"),
            ("dianzhi book list a b", "错误：没有 b 这个选项或参数"),
            ("dianzhi award a --switch x --out b.xlsx", "错误：--switch <NAME=VALUE> 的值 x 无效：写作 名称=值"),
        ] {
            assert_eq!(told(line).lines().next(), Some(first), "{line}");
        }
        assert!(told("dianzhi book shwo b").contains("是否指：show"));
        assert!(told("dianzhi --lang fr demo").contains("可选：zh、en"));
        let help = told("dianzhi settle month --help");
        assert!(["Usage", "Options", "default", "possible", "Print"].iter().all(|word| !help.contains(word)), "{help}");
    }

    #[test]
    fn a_wrong_command_line_still_says_its_language() {
        assert_eq!(language(&words("dianzhi nope --lang en")), Lang::En);
        assert_eq!(language(&words("dianzhi --lang=en nope")), Lang::En);
        assert_eq!(language(&words("dianzhi --lang zh nope")), Lang::Zh);
    }
}
