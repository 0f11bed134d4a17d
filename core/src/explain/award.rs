//! Why an award is paid, or an event is not.

use super::rules::Rules;
use super::step::{Explanation, Step};
use crate::awards::switches;
use crate::ledger::{Book, Period};
use crate::problem::catalogue::books;
use crate::problem::{Lang, Problem, Problems};
use crate::table::Table;
use crate::table::cell::{plain, shown};
use crate::workbook::result::word;

/// Explains an award of a fiscal book by its number, the number of one of its entries, or the number of its event: the
/// steps to the amount, every entry of every year, and what later years took back. Of an event that was not paid, why.
///
/// # Errors
/// A book without it.
pub fn award(book: &Book, id: &str, period: Option<Period>, lang: Lang) -> Result<Explanation, Problems> {
    let years = years(book, period)?;
    explained(&years, id, lang)
}

/// As [`award`], of a run that is in no book.
///
/// # Errors
/// A run without it.
pub fn decision(run: &[(&str, Table)], simulation: bool, id: &str, lang: Lang) -> Result<Explanation, Problems> {
    let table = |name: &str| run.iter().find(|(own, _)| *own == name).map(|(_, table)| table.clone());
    let table = |name| table(name).unwrap_or_default();
    let (awards, entries, steps) = (table("awards"), table("award_entries"), table("award_steps"));
    let rules = Rules::new(table("award_rules"));
    let refusals = table("award_refusals");
    let year = Year { period: String::new(), simulation, awards, entries, steps, refusals, rules };
    explained(&[year], id, lang)
}

fn explained(years: &[Year], id: &str, lang: Lang) -> Result<Explanation, Problems> {
    let number = find_award(years, id);
    let mut explanation = match &number {
        Some(number) => of_award(years, number, lang),
        None => Explanation { title: format!("{}{id}", lang.pick("事件 ", "Event ")), ..Explanation::default() },
    };
    let refused = refusals(years, number.as_deref(), id, lang);
    if number.is_none() && refused.is_empty() {
        return Err(Problem::new(&books::NOT_IN_BOOK).with("what", id).into());
    }
    explanation.steps.extend(refused);
    if years.iter().any(|year| year.simulation) {
        let note = lang.pick("依据征求意见稿：为模拟结果，不得付款", "Rests on a draft: a simulation, not to be paid");
        explanation.notes.push(note.to_owned());
    }
    Ok(explanation)
}

/// The tables of one year.
struct Year {
    /// Nothing where the run is in no book.
    period: String,
    simulation: bool,
    awards: Table,
    entries: Table,
    steps: Table,
    refusals: Table,
    rules: Rules,
}

fn years(book: &Book, period: Option<Period>) -> Result<Vec<Year>, Problems> {
    let periods: Vec<Period> = match period {
        Some(period) => vec![book.info(period)?.period],
        None => book.periods().map(|info| info.period).collect(),
    };
    let mut years = Vec::new();
    for period in periods {
        let manifest = book.manifest(period)?;
        if !manifest.tables.contains_key("award_entries") {
            continue;
        }
        years.push(Year {
            period: period.to_string(),
            simulation: manifest.is_simulation(),
            awards: book.table(period, "awards")?,
            entries: book.table(period, "award_entries")?,
            steps: book.table(period, "award_steps")?,
            refusals: book.table(period, "award_refusals")?,
            rules: Rules::new(book.table(period, "award_rules")?),
        });
    }
    Ok(years)
}

fn text(table: &Table, column: &str, row: usize) -> String {
    table.column(column).map_or_else(String::new, |values| plain(values, row))
}

fn money(table: &Table, column: &str, row: usize) -> String {
    table.column(column).map_or_else(String::new, |values| shown(values, row))
}

/// The number of the award that a number of an award, entry or event stands for.
fn find_award(years: &[Year], id: &str) -> Option<String> {
    let in_column = |table: &Table, column: &str| {
        let row = table.find(column, id).first().copied()?;
        Some(text(table, "award", row))
    };
    let first = |of: &dyn Fn(&Year) -> Option<String>| years.iter().find_map(of);
    first(&|year| in_column(&year.awards, "award"))
        .or_else(|| first(&|year| in_column(&year.entries, "entry")))
        .or_else(|| first(&|year| in_column(&year.awards, "event")))
}

fn of_award(years: &[Year], number: &str, lang: Lang) -> Explanation {
    let mut out =
        Explanation { title: format!("{}{number}", lang.pick("奖补 ", "Award ")), ..Explanation::default() };
    for year in years {
        if let [row, ..] = year.awards.find("award", number)[..] {
            out.facts = facts(&year.awards, row, lang);
            out.notes.extend(readings(&text(&year.awards, "switches", row), lang));
        }
    }
    for year in years {
        out.steps.extend(steps(year, number, lang));
        out.steps.extend(entries(year, number, lang));
    }
    out
}

