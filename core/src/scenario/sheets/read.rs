//! Filled-in sheets → a study. Every value goes through the reader of the scenario file, so that both forms mean the
//! same; whatever is wrong is told at its cell.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::edit::ADD;
use super::super::file::{
    Baseline, Draws, FiscalFiles, Goal, Grid, Number, Projection, Scenario, Study, Tornado, Value,
};
use super::Cells;
use crate::policy::node::{Keys, Node, Origin, Raw, parse_value, plain_decimal};
use crate::policy::spec::{Context, Field, Param, Shape};
use crate::problem::catalogue::{scenario as x, workbook as w};
use crate::problem::{Problem, Problems};
use crate::workbook::{Form, Kind, Lists, Row, Rows, Sheet};

/// The baseline alone, which says which packs the other sheets are about. Problems are told by [`read`].
#[must_use]
pub fn baseline(sheets: &[(usize, Sheet)], forms: &[Form], lists: &Lists) -> Option<Baseline> {
    let mut reading = Reading { lists, problems: Problems::new(), cells: Cells::default() };
    Some(reading.baseline(sheets, forms)?.1)
}

/// Reads a whole workbook. Warnings come with the result.
///
/// # Errors
/// Every cell that is wrong.
pub fn read(sheets: &[(usize, Sheet)], forms: &[Form], lists: &Lists) -> Result<(Study, Cells, Problems), Problems> {
    let mut reading = Reading { lists, problems: Problems::new(), cells: Cells::default() };
    let baseline = reading.baseline(sheets, forms);
    let scenario = reading.scenarios(sheets, forms);
    let grid = reading.groups::<Grid>(sheets, forms, "grid", Some("axis"));
    let tornado = reading.groups::<Tornado>(sheets, forms, "tornado", Some("input"));
    let draws = reading.groups::<Draws>(sheets, forms, "draws", Some("input"));
    let goal = reading.groups::<Goal>(sheets, forms, "goal", None);
    let projection = reading.projections(sheets, forms);
    let Reading { problems, cells, .. } = reading;
    if problems.has_errors() {
        return Err(problems);
    }
    let (title, baseline) = baseline.ok_or_else(|| Problem::new(&x::NO_BASELINE).with("what", "基线 (baseline)"))?;
    let study = Study {
        title,
        baseline,
        scenario: filled(scenario),
        grid: filled(grid),
        tornado: filled(tornado),
        draws: filled(draws),
        goal: filled(goal),
        projection: filled(projection),
    };
    Ok((study, cells, problems))
}

fn filled<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

struct Reading<'l> {
    lists: &'l Lists,
    problems: Problems,
    cells: Cells,
}

/// Rows of one name.
type Group<'g, 'r, 'a> = (String, Vec<&'g Row<'r, 'a>>);

/// The changes of rows by kind and path.
type Changes = [BTreeMap<String, Value>; 3];

