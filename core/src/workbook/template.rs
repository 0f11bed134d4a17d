//! Workbooks to fill in: a guide, a sheet a form with headings, drop-down lists and notes, an example, the lists.

use std::borrow::Cow;

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format, FormatBorder, Formula, Note,
    Workbook, Worksheet, XlsxError,
};

use super::sheet::column_letters;
use super::{Field, Form, Kind, Lists};
use crate::problem::Lang;

/// Rows that have drop-down lists.
const ROWS: u32 = 500;

/// A workbook in the making.
pub struct Template<'a> {
    pub title: &'a str,
    /// Lines of the guide.
    pub guide: &'a [&'a str],
    pub forms: &'a [&'a Form],
    pub lists: &'a Lists,
    /// Tables to look things up in: each a sheet before the examples, its first column offered where fields say so.
    pub reference: Option<&'a Reference>,
    pub lang: Lang,
}

/// A table to look things up in.
#[derive(Clone, Debug, Default)]
pub struct Reference {
    /// The list whose choices stand in the first column.
    pub list: &'static str,
    pub name: String,
    pub heads: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// Whether the sheets are empty or hold the example rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filled {
    Empty,
    Example,
}

impl Template<'_> {
    /// The bytes of the workbook. Equal templates give equal bytes.
    pub fn to_xlsx(&self, filled: Filled) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
        book.set_properties(&DocProperties::new().set_author("dianzhi").set_creation_datetime(&created));
        self.guide(book.add_worksheet())?;
        for form in self.forms {
            let sheet = book.add_worksheet();
            sheet.set_name(form.name(self.lang))?;
            self.form(sheet, form)?;
            let rows = if filled == Filled::Example { &form.examples } else { &form.starts };
            for (row, texts) in (1..).zip(&**rows) {
                self.write_row(sheet, row, form, texts)?;
            }
        }
        if let Some(reference) = self.reference {
            reference.write(book.add_worksheet())?;
        }
        if filled == Filled::Empty {
            self.examples(book.add_worksheet())?;
        }
        self.choices(book.add_worksheet())?;
        book.save_to_buffer()
    }

    fn guide(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        sheet.set_name(self.lang.pick("说明", "Guide"))?;
        sheet.set_column_width(0, 16)?.set_column_width(1, 100)?;
        sheet.write_string_with_format(0, 0, self.title, &Format::new().set_bold().set_font_size(14))?;
        let mut row = 2;
        for line in self.guide {
            sheet.write_string(row, 0, *line)?;
            row += 1;
        }
        row += 1;
        let bold = Format::new().set_bold();
        for form in self.forms {
            sheet.write_string_with_format(row, 0, form.name(self.lang), &bold)?;
            sheet.write_string(row, 1, self.lang.pick(&form.about, &form.about_en))?;
            row += 1;
        }
        Ok(())
    }

    fn form(&self, sheet: &mut Worksheet, form: &Form) -> Result<(), XlsxError> {
        sheet.set_freeze_panes(1, 0)?;
        for (column, field) in (0u16..).zip(&*form.fields) {
            self.write_head(sheet, 0, column, field)?;
            let note = self.lang.pick(&field.note, &field.note_en);
            let note = if field.required {
                format!("{}{note}", self.lang.pick("必填。", "Required. "))
            } else {
                note.to_owned()
            };
            if !note.is_empty() {
                sheet.insert_note(0, column, &Note::new(&note).add_author_prefix(false).set_author("dianzhi"))?;
            }
            let width = match self.lang {
                Lang::Zh => field.zh.chars().count() * 2 + 4,
                Lang::En => field.en.chars().count() + 4,
            };
            sheet.set_column_width(column, f64::from(u32::try_from(width.clamp(12, 30)).unwrap_or(12)))?;
            sheet.set_column_format(column, &column_format(field.kind))?;
            if let Some(check) = self.check(field, &note)? {
                sheet.add_data_validation(1, column, ROWS, column, &check)?;
            }
        }
        Ok(())
    }

    /// The drop-down list and the note of a column.
    fn check(&self, field: &Field, note: &str) -> Result<Option<DataValidation>, XlsxError> {
        let check = match field.kind {
            Kind::Choice(list) => {
                let Some(at) = self.lists.0.keys().position(|name| name == list) else { return Ok(None) };
                let letters = column_letters(at as u32);
                let last = self.lists.get(list).len() + 1;
                let range = format!("={}!${letters}$2:${letters}${last}", self.choices_sheet());
                let check = DataValidation::new().allow_list_formula(Formula::new(range));
                let pick = |zh, en| self.lang.pick(zh, en);
                check
                    .set_error_title(pick("不在可选项中", "Not a choice"))?
                    .set_error_message(pick("请从下拉列表中选择。", "Please choose from the list."))?
            }
            Kind::Offer(list) => {
                let Some(reference) = self.reference.filter(|reference| reference.list == list) else {
                    return Ok(None);
                };
                let range = format!("='{}'!$A$2:$A${}", reference.name, reference.rows.len() + 1);
                let check = DataValidation::new().allow_list_formula(Formula::new(range));
                check.set_error_style(DataValidationErrorStyle::Information)
            }
            Kind::Ref(form, key) => {
                let Some(other) = self.forms.iter().find(|other| other.key == form) else { return Ok(None) };
                let letters = column_letters(other.field(key).unwrap_or_default() as u32);
                let range = format!("='{}'!${letters}$2:${letters}${}", other.name(self.lang), ROWS + 1);
                let check = DataValidation::new().allow_list_formula(Formula::new(range));
                check.set_error_style(DataValidationErrorStyle::Information)
            }
            _ if note.is_empty() => return Ok(None),
            _ => DataValidation::new().allow_any_value(),
        };
        let title: String = field.name(self.lang).chars().take(30).collect();
        let message: String = note.chars().take(120).collect();
        Ok(Some(check.set_input_title(title)?.set_input_message(message)?))
    }

    fn examples(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        sheet.set_name(self.lang.pick("示例", "Examples"))?;
        let mut row = 0;
        for form in self.forms.iter().filter(|form| !form.examples.is_empty()) {
            sheet.write_string_with_format(
                row,
                0,
                form.name(self.lang),
                &Format::new().set_bold().set_font_size(12),
            )?;
            for (column, field) in (0u16..).zip(&*form.fields) {
                self.write_head(sheet, row + 1, column, field)?;
            }
            row += 2;
            for example in &*form.examples {
                self.write_row(sheet, row, form, example)?;
                row += 1;
            }
            row += 1;
        }
        Ok(())
    }

    fn choices(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        sheet.set_name(self.choices_sheet())?;
        for (column, (list, choices)) in (0u16..).zip(&self.lists.0) {
            let fields = self.forms.iter().flat_map(|form| form.fields.iter());
            let mut fields = fields.filter(|field| matches!(field.kind, Kind::Choice(name) if name == list));
            let head = fields.next().map_or(list.as_str(), |field| field.name(self.lang));
            sheet.write_string_with_format(0, column, head, &Format::new().set_bold())?;
            for (row, choice) in (1u32..).zip(choices) {
                sheet.write_string(row, column, self.word(choice))?;
            }
            sheet.set_column_width(column, 24)?;
        }
        Ok(())
    }

    fn choices_sheet(&self) -> &'static str {
        self.lang.pick("选项", "Choices")
    }

    /// A choice as it is offered; either way of writing it is read.
    fn word<'c>(&self, (code, label): &'c (String, String)) -> &'c str {
        self.lang.pick(label, code)
    }

    fn write_head(&self, sheet: &mut Worksheet, row: u32, column: u16, field: &Field) -> Result<(), XlsxError> {
        let head = Format::new().set_bold().set_border_bottom(FormatBorder::Thin);
        let head = if field.required { head.set_background_color(Color::RGB(0x00FF_F2CC)) } else { head };
        sheet.write_string_with_format(row, column, field.name(self.lang), &head)?;
        Ok(())
    }

    /// Writes texts as what their fields are: dates as dates, amounts as numbers.
    fn write_row(&self, sheet: &mut Worksheet, row: u32, form: &Form, texts: &[Cow<'_, str>]) -> Result<(), XlsxError> {
        let texts = texts.iter().map(|text| &**text);
        for ((column, field), text) in (0u16..).zip(&*form.fields).zip(texts).filter(|(_, text)| !text.is_empty()) {
            let format = column_format(field.kind);
            let number = text.parse::<f64>().ok();
            match (field.kind, number) {
                (Kind::Money | Kind::SignedMoney | Kind::Number | Kind::Year, Some(number)) => {
                    sheet.write_number_with_format(row, column, number, &format)?;
                }
                (Kind::Choice(list), _) => {
                    let choice = self.lists.get(list).iter().find(|(code, label)| code == text || label == text);
                    let word = choice.map_or(text, |choice| self.word(choice));
                    sheet.write_string_with_format(row, column, word, &format)?;
                }
                (Kind::Date, _) => {
                    let date = ExcelDateTime::parse_from_str(text)?;
                    sheet.write_datetime_with_format(row, column, &date, &format)?;
                }
                _ => {
                    sheet.write_string_with_format(row, column, text, &format)?;
                }
            }
        }
        Ok(())
    }
}

impl Reference {
    fn write(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        sheet.set_name(&self.name)?.set_freeze_panes(1, 0)?;
        let bold = Format::new().set_bold().set_border_bottom(FormatBorder::Thin);
        for (column, head) in (0u16..).zip(&self.heads) {
            sheet.write_string_with_format(0, column, head, &bold)?;
            sheet.set_column_width(column, if column == 0 { 70 } else { 26 })?;
        }
        for (row, texts) in (1u32..).zip(&self.rows) {
            for (column, text) in (0u16..).zip(texts) {
                sheet.write_string(row, column, text)?;
            }
        }
        Ok(())
    }
}

/// Texts stay texts: a code such as 0012 must not become the number 12.
fn column_format(kind: Kind) -> Format {
    Format::new().set_num_format(match kind {
        Kind::Text | Kind::Choice(_) | Kind::Offer(_) | Kind::Ref(..) => "@",
        Kind::Date => "yyyy-mm-dd",
        Kind::Money | Kind::SignedMoney => "#,##0.00",
        Kind::Number => "General",
        Kind::Year => "0",
    })
}
