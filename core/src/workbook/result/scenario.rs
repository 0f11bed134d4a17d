//! The result workbook of scenarios.

use std::collections::BTreeMap;

use super::{NamedSheet, Source, manifest_section, problem_section, section};
use crate::awards::InForce;
use crate::problem::Lang;
use crate::report::{Document, Section};
use crate::scenario::document::section as worded;
use crate::scenario::{Evaluation, Key, Kind, Measure, Purse, Results};
use crate::table::cell::plain;
use crate::table::{Table, Values};

/// Results to show.
#[derive(Clone, Copy, Debug)]
pub struct ScenarioView<'a> {
    pub title: &'a str,
    pub results: &'a Results,
    /// The tables of the study, by name.
    pub tables: &'a [(&'static str, Table)],
    /// What subjects are called.
    pub names: &'a BTreeMap<String, String>,
    /// How award rules read what their text leaves open.
    pub switches: &'a [InForce],
    pub source: Source<'a>,
}

/// Scenarios that have tables of their own by place; of more, the details hold all.
const SCENARIOS_MAX: usize = 60;

/// By what places are shown: purse, kind, measure.
const PLACES: [(Purse, Kind, Measure); 6] = [
    (Purse::Insurance, Kind::Place, Measure::Due),
    (Purse::Insurance, Kind::Place, Measure::Net),
    (Purse::Insurance, Kind::Consortium, Measure::Due),
    (Purse::Awards, Kind::Place, Measure::Amount),
    (Purse::Awards, Kind::Treasury, Measure::Amount),
    (Purse::Floors, Kind::Government, Measure::Cost),
];

/// The sheets of the workbook: summary, places, winners and losers, details, what else was asked, switches, problems,
/// manifest.
#[must_use]
pub fn scenario_documents(view: &ScenarioView<'_>, lang: Lang) -> Vec<NamedSheet> {
    let mut sheets = vec![view.summary(lang), view.places(lang)];
    for name in ["winners", "amounts", "numbers", "tornado", "percentiles", "drawn", "goals", "projection"] {
        sheets.extend(view.table(name, lang));
    }
    sheets.extend([view.switches(lang), view.problems(lang), view.manifest(lang)]);
    sheets
}

