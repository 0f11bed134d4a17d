//! Changes of forms that were handed in: cells `events[E01].grade`, rows more `events[+]`, rows less `events[-]`.

use rust_decimal::{Decimal, RoundingStrategy};

use super::change::Move;
use crate::policy::node::{Node, Raw, parse_value, plain_decimal};
use crate::policy::{Change, name_fits};
use crate::text::closest;
use crate::workbook::{Form, Kind, Sheet};

/// Sheets, each with the number of its form.
pub(super) type Sheets = Vec<(usize, Sheet)>;

/// The end of a path that adds rows, and of one that takes rows away.
pub(super) const ADD: &str = "[+]";
pub(super) const REMOVE: &str = "[-]";

/// The forms of a side.
pub(super) struct Forms<'f>(pub Vec<&'f Form>);

/// What a change does to sheets.
#[derive(Debug, Default)]
pub(super) struct Edits {
    cells: Vec<Cell>,
    removed: Vec<(usize, usize)>,
    added: Sheets,
}

/// A cell and its new text. A column that the sheet lacks is added.
#[derive(Debug)]
struct Cell {
    sheet: usize,
    row: usize,
    heading: String,
    old: String,
    new: String,
}

/// A path of a form.
enum Target<'p> {
    Add,
    Remove,
    Cells { row: &'p str, field: &'p str },
}

impl Edits {
    /// The value that stands there already, if the change would change nothing.
    pub(super) fn same(&self) -> Option<&str> {
        let number = |text: &str| plain_decimal(&text.replace(',', ""));
        let same =
            |cell: &Cell| cell.old == cell.new || number(&cell.old).is_some_and(|old| Some(old) == number(&cell.new));
        let nothing = self.removed.is_empty() && self.added.iter().all(|(_, sheet)| sheet.rows.is_empty());
        (nothing && self.cells.iter().all(same)).then(|| self.cells.first().map_or("", |cell| cell.old.as_str()))
    }

    /// The rows that are added.
    pub(super) fn into_added(self) -> Sheets {
        self.added
    }

    /// Makes the change.
    pub(super) fn apply(self, sheets: &mut Sheets) {
        for Cell { sheet, row, heading, new, .. } in self.cells {
            let Sheet { header, rows, .. } = &mut sheets[sheet].1;
            let at = header.iter().position(|own| *own == heading).unwrap_or_else(|| {
                header.push(heading);
                header.len() - 1
            });
            let texts = &mut rows[row].1;
            if texts.len() <= at {
                texts.resize(at + 1, String::new());
            }
            texts[at] = new;
        }
        // From the last, so that the numbers of the others stay.
        for (sheet, row) in self.removed.into_iter().rev() {
            sheets[sheet].1.rows.remove(row);
        }
        sheets.extend(self.added);
    }
}

impl Forms<'_> {
    /// What a change does, or else the closest path.
    pub(super) fn find(&self, sheets: &Sheets, change: &Move) -> Result<Edits, Option<String>> {
        let Some((name, target)) = target(&change.path) else { return Err(self.nearest(sheets, &change.path)) };
        let Some(number) = self.0.iter().position(|form| form.is(name)) else {
            let near = closest(name, self.0.iter().map(|form| &*form.key));
            let near = near.map(|near| change.path.replacen(name, near, 1));
            return Err(near.or_else(|| self.nearest(sheets, &change.path)));
        };
        match target {
            Target::Add => self.add(number, change),
            Target::Remove => self.remove(sheets, number, change),
            Target::Cells { row, field } => {
                let edits = self.cells(sheets, number, (row, field), &change.change);
                edits.ok_or_else(|| self.nearest(sheets, &change.path))
            }
        }
    }

    fn cells(&self, sheets: &Sheets, number: usize, (row, field): (&str, &str), change: &Change) -> Option<Edits> {
        let form = self.0[number];
        let field = form.fields.iter().find(|own| own.is(field))?;
        let mut edits = Edits::default();
        for (sheet, (_, own)) in sheets.iter().enumerate().filter(|(_, (of, _))| *of == number) {
            let at = own.header.iter().position(|heading| field.is(heading));
            for (at_row, (_, texts)) in
                own.rows.iter().enumerate().filter(|(_, (_, texts))| named(form, own, texts, row))
            {
                let old = at.and_then(|at| texts.get(at)).cloned().unwrap_or_default();
                if let Some(new) = changed(&old, field.kind, change) {
                    let heading = at.map_or_else(|| field.key.to_string(), |at| own.header[at].clone());
                    edits.cells.push(Cell { sheet, row: at_row, heading, old, new });
                }
            }
        }
        (!edits.cells.is_empty()).then_some(edits)
    }

    /// Rows to add: tables by the names of fields.
    fn add(&self, number: usize, change: &Move) -> Result<Edits, Option<String>> {
        let form = self.0[number];
        let value =
            listed(change).ok_or_else(|| Some(format!("{}{ADD} = [{{ {} = … }}]", form.key, form.fields[0].key)))?;
        let mut sheet = Sheet { file: format!("{}{ADD}", form.key).into(), ..Sheet::default() };
        sheet.header = form.fields.iter().map(|field| field.key.to_string()).collect();
        for (row, node) in (1..).zip(&value) {
            let mut texts = vec![String::new(); form.fields.len()];
            for (key, value) in node.as_table().into_iter().flatten() {
                let Some(at) = form.fields.iter().position(|field| field.is(key)) else {
                    let known = form.fields.iter().flat_map(|field| [&*field.key, &*field.zh]);
                    return Err(closest(key, known).map(|near| format!("{}{ADD}.{near}", form.key)));
                };
                texts[at] = written(value);
            }
            sheet.rows.push((row, texts));
        }
        Ok(Edits { added: vec![(number, sheet)], ..Edits::default() })
    }

    /// Rows to take away, by their names. Each must be there.
    fn remove(&self, sheets: &Sheets, number: usize, change: &Move) -> Result<Edits, Option<String>> {
        let form = self.0[number];
        let names = listed(change).ok_or_else(|| Some(format!("{}{REMOVE} = [\"…\"]", form.key)))?;
        let mut edits = Edits::default();
        for name in names.iter().map(written) {
            let before = edits.removed.len();
            for (sheet, (_, own)) in sheets.iter().enumerate().filter(|(_, (of, _))| *of == number) {
                let rows = own.rows.iter().enumerate().filter(|(_, (_, texts))| named(form, own, texts, &name));
                edits.removed.extend(rows.map(|(row, _)| (sheet, row)));
            }
            if edits.removed.len() == before {
                let known = self.names(sheets, number);
                let near = closest(&name, known.iter().map(String::as_str));
                return Err(near.map(|near| format!("{}{REMOVE} = [{near:?}]", form.key)));
            }
        }
        edits.removed.sort_unstable();
        edits.removed.dedup();
        Ok(edits)
    }

    fn names(&self, sheets: &Sheets, number: usize) -> Vec<String> {
        let form = self.0[number];
        let own = sheets.iter().filter(|(of, _)| *of == number);
        own.flat_map(|(_, sheet)| sheet.rows.iter().map(|(_, texts)| row_name(form, sheet, texts).join("/"))).collect()
    }

    /// The closest path of a cell.
    fn nearest(&self, sheets: &Sheets, path: &str) -> Option<String> {
        let mut known = Vec::new();
        for (number, form) in self.0.iter().enumerate() {
            let fields = || form.fields.iter().map(|field| field.key.to_string());
            let rows = self.names(sheets, number).into_iter();
            known.extend(rows.flat_map(|row| fields().map(move |field| format!("{}[{row}].{field}", form.key))));
        }
        closest(path, known.iter().map(String::as_str)).map(str::to_owned)
    }
}