fn facts(awards: &Table, row: usize, lang: Lang) -> Vec<(String, String)> {
    let facts = [
        ("rule", "规则", "Rule"),
        ("event", "事件", "Event"),
        ("subject_name", "主体", "Subject"),
        ("subject", "主体编码", "Code"),
        ("grade", "等次", "Grade"),
        ("item", "项目", "Item"),
        ("place", "同级财政", "Treasury"),
        ("named", "认定日期", "Named"),
        ("year", "奖补年度", "Award year"),
        ("citation", "依据", "Source"),
    ];
    let mut all: Vec<(String, String)> =
        facts.map(|(name, zh, en)| (lang.pick(zh, en).to_owned(), text(awards, name, row))).into();
    for (name, zh, en) in [("gross", "标准", "By the tier table"), ("amount", "奖补金额", "Amount")] {
        let unit = lang.pick("元", "yuan");
        all.push((lang.pick(zh, en).to_owned(), format!("{} {unit}", money(awards, name, row))));
    }
    all.retain(|(_, value)| !value.is_empty());
    all
}

fn steps(year: &Year, number: &str, lang: Lang) -> Vec<Step> {
    let pack = year.rules.packs().into_iter().next().unwrap_or_default();
    let table = &year.steps;
    let rows = table.find("award", number).into_iter();
    rows.map(|row| {
        let note = text(table, lang.pick("step_zh", "step_en"), row);
        let rule = year.rules.get(&pack, &text(table, "rule", row));
        Step::new(note, money(table, "amount", row)).rules(rule)
    })
    .collect()
}

/// Each entry: from which treasury to whom, when, and what it takes back.
fn entries(year: &Year, number: &str, lang: Lang) -> Vec<Step> {
    let table = &year.entries;
    let rows = table.find("award", number).into_iter();
    rows.map(|row| {
        let cell = |column| text(table, column, row);
        let kind = word(&cell("kind"), lang).to_owned();
        let (treasury, payee, name) = (cell("treasury"), cell("payee"), cell("payee_name"));
        let what = match lang {
            Lang::Zh => format!("分录 {}：{treasury}财政 → {name}（{payee}），{kind}", cell("entry")),
            Lang::En => format!("entry {}: treasury of {treasury} → {name} ({payee}), {kind}", cell("entry")),
        };
        Step::new(what, money(table, "amount", row))
            .number(lang.pick("记入年度", "booked in"), &year.period)
            .number(lang.pick("期次", "phase"), cell("phase"))
            .number(lang.pick("可付日期", "payable on"), cell("payable_on"))
            .number(lang.pick("冲回分录", "takes back"), cell("corrects"))
            .number(lang.pick("口径", "readings"), cell("switches"))
            .number(lang.pick("依据", "source"), cell("citation"))
    })
    .collect()
}

/// The readings that decided, in words.
fn readings(decided: &str, lang: Lang) -> Vec<String> {
    let pairs = decided.split("; ").filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| {
            let switch = switches::ALL.iter().find(|switch| switch.name == name);
            let reading = switch.and_then(|switch| switch.readings.iter().find(|reading| reading.name == value));
            let words = match (switch, reading) {
                (Some(switch), Some(reading)) => format!(
                    "{}{}{}",
                    lang.pick(switch.zh, switch.en),
                    lang.pick("：", ": "),
                    lang.pick(reading.zh, reading.en)
                ),
                _ => String::new(),
            };
            format!("{} {name}={value}  {words}", lang.pick("口径", "reading")).trim_end().to_owned()
        })
        .collect()
}

/// Why an event was not paid, or not again. Of an award, only the latest year's word on its own event counts.
fn refusals(years: &[Year], award: Option<&str>, id: &str, lang: Lang) -> Vec<Step> {
    let mut steps = Vec::new();
    for year in years {
        let table = &year.refusals;
        for row in table.find("event", id) {
            // That it is in the book already is no news to who asks for the award.
            if award.is_some() && text(table, "code", row) == crate::problem::catalogue::awards::IN_BOOK.code {
                continue;
            }
            let cell = |column| text(table, column, row);
            let (code, reason) = (cell("code"), cell(lang.pick("reason_zh", "reason_en")));
            let what = match (lang, year.period.as_str()) {
                (Lang::Zh, "") => format!("不奖补或待付（{code}）：{reason}"),
                (Lang::En, "") => format!("not paid ({code}): {reason}"),
                (Lang::Zh, period) => format!("{period} 年不奖补或待付（{code}）：{reason}"),
                (Lang::En, period) => format!("{period}: not paid ({code}): {reason}"),
            };
            let pack = year.rules.packs().into_iter().next().unwrap_or_default();
            let step = Step::new(what, "")
                .number(lang.pick("主体", "subject"), cell("subject_name"))
                .number(lang.pick("口径", "readings"), cell("switches"));
            steps.push(step.rules(year.rules.get(&pack, &cell("rule"))));
        }
    }
    steps
}