impl Reading<'_> {
    /// Reads every sheet of a form.
    fn sheets(
        &mut self,
        sheets: &[(usize, Sheet)],
        forms: &[Form],
        key: &str,
        mut read: impl FnMut(&mut Self, &Form, &[Row<'_, '_>]),
    ) {
        for (form, sheet) in sheets.iter().map(|(at, sheet)| (&forms[*at], sheet)).filter(|(form, _)| form.key == key) {
            let lists = self.lists;
            let rows = Rows::new(form, sheet, lists);
            let read_rows: Vec<Row<'_, '_>> = rows.iter().collect();
            read(self, form, &read_rows);
            drop(read_rows);
            self.problems.append(rows.into_problems());
        }
    }

    fn baseline(&mut self, sheets: &[(usize, Sheet)], forms: &[Form]) -> Option<(Option<String>, Baseline)> {
        let mut items: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut seen = false;
        self.sheets(sheets, forms, "baseline", |reading, _, rows| {
            seen = true;
            for row in rows {
                let (Some(item), value) = (row.choice("item"), row.text("value")) else { continue };
                reading.cells.note("", &format!("baseline.{item}"), row, "value");
                if value.is_empty() {
                    continue;
                }
                let several = matches!(item.as_str(), "claims" | "awards_inputs" | "floors_inputs");
                if item == "clinical" && !matches!(value.as_str(), "是" | "否" | "true" | "false") {
                    row.refuse(
                        "value",
                        Problem::new(&w::NOT_IN_LIST)
                            .with("value", &value)
                            .with("closest", "是")
                            .with("known", "是、否"),
                    );
                }
                if !several && items.contains_key(&item) {
                    row.refuse("item", Problem::new(&w::TWICE).with("value", &item).with("row", "-"));
                }
                items.entry(item).or_default().push(value);
            }
        });
        let mut take = |item: &str| items.remove(item);
        let one = |values: Option<Vec<String>>| values.and_then(|values| values.into_iter().next());
        let title = one(take("title"));
        let mut fiscal = |policy: &str, inputs: &str| match (one(take(policy)), take(inputs)) {
            (None, None) => Ok(None),
            (Some(policy), Some(inputs)) => Ok(Some(FiscalFiles { policy, inputs })),
            (None, _) => Err(policy.to_owned()),
            (_, None) => Err(inputs.to_owned()),
        };
        let (awards, floors) = (fiscal("awards_policy", "awards_inputs"), fiscal("floors_policy", "floors_inputs"));
        for missing in [&awards, &floors].into_iter().filter_map(|side| side.as_ref().err()) {
            let problem = Problem::new(&x::NO_BASELINE).with("what", missing);
            self.problems.append(self.cells.locate(problem.into()));
        }
        let baseline = Baseline {
            book: one(take("book")),
            period: one(take("period")),
            scheme: one(take("scheme")),
            policy: one(take("policy")),
            claims: take("claims"),
            mapping: one(take("mapping")),
            clinical: one(take("clinical")).is_some_and(|text| matches!(text.as_str(), "是" | "true")),
            awards: awards.ok()?,
            floors: floors.ok()?,
        };
        seen.then_some((title, baseline))
    }

    /// Scenarios out of the rows of changes, the rows that are added and those that are removed, in this order.
    fn scenarios(&mut self, sheets: &[(usize, Sheet)], forms: &[Form]) -> Vec<Scenario> {
        let mut order: Vec<Scenario> = Vec::new();
        self.sheets(sheets, forms, "scenario", |reading, _, rows| {
            for (name, rows) in named(rows, "name") {
                let [set, times, plus] = reading.changes(&name, &rows);
                let scenario = of_name(&mut order, &name);
                scenario.note = scenario.note.take().or_else(|| rows.iter().find_map(|row| row.given("note")));
                scenario.set.get_or_insert_default().extend(set);
                for (all, new) in [(&mut scenario.times, times), (&mut scenario.plus, plus)] {
                    all.get_or_insert_default()
                        .extend(new.into_iter().filter_map(|(path, value)| Some((path, number(&value)?))));
                }
            }
        });
        for form in forms.iter().filter(|form| form.key.starts_with("add_")) {
            self.sheets(sheets, forms, &form.key, |reading, form, rows| {
                for row in rows {
                    reading.added(form, row, &mut order);
                }
            });
        }
        self.sheets(sheets, forms, "remove", |reading, _, rows| {
            for row in rows {
                let (Some(name), Some(form), Some(own)) = (row.given("scenario"), row.choice("form"), row.given("row"))
                else {
                    continue;
                };
                reading.cells.note(&name, &format!("{form}[-]"), row, "row");
                let rows = of_name(&mut order, &name).remove.get_or_insert_default().entry(form).or_default();
                rows.push(Value(text_node(&own, row)));
            }
        });
        order
    }

    /// A row that a scenario adds to a form. What its cells are worth is seen when it is put to the rules.
    fn added(&mut self, form: &Form, row: &Row<'_, '_>, order: &mut Vec<Scenario>) {
        let own = form.key.trim_start_matches("add_").to_owned();
        let mut keys = Keys::new();
        for field in form.fields.iter().skip(1) {
            if let Some(text) = row.given(&field.key) {
                keys.insert(field.key.to_string(), typed_node(&text, field.kind, row));
            }
        }
        let Some(name) = row.given("scenario") else { return };
        let rows = of_name(order, &name).add.get_or_insert_default().entry(own.clone()).or_default();
        rows.push(Value(Node { raw: Raw::Table(Arc::new(keys)), origin: origin(row) }));
        let number = rows.len();
        for field in form.fields.iter().skip(1) {
            self.cells.note(&name, &format!("{own}{ADD}{number}.{}", field.zh), row, &field.key);
        }
        self.cells.note(&name, &format!("{own}{ADD}"), row, "scenario");
    }

    /// `set`, `times` and `plus` of rows. A path twice is told.
    fn changes(&mut self, name: &str, rows: &[&Row<'_, '_>]) -> Changes {
        let mut changes = Changes::default();
        let mut seen = BTreeSet::new();
        for row in rows {
            let (path, value) = (row.given("path").map(|path| path_of(&path)), row.given("value"));
            let kind = row.choice("change").unwrap_or_else(|| "set".to_owned());
            let (Some(path), Some(value)) = (path, value) else { continue };
            self.cells.note(name, &path, row, "path");
            if !seen.insert((kind.clone(), path.clone())) {
                row.refuse("path", Problem::new(&w::TWICE).with("value", &path).with("row", "-"));
            }
            let node = value_node(&value, row);
            let at = ["set", "times", "plus"].iter().position(|own| *own == kind).unwrap_or_default();
            if at > 0 && number(&Value(node.clone())).is_none() {
                row.refuse("value", Problem::new(&w::BAD_NUMBER).with("value", &value));
            }
            changes[at].insert(path, Value(node));
        }
        changes
    }

    fn projections(&mut self, sheets: &[(usize, Sheet)], forms: &[Form]) -> Vec<Projection> {
        let mut projections = Vec::new();
        self.sheets(sheets, forms, "projection", |reading, form, rows| {
            for (name, rows) in named(rows, "name") {
                reading.cells.note(&name, "", rows[0], "name");
                let whole: Vec<&Row<'_, '_>> = rows.iter().copied().filter(|row| row.given("path").is_some()).collect();
                let changes = reading.changes(&name, &whole);
                let keys = head(form, &rows, Projection::FIELDS);
                let Some(mut projection) = record::<Projection>(form, &rows, None, keys) else { continue };
                let [set, times, plus] = changes;
                let numbers = |map: BTreeMap<String, Value>| -> BTreeMap<String, Number> {
                    map.into_iter().filter_map(|(path, value)| Some((path, number(&value)?))).collect()
                };
                (projection.set, projection.times, projection.plus) =
                    (Some(set), Some(numbers(times)), Some(numbers(plus)));
                projections.push(projection);
            }
        });
        projections
    }

    /// Records of a form: a row each, or the rows of a name with their own parts in a list.
    fn groups<T: Param>(&mut self, sheets: &[(usize, Sheet)], forms: &[Form], key: &str, list: Option<&str>) -> Vec<T> {
        let mut records = Vec::new();
        let Shape::Record(fields) = T::SHAPE else { return records };
        self.sheets(sheets, forms, key, |reading, form, rows| {
            let groups = match list {
                Some(_) => named(rows, "name"),
                None => rows.iter().filter_map(|row| Some((row.given("name")?, vec![row]))).collect(),
            };
            for (name, rows) in groups {
                for row in &rows {
                    if let Some(path) = row.given("path") {
                        reading.cells.note(&name, &path_of(&path), row, "path");
                    }
                }
                for part in ["money", "kind", "subject", "measure"].iter().filter(|part| form.field(part).is_some()) {
                    reading.cells.note(&name, &format!("target.{part}"), rows[0], part);
                }
                records.extend(record::<T>(form, &rows, list, head(form, &rows, fields)));
            }
        });
        records
    }
}

