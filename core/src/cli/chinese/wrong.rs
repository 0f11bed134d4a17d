//! Wrong usage, told in Chinese.

use std::error::Error;
use std::fmt;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorFormatter, ErrorKind};

use crate::ledger::ParsePeriodError;

/// Why a word of the command line cannot be what it should be, in both languages; shown in English where the language
/// is not known.
#[derive(Clone, Copy, Debug)]
pub struct Wrong {
    pub zh: &'static str,
    pub en: &'static str,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.en)
    }
}

impl Error for Wrong {}

/// Messages of wrong usage in Chinese, with the same facts as the English ones.
pub struct InChinese;

impl ErrorFormatter for InChinese {
    fn format_error(error: &clap::error::Error<InChinese>) -> StyledStr {
        let mut text = format!("错误：{}\n", what(error));
        for (kind, before) in [
            (ContextKind::ValidValue, "可选"),
            (ContextKind::SuggestedArg, "是否指"),
            (ContextKind::SuggestedValue, "是否指"),
            (ContextKind::SuggestedSubcommand, "是否指"),
        ] {
            if let Some(values) = listed(error, kind) {
                text += &format!("  {before}：{values}\n");
            }
        }
        if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
            text += &format!("\n{}\n", usage.to_string().replacen("Usage: ", "用法：", 1));
        }
        StyledStr::from(text + "\n详细说明请加 --help。\n")
    }
}

/// What is wrong, in one sentence.
fn what(error: &clap::error::Error<InChinese>) -> String {
    let of = |kind| listed(error, kind).unwrap_or_default();
    let (arg, value) = (of(ContextKind::InvalidArg), of(ContextKind::InvalidValue));
    match error.kind() {
        ErrorKind::UnknownArgument => format!("没有 {arg} 这个选项或参数"),
        ErrorKind::InvalidSubcommand => format!("没有 {} 这个命令", of(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingRequiredArgument => format!("缺少必需的参数：{arg}"),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => "缺少命令".to_owned(),
        ErrorKind::ArgumentConflict => format!("{arg} 不能与 {} 同用，或不能重复", of(ContextKind::PriorArg)),
        ErrorKind::InvalidValue if value.is_empty() => format!("{arg} 缺少值"),
        ErrorKind::InvalidValue => format!("{arg} 的值 {value} 无效"),
        ErrorKind::ValueValidation => match reason(error) {
            Some(reason) => format!("{arg} 的值 {value} 无效：{reason}"),
            None => format!("{arg} 的值 {value} 无效"),
        },
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => format!("{arg} 的值太少"),
        ErrorKind::TooManyValues => format!("{arg} 的值太多：{value}"),
        ErrorKind::NoEquals => format!("{arg} 与其值之间须用 = 相连"),
        ErrorKind::InvalidUtf8 => "命令行中有不是 UTF-8 的文字".to_owned(),
        kind => kind.to_string(),
    }
}

/// Why a value is not taken, where its check says so in Chinese; numbers are checked by the parser.
fn reason(error: &clap::error::Error<InChinese>) -> Option<String> {
    let source = error.source()?;
    if let Some(wrong) = source.downcast_ref::<Wrong>() {
        return Some(wrong.zh.to_owned());
    }
    if source.is::<ParsePeriodError>() {
        return Some("月份写作 2026-03，年度写作 2026".to_owned());
    }
    if source.is::<std::num::ParseIntError>() {
        return Some("须为整数".to_owned());
    }
    Some(source.to_string())
}

/// The values of one kind of fact, joined.
fn listed(error: &clap::error::Error<InChinese>, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(value) => Some(value.clone()),
        ContextValue::Strings(values) => Some(values.join("、")),
        ContextValue::StyledStr(value) => Some(value.to_string()),
        ContextValue::StyledStrs(values) => Some(values.iter().map(ToString::to_string).collect::<Vec<_>>().join("、")),
        ContextValue::Number(value) => Some(value.to_string()),
        _ => None,
    }
    .filter(|text| !text.is_empty())
}
