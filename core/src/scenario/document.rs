//! Results for people: sheets of a workbook, and short tables on the screen.

use super::figures::{Kind, Purse};
use super::measure::Measure;
use crate::problem::Lang;
use crate::report::{Document, Section};
use crate::table::{Column, Table, Values};

/// The most rows of a table that the screen shows.
const ROWS_MAX: usize = 40;

type Words = (&'static str, &'static str, &'static str);

const TABLES: &[Words] = &[
    ("scenarios", "情景汇总", "Scenarios"),
    ("amounts", "金额明细", "Amounts"),
    ("numbers", "点值与数量", "Point values and counts"),
    ("winners", "得失", "Winners and losers"),
    ("tornado", "敏感性", "Sensitivity"),
    ("percentiles", "分位数", "Percentiles"),
    ("drawn", "抽样值", "Values drawn"),
    ("goals", "目标求解", "Goals"),
    ("projection", "多年预测", "Projection"),
];

const COLUMNS: &[Words] = &[
    ("scenario", "情景", "Scenario"),
    ("group", "组", "Group"),
    ("money", "资金", "Money"),
    ("measure", "指标", "Measure"),
    ("baseline", "基线", "Baseline"),
    ("value", "情景值", "Value"),
    ("difference", "差额", "Difference"),
    ("winners", "增加", "Winners"),
    ("losers", "减少", "Losers"),
    ("unchanged", "不变", "Unchanged"),
    ("gains_most", "增加最多", "Gains most"),
    ("gain", "增加额", "Gain"),
    ("loses_most", "减少最多", "Loses most"),
    ("loss", "减少额", "Loss"),
    ("changes", "参数变动", "Changes"),
    ("kind", "主体类别", "Kind"),
    ("subject", "主体", "Subject"),
    ("name", "名称", "Name"),
    ("part", "分项", "Part"),
    ("path", "参数", "Parameter"),
    ("low", "低值", "Low"),
    ("high", "高值", "High"),
    ("at_low", "取低值时", "At low"),
    ("at_high", "取高值时", "At high"),
    ("swing", "变动幅度", "Swing"),
    ("draw", "次", "Draw"),
    ("percentile", "分位", "Percentile"),
    ("year", "年度", "Year"),
    ("goal", "目标", "Goal"),
    ("target", "目标值", "Target"),
    ("answer", "求解值", "Answer"),
    ("reached", "结果值", "Reached"),
    ("outcome", "结论", "Outcome"),
    ("effect", "得失", "Effect"),
    ("change_pct", "变动（%）", "Change (%)"),
];

const OUTCOMES: &[Words] = &[
    ("exact", "恰好达到", "exact"),
    ("near", "最接近", "near"),
    ("out_of_reach", "达不到", "out of reach"),
    ("flat", "与参数无关", "flat"),
    ("not_monotone", "时升时降，无法求解", "not monotone"),
];

fn find(words: &'static [Words], name: &str, lang: Lang) -> Option<&'static str> {
    words.iter().find(|word| word.0 == name).map(|word| lang.pick(word.1, word.2))
}

/// The word for a code in a column of codes.
fn word(column: &str, code: &str, lang: Lang) -> Option<&'static str> {
    let pick = |(zh, en): (&'static str, &'static str)| lang.pick(zh, en);
    match column {
        "money" => {
            let purses = [Purse::Insurance, Purse::Awards, Purse::Floors];
            purses.into_iter().find(|purse| purse.code() == code).map(|purse| pick(purse.words()))
        }
        "effect" if code == "gains" => Some(lang.pick("增加", "gains")),
        "effect" if code == "loses" => Some(lang.pick("减少", "loses")),
        "outcome" => OUTCOMES.iter().find(|word| word.0 == code).map(|word| lang.pick(word.1, word.2)),
        "kind" => Kind::ALL.into_iter().find(|kind| kind.code() == code).map(|kind| pick(kind.words())),
        "measure" => Measure::find(code).map(|measure| pick(measure.words())),
        _ => None,
    }
}

/// What a table, a column or a code in one is called: `("table", "tornado")`, `("column", "swing")`,
/// `("measure", "due")`.
#[must_use]
pub fn called(what: &str, name: &str, lang: Lang) -> Option<&'static str> {
    match what {
        "table" => find(TABLES, name, lang),
        "column" => find(COLUMNS, name, lang),
        column => word(column, name, lang),
    }
}

/// A table with headings and words in the language of the reader.
#[must_use]
pub fn section(name: &str, table: &Table, columns: &[&str], lang: Lang) -> Section {
    let wanted = |column: &&Column| columns.is_empty() || columns.contains(&column.name.as_str());
    let worded = |column: &Column| {
        let values = match &column.values {
            Values::Keyword(texts) => Values::keywords((0..texts.len()).map(|row| {
                let code = texts.get(row);
                word(&column.name, code, lang).unwrap_or(code)
            })),
            other => other.clone(),
        };
        Column { name: column.name.clone(), values }
    };
    let table = Table { columns: table.columns.iter().filter(wanted).map(worded).collect() };
    let head = |column: &Column| find(COLUMNS, &column.name, lang).map_or_else(|| column.name.clone(), str::to_owned);
    let heads = table.columns.iter().map(head).collect();
    let heading = find(TABLES, name, lang).unwrap_or_default().to_owned();
    Section { heading, heads, table, totals: Vec::new() }
}

/// The short tables for the screen.
#[must_use]
pub fn screen(title: &str, tables: &[(&'static str, Table)], lang: Lang) -> Document {
    const SUMMARY: [&str; 8] = ["scenario", "money", "measure", "baseline", "value", "difference", "winners", "losers"];
    let mut sections = Vec::new();
    for (name, table) in tables.iter().filter(|(_, table)| table.rows() > 0) {
        let columns: &[&str] = match *name {
            "scenarios" => &SUMMARY,
            "amounts" | "numbers" | "drawn" | "winners" => continue,
            _ => &[],
        };
        let rows: Vec<usize> = (0..table.rows().min(ROWS_MAX)).collect();
        let mut short = section(name, &table.take(&rows), columns, lang);
        if table.rows() > ROWS_MAX {
            short.heading += &match lang {
                Lang::Zh => format!("（前 {ROWS_MAX} 行，共 {} 行）", table.rows()),
                Lang::En => format!(" (first {ROWS_MAX} of {} rows)", table.rows()),
            };
        }
        sections.push(short);
    }
    Document { title: title.to_owned(), sections, ..Document::default() }
}