/// The rows of each name, in the order in which names come first.
fn named<'g, 'r, 'a>(rows: &'g [Row<'r, 'a>], key: &str) -> Vec<Group<'g, 'r, 'a>> {
    let mut groups: Vec<Group<'g, 'r, 'a>> = Vec::new();
    for row in rows {
        let Some(name) = row.given(key) else { continue };
        match groups.iter_mut().find(|(own, _)| *own == name) {
            Some((_, own)) => own.push(row),
            None => groups.push((name, vec![row])),
        }
    }
    groups
}

fn of_name<'o>(order: &'o mut Vec<Scenario>, name: &str) -> &'o mut Scenario {
    let at = order.iter().position(|scenario| scenario.name == name).unwrap_or_else(|| {
        let (name, note, set, times, plus) = (name.to_owned(), None, None, None, None);
        order.push(Scenario { name, note, set, times, plus, add: None, remove: None });
        order.len() - 1
    });
    &mut order[at]
}

/// What is said once for all rows of a name: the fields of the record itself, and of the target in it.
fn head(form: &Form, rows: &[&Row<'_, '_>], fields: &[Field]) -> Keys {
    let mut keys = Keys::new();
    for field in fields {
        if let Shape::Record(inner) = field.shape {
            let target = head(form, rows, inner);
            if !target.is_empty() {
                keys.insert(field.name.to_owned(), Node { raw: Raw::Table(Arc::new(target)), origin: origin(rows[0]) });
            }
        } else if form.field(field.name).is_some()
            && !matches!(field.shape, Shape::List(Shape::Record(_)) | Shape::Map(_))
        {
            let cells = rows.iter().filter_map(|row| Some((row, row.given(field.name)?)));
            let cells: Vec<_> = cells.collect();
            let Some((row, text)) = cells.first() else { continue };
            if let Some((other, own)) = cells.iter().find(|(_, own)| own != text) {
                let problem = Problem::new(&w::NOT_AS_ABOVE).with("value", own).with("other", text);
                other.refuse(field.name, problem.with("row", row.place().1));
            }
            keys.extend(cell_node(form, row, field).map(|node| (field.name.to_owned(), node)));
        }
    }
    keys
}