impl ScenarioView<'_> {
    fn document(&self, (zh, en): (&str, &str), sections: Vec<Section>, lang: Lang) -> NamedSheet {
        let fact = |zh, en, value: &str| (lang.pick(zh, en).to_owned(), value.to_owned());
        let nature = lang.pick("测算，不作付款依据", "a simulation, not to be paid by");
        let money = lang.pick("医保基金与财政资金分列，不得合计", "insurance and fiscal money are never summed");
        let facts =
            vec![fact("标题", "Title", self.title), fact("性质", "Nature", nature), fact("资金", "Money", money)];
        let name = lang.pick(zh, en).to_owned();
        (name.clone(), Document { title: name, facts, sections, ..Document::default() })
    }

    fn find(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|(own, _)| *own == name).map(|(_, table)| table)
    }

    fn summary(&self, lang: Lang) -> NamedSheet {
        let sections = self.find("scenarios").map(|table| worded("scenarios", table, &[], lang)).into_iter();
        self.document(("汇总", "Summary"), sections.collect(), lang)
    }

    /// A table as a sheet of its own; none where it is empty. Amounts stand by purse, each with its control totals.
    fn table(&self, name: &str, lang: Lang) -> Option<NamedSheet> {
        let table = self.find(name).filter(|table| table.rows() > 0)?;
        let mut whole = worded(name, table, &[], lang);
        let sheet = std::mem::take(&mut whole.heading);
        let sections = if matches!(name, "amounts" | "winners") {
            let by_purse = [Purse::Insurance, Purse::Awards, Purse::Floors].into_iter().map(|purse| {
                let rows: Vec<usize> = (0..table.rows())
                    .filter(|row| table.column("money").is_some_and(|v| plain(v, *row) == purse.code()))
                    .collect();
                let (zh, en) = purse.words();
                let heading = lang.pick(zh, en).to_owned();
                Section { heading, ..worded(name, &table.take(&rows), &[], lang).with_totals() }
            });
            by_purse.filter(|section| section.table.rows() > 0).collect()
        } else {
            vec![whole]
        };
        Some(self.document((&sheet, &sheet), sections, lang))
    }

    /// What each scenario changes by place, with control totals.
    fn places(&self, lang: Lang) -> NamedSheet {
        let own: Vec<&Evaluation> = self.results.points.iter().filter(|one| one.point.group.is_empty()).collect();
        let shown = own.iter().take(SCENARIOS_MAX);
        let sections = shown.flat_map(|one| PLACES.iter().filter_map(|kind| self.place_section(one, *kind, lang)));
        let (name, mut sheet) = self.document(("按地方", "Places"), sections.collect(), lang);
        if sheet.sections.is_empty() {
            sheet.notes.push(lang.pick("没有情景改变任何地方的金额。", "No scenario changes any place.").to_owned());
        }
        if own.len() > SCENARIOS_MAX {
            let more = lang.pick("只列前 60 个情景，其余见金额明细。", "The first 60 scenarios; the details hold all.");
            sheet.notes.push(more.to_owned());
        }
        (name, sheet)
    }

    /// A purse by place under a scenario; nothing where the scenario leaves it as it is.
    fn place_section(
        &self,
        one: &Evaluation,
        (purse, kind, measure): (Purse, Kind, Measure),
        lang: Lang,
    ) -> Option<Section> {
        let fits = |key: &Key| key.purse == purse && key.kind == kind && key.measure == measure;
        let rows: Vec<usize> = (0..self.results.keys.len()).filter(|at| fits(&self.results.keys[*at])).collect();
        let (before, after) = (|at: usize| self.results.baseline[at], |at: usize| one.values[at]);
        if rows.iter().all(|at| before(*at).unwrap_or_default() == after(*at).unwrap_or_default()) {
            return None;
        }
        let key = |at: &usize| &self.results.keys[*at];
        let name = |at: &usize| self.names.get(&key(at).subject).unwrap_or(&key(at).subject);
        let amount = |of: &dyn Fn(usize) -> i64| Values::money(rows.iter().map(|at| of(*at)));
        let table = Table::new()
            .with("subject", Values::keywords(rows.iter().map(name)))
            .with("part", Values::keywords(rows.iter().map(|at| key(at).part.as_str())))
            .with("baseline", amount(&|at| before(at).unwrap_or_default()))
            .with("value", amount(&|at| after(at).unwrap_or_default()))
            .with(
                "difference",
                amount(&|at| after(at).unwrap_or_default().saturating_sub(before(at).unwrap_or_default())),
            );
        let words = |(zh, en): (&'static str, &'static str)| lang.pick(zh, en);
        let mut section = worded("", &table, &[], lang).with_totals();
        let (purse, kind, measure) = (words(purse.words()), words(kind.words()), words(measure.words()));
        section.heading = format!("{} · {purse} · {kind} · {measure}", one.point.name);
        Some(section)
    }

    /// The readings in force, and the parameters that each scenario changes.
    fn switches(&self, lang: Lang) -> NamedSheet {
        let all = self.switches;
        let pick = |note: &crate::awards::Note| lang.pick(&note.zh, &note.en).to_owned();
        let table = Table::new()
            .with("switch", Values::keywords(all.iter().map(|one| &one.switch)))
            .with("rule", Values::keywords(all.iter().map(|one| &one.rule)))
            .with("question", Values::texts(all.iter().map(|one| pick(&one.question))))
            .with("reading", Values::keywords(all.iter().map(|one| &one.reading)))
            .with("meaning", Values::texts(all.iter().map(|one| pick(&one.meaning))))
            .with("default", Values::keywords(all.iter().map(|one| &one.default)));
        let columns = [
            ("switch", "开关", "Switch"),
            ("rule", "仅限规则", "Of one rule"),
            ("question", "问题", "Question"),
            ("reading", "采用的口径", "Reading"),
            ("meaning", "含义", "Meaning"),
            ("default", "缺省", "Default"),
        ];
        let own = self.results.points.iter().filter(|one| one.point.group.is_empty());
        let changes: Vec<(&str, String)> = own.map(|one| (one.point.name.as_str(), one.point.shown())).collect();
        let changed = Table::new()
            .with("scenario", Values::keywords(changes.iter().map(|row| row.0)))
            .with("changes", Values::texts(changes.iter().map(|row| &row.1)));
        let heads = [("scenario", "情景", "Scenario"), ("changes", "改变的参数", "Changes")];
        let mut sections =
            vec![section(lang.pick("各情景改变的参数与口径", "What each scenario changes"), &changed, &heads, lang)];
        if !all.is_empty() {
            let heading = lang.pick("基线采用的奖补口径", "Readings of award rules in the baseline");
            sections.push(section(heading, &table, &columns, lang));
        }
        self.document(("口径开关", "Switches"), sections, lang)
    }

    fn problems(&self, lang: Lang) -> NamedSheet {
        let warnings = self.source.warnings;
        let sections = if warnings.0.is_empty() { Vec::new() } else { vec![problem_section(warnings, lang)] };
        let (name, mut sheet) = self.document(("问题", "Problems"), sections, lang);
        if warnings.0.is_empty() {
            sheet.notes.push(lang.pick("没有发现问题。", "No problems were found.").to_owned());
        }
        (name, sheet)
    }

    fn manifest(&self, lang: Lang) -> NamedSheet {
        self.document(("清单", "Manifest"), vec![manifest_section(self.source, lang)], lang)
    }
}
