//! The rows of a form as typed values, with a problem for each cell that cannot be one.

use std::cell::RefCell;
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::sheet::column_letters;
use super::{Field, Form, Kind, Lists, Sheet};
use crate::money::Fen;
use crate::problem::catalogue::workbook as w;
use crate::problem::{Entry, Problem, Problems};
use crate::text::closest;

/// A sheet read as a form.
pub struct Rows<'a> {
    form: &'a Form,
    sheet: &'a Sheet,
    lists: &'a Lists,
    /// The column of each field.
    columns: Vec<Option<usize>>,
    problems: RefCell<Problems>,
}

/// One row.
pub struct Row<'r, 'a> {
    rows: &'r Rows<'a>,
    number: u64,
    texts: &'a [String],
}

impl<'a> Rows<'a> {
    /// Finds the columns of the form. Unknown, repeated and missing ones are problems.
    pub fn new(form: &'a Form, sheet: &'a Sheet, lists: &'a Lists) -> Rows<'a> {
        let mut problems = Problems::new();
        let mut columns = vec![None; form.fields.len()];
        let at = |column: usize, problem: Problem| {
            let problem = problem.file(sheet.file.clone()).row(1);
            if sheet.has_cells { problem.column(format!("{}1", column_letters(column as u32))) } else { problem }
        };
        for (column, heading) in sheet.header.iter().enumerate() {
            let Some(field) = form.fields.iter().position(|field| field.is(heading)) else {
                let known = form.fields.iter().flat_map(|field| [&*field.zh, &*field.key]);
                let near = closest(heading, known).unwrap_or("-");
                problems
                    .push(at(column, Problem::new(&w::UNKNOWN_COLUMN).with("column", heading).with("closest", near)));
                continue;
            };
            if columns[field].replace(column).is_some() {
                problems.push(at(column, Problem::new(&w::COLUMN_TWICE).with("column", heading)));
            }
        }
        for (field, _) in form.fields.iter().zip(&columns).filter(|(field, at)| field.required && at.is_none()) {
            problems.push(Problem::new(&w::MISSING_COLUMN).with("column", &field.zh).file(sheet.file.clone()).row(1));
        }
        Rows { form, sheet, lists, columns, problems: RefCell::new(problems) }
    }

    /// The rows. Empty when a needed column is missing.
    pub fn iter(&self) -> impl Iterator<Item = Row<'_, 'a>> {
        let rows = if self.problems.borrow().has_errors() { &[][..] } else { &self.sheet.rows[..] };
        rows.iter().map(|(number, texts)| Row { rows: self, number: *number, texts })
    }

    /// What was wrong, the header first.
    #[must_use]
    pub fn into_problems(self) -> Problems {
        self.problems.into_inner()
    }
}

impl Row<'_, '_> {
    /// File and sheet, and the row in it.
    #[must_use]
    pub fn place(&self) -> (Arc<str>, u64) {
        (self.rows.sheet.file.clone(), self.number)
    }

    fn field(&self, key: &str) -> (usize, &Field) {
        let at = self.rows.form.field(key).expect("Invariant: code asks only for fields of the form");
        (at, &self.rows.form.fields[at])
    }

    /// A problem at the cell of a field.
    #[must_use]
    pub fn at(&self, key: &str, problem: Problem) -> Problem {
        let (at, field) = self.field(key);
        let (file, number) = self.place();
        let address = match self.rows.columns[at] {
            Some(column) if self.rows.sheet.has_cells => {
                format!("{}{number} {}", column_letters(column as u32), field.zh)
            }
            _ => field.zh.clone().into_owned(),
        };
        problem.file(file).row(number).column(address)
    }

    /// Tells a problem at the cell of a field.
    pub fn refuse(&self, key: &str, problem: Problem) {
        self.rows.problems.borrow_mut().push(self.at(key, problem));
    }

    fn bad<T>(&self, key: &str, entry: &'static Entry, value: &str) -> Option<T> {
        self.refuse(key, Problem::new(entry).with("value", value));
        None
    }

    /// The text of a field; empty when there is none. An empty cell that must be filled in is a problem.
    #[must_use]
    pub fn text(&self, key: &str) -> String {
        let (at, field) = self.field(key);
        let text = self.rows.columns[at].and_then(|column| self.texts.get(column)).map_or("", String::as_str);
        if text.is_empty() && field.required {
            self.refuse(key, Problem::new(&w::REQUIRED_CELL));
        }
        text.to_owned()
    }