/// Reads a record as the scenario file is read; what is wrong is told at the cell it is about.
fn record<T: Param>(form: &Form, rows: &[&Row<'_, '_>], list: Option<&str>, mut keys: Keys) -> Option<T> {
    let Shape::Record(fields) = T::SHAPE else { return None };
    if let Some(list) = list {
        let inner = fields.iter().find(|field| field.name == list).map(|field| field.shape);
        let Some(Shape::List(Shape::Record(inner))) = inner else { return None };
        let item = |row: &&Row<'_, '_>| {
            let cells = inner.iter().filter(|field| form.field(field.name).is_some());
            let cells = cells.filter_map(|field| Some((field.name.to_owned(), cell_node(form, row, field)?)));
            Node { raw: Raw::Table(Arc::new(cells.collect())), origin: origin(row) }
        };
        let items = rows.iter().map(item).collect();
        keys.insert(list.to_owned(), Node { raw: Raw::List(Arc::new(items)), origin: origin(rows[0]) });
    }
    let node = Node { raw: Raw::Table(Arc::new(keys)), origin: origin(rows[0]) };
    let mut problems = Problems::new();
    let read = T::read(&node, &mut Context::new(&mut problems, ""));
    for problem in problems {
        let rule = problem.place.rule.clone().unwrap_or_default();
        let steps: Vec<&str> = rule.split('.').collect();
        let at = list.and_then(|list| steps.iter().position(|step| *step == list)).and_then(|at| steps.get(at + 1));
        let row = at.and_then(|at| rows.get(at.parse::<usize>().ok()?)).unwrap_or(&rows[0]);
        let missing = problem.args.iter().find(|(name, _)| *name == "key").map(|(_, key)| key.as_str());
        let key = steps.iter().rev().copied().chain(missing).find(|step| form.field(step).is_some());
        let key = missing.filter(|key| form.field(key).is_some()).or(key).unwrap_or("name");
        let (entry, args) = (problem.entry, problem.args.clone());
        row.refuse(key, Problem { entry, args, ..Problem::new(entry) });
    }
    read
}