/// `FORM[+]`, `FORM[-]` or `FORM[ROW].FIELD`.
fn target(path: &str) -> Option<(&str, Target<'_>)> {
    if let Some(form) = path.strip_suffix(ADD) {
        return Some((form, Target::Add));
    }
    if let Some(form) = path.strip_suffix(REMOVE) {
        return Some((form, Target::Remove));
    }
    let (form, rest) = path.split_once('[')?;
    let (row, field) = rest.split_once("].")?;
    Some((form, Target::Cells { row, field }))
}

/// The items of a value: those of a list, or itself.
fn listed(change: &Move) -> Option<Vec<Node>> {
    let Change::Set(value) = &change.change else { return None };
    let node = parse_value(value, &change.path);
    let items = match &node.raw {
        Raw::List(items) => items.to_vec(),
        _ => vec![node],
    };
    let is_table = |item: &Node| item.as_table().is_some();
    let is_add = change.path.ends_with(ADD);
    items.iter().all(|item| is_table(item) == is_add).then_some(items)
}

/// A value as it would be written in a cell.
fn written(node: &Node) -> String {
    match &node.raw {
        Raw::Text(text) | Raw::Number(text) => text.trim().to_owned(),
        Raw::Flag(flag) => if *flag { "是" } else { "否" }.to_owned(),
        Raw::Date(date) => date.to_string(),
        Raw::List(_) | Raw::Table(_) => node.to_string(),
    }
}

/// The fields that name a row.
fn keys(form: &Form) -> &'static [&'static str] {
    match &*form.key {
        "events" => &["event_id"],
        "payments" => &["payment_id"],
        "joint" => &["event_id", "subject_id"],
        "history" => &["subject_id", "achievement", "grade", "item"],
        "successions" => &["subject_id", "predecessor"],
        "revocations" => &["event_id", "award_id", "subject_id", "achievement"],
        "indicators" => &["subject_id", "year", "indicator"],
        _ => &["government", "year"],
    }
}

/// The texts that name a row, without empty ones.
fn row_name<'t>(form: &Form, sheet: &Sheet, texts: &'t [String]) -> Vec<&'t str> {
    let text = |key: &&str| {
        let field = &form.fields[form.field(key)?];
        let at = sheet.header.iter().position(|heading| field.is(heading))?;
        texts.get(at).map(String::as_str).filter(|text| !text.is_empty())
    };
    keys(form).iter().filter_map(text).collect()
}

/// Whether a row has a name, in which `*` stands for any text. The first text of a name is enough.
fn named(form: &Form, sheet: &Sheet, texts: &[String], wanted: &str) -> bool {
    let name = row_name(form, sheet, texts);
    name.first().is_some_and(|first| name_fits(wanted, first)) || name_fits(wanted, &name.join("/"))
}

/// A cell after a change; `None` for a number that is none. Amounts keep two decimals, other numbers six.
fn changed(cell: &str, kind: Kind, change: &Change) -> Option<String> {
    let (digits, percent) = cell.strip_suffix('%').map_or((cell, false), |digits| (digits, true));
    let number = || plain_decimal(&digits.replace(',', ""));
    let new = match change {
        Change::Set(value) => return Some(written(&parse_value(value, "set"))),
        Change::Times(factor) => number()?.checked_mul(*factor)?,
        // The addend is a plain number, the cell in per cent.
        Change::Plus(addend) if percent => number()?.checked_add(addend.checked_mul(Decimal::ONE_HUNDRED)?)?,
        Change::Plus(addend) => number()?.checked_add(*addend)?,
    };
    let digits = if matches!(kind, Kind::Money | Kind::SignedMoney) { 2 } else { 6 };
    let rounded = new.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero);
    Some(format!("{}{}", rounded.normalize(), if percent { "%" } else { "" }))
}