    /// A text that is there.
    #[must_use]
    pub fn given(&self, key: &str) -> Option<String> {
        Some(self.text(key)).filter(|text| !text.is_empty())
    }

    #[must_use]
    pub fn date(&self, key: &str) -> Option<NaiveDate> {
        let text = self.given(key)?;
        parse_date(&text).or_else(|| self.bad(key, &w::BAD_DATE, &text))
    }

    /// An amount in yuan.
    #[must_use]
    pub fn money(&self, key: &str) -> Option<Fen> {
        let text = self.given(key)?;
        let plain = half_width(&text).replace(',', "");
        let Ok(fen) = plain.parse::<Fen>() else { return self.bad(key, &w::BAD_MONEY, &text) };
        if fen < Fen::ZERO && self.field(key).1.kind == Kind::Money {
            return self.bad(key, &w::NEGATIVE, &text);
        }
        Some(fen)
    }

    /// A plain decimal number; with a per-cent sign the hundredth of it.
    #[must_use]
    pub fn number(&self, key: &str) -> Option<Decimal> {
        let text = self.given(key)?;
        let plain = half_width(&text).replace(',', "");
        let (digits, percent) = plain.strip_suffix('%').map_or((plain.as_str(), false), |digits| (digits, true));
        let value =
            Decimal::from_str_exact(digits).ok().filter(|_| digits.bytes().all(|b| b"0123456789.-".contains(&b)));
        let value = value.and_then(|value| if percent { value.checked_div(Decimal::ONE_HUNDRED) } else { Some(value) });
        value.or_else(|| self.bad(key, &w::BAD_NUMBER, &text))
    }

    #[must_use]
    pub fn year(&self, key: &str) -> Option<i32> {
        let text = self.given(key)?;
        let digits = half_width(&text);
        let year = digits.trim_end_matches('年').parse::<i32>().ok().filter(|year| (1949..=2200).contains(year));
        year.or_else(|| self.bad(key, &w::BAD_YEAR, &text))
    }

    /// The code of a choice, written as code or label.
    #[must_use]
    pub fn choice(&self, key: &str) -> Option<String> {
        let text = self.given(key)?;
        let Kind::Choice(list) = self.field(key).1.kind else { return Some(text) };
        self.one_of(key, &text, self.rows.lists.get(list))
    }

    /// The code of `text` in a list; a problem when it is not there.
    pub fn one_of(&self, key: &str, text: &str, list: &[(String, String)]) -> Option<String> {
        let found = list.iter().find(|(code, label)| code == text || label == text);
        if let Some((code, _)) = found {
            return Some(code.clone());
        }
        let labels: Vec<&str> = list.iter().map(|(_, label)| label.as_str()).collect();
        let near = closest(text, labels.iter().copied()).unwrap_or("-");
        let problem = Problem::new(&w::NOT_IN_LIST).with("value", text).with("closest", near);
        self.refuse(key, problem.with("known", labels.join("、")));
        None
    }
}

/// `2026-03-31`, `2026/3/31`, `2026.3.31`, `2026年3月31日` or `20260331`.
fn parse_date(text: &str) -> Option<NaiveDate> {
    let text = half_width(text);
    let text = text.split([' ', 'T']).next().unwrap_or_default();
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return NaiveDate::parse_from_str(text, "%Y%m%d").ok();
    }
    let parts: Vec<&str> = text.trim_end_matches('日').split(['-', '/', '.', '年', '月']).collect();
    let [year, month, day] = parts.as_slice() else { return None };
    if year.len() != 4 {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// Full-width digits, letters and signs as their usual forms.
fn half_width(text: &str) -> String {
    let narrow = |c: char| match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    };
    text.chars().map(narrow).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_the_ways_people_write_them() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 5);
        for text in [
            "2026-03-05",
            "2026/3/5",
            "2026.3.5",
            "2026年3月5日",
            "20260305",
            "２０２６-０３-０５",
            "2026-03-05 00:00:00",
        ] {
            assert_eq!(parse_date(text), day, "{text}");
        }
        for text in ["2026-13-01", "26-03-05", "3/5/2026", "45000", "2026-02-30", "soon"] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }
}