/// A cell as the file would have it; `None` when it is empty, or wrong and told.
fn cell_node(form: &Form, row: &Row<'_, '_>, field: &Field) -> Option<Node> {
    let text = row.given(field.name)?;
    let kind = form.fields[form.field(field.name)?].kind;
    Some(match (field.shape, kind) {
        (_, Kind::Choice(_)) => text_node(&row.choice(field.name)?, row),
        (_, Kind::Offer(_)) => text_node(&path_of(&text), row),
        (Shape::List(_), _) => Node { raw: Raw::List(Arc::new(items(&text, row, field.name)?)), origin: origin(row) },
        (Shape::Number { .. } | Shape::Whole { .. }, _) => value_node(&text, row),
        _ => text_node(&text, row),
    })
}

/// The values of a cell. A comma could as well divide thousands, so that it is refused.
fn items(text: &str, row: &Row<'_, '_>, key: &str) -> Option<Vec<Node>> {
    if text.contains([',', '，']) {
        row.refuse(key, Problem::new(&w::BAD_LIST).with("value", text));
        return None;
    }
    let parts = text.split(['、', ';', '；', '|', '｜', '\n']).map(str::trim).filter(|part| !part.is_empty());
    Some(parts.map(|part| value_node(part, row)).collect())
}

/// A path as written, or out of a line of the drop-down list: `月度预算｜rules.budget…`.
fn path_of(text: &str) -> String {
    text.rsplit(['｜', '|']).next().unwrap_or(text).trim().to_owned()
}

fn origin(row: &Row<'_, '_>) -> Origin {
    let (file, line) = row.place();
    Origin { file, line }
}

fn text_node(text: &str, row: &Row<'_, '_>) -> Node {
    Node::text(text, &origin(row))
}

/// A cell of a row that is added, as a file would have it: dates and amounts are no texts.
fn typed_node(text: &str, kind: Kind, row: &Row<'_, '_>) -> Node {
    let typed = matches!(kind, Kind::Date | Kind::Money | Kind::SignedMoney | Kind::Number | Kind::Year);
    let node = value_node(text, row);
    if typed && matches!(node.raw, Raw::Date(_) | Raw::Number(_)) { node } else { text_node(text, row) }
}

/// A value as people write it: 1,000,000 and 5% are numbers; anything that a scenario file may say.
fn value_node(text: &str, row: &Row<'_, '_>) -> Node {
    let (digits, percent) = text.strip_suffix('%').map_or((text, false), |digits| (digits, true));
    let plain = digits.trim().replace(',', "");
    let number = plain_decimal(&plain).filter(|_| percent || thousands(digits.trim()));
    let number = number.and_then(|number| match percent {
        true => Some(number.checked_div(rust_decimal::Decimal::ONE_HUNDRED)?.normalize().to_string()),
        false => Some(plain.clone()),
    });
    let raw = number.map(|number| Raw::Number(number.into()));
    Node { raw: raw.unwrap_or_else(|| parse_value(text, "cell").raw), origin: origin(row) }
}

/// Whether commas, if any, stand where thousands are divided.
fn thousands(text: &str) -> bool {
    let whole = text.split('.').next().unwrap_or_default().trim_start_matches(['-', '+']);
    let groups: Vec<&str> = whole.split(',').collect();
    let well = groups.len() == 1 || (groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3));
    well && !text.split_once('.').is_some_and(|(_, rest)| rest.contains(','))
}

fn number(value: &Value) -> Option<Number> {
    let mut problems = Problems::new();
    Number::read(&value.0, &mut Context::new(&mut problems, ""))
}
