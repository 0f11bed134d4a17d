//! The result workbook of fiscal floors.

use super::{NamedSheet, Source, document, manifest_sheet, problem_sheet, section};
use crate::fiscal::{FloorLine, GovernmentSum, PlanLine, Policy, Standing, floor_table, government_table, plan_table};
use crate::problem::Lang;
use crate::report::Section;

/// A run to show.
#[derive(Clone, Copy, Debug)]
pub struct FloorView<'a> {
    pub policy: &'a Policy,
    pub lines: &'a [FloorLine],
    pub governments: &'a [GovernmentSum],
    pub plan: &'a [PlanLine],
    pub source: Source<'a>,
}

pub(super) const LINES: [(&str, &str, &str); 9] = [
    ("floor", "底线", "Floor"),
    ("title", "名称", "Title"),
    ("standing", "结果", "Standing"),
    ("required", "应达到(元)", "Required"),
    ("actual", "实际(元)", "Actual"),
    ("gap", "缺口(元)", "Gap"),
    ("cost", "补足所需(元)", "Cost"),
    ("formula", "算式或所缺数据", "Formula, or what is missing"),
    ("article", "依据", "Source"),
];

pub(super) const PLAN: [(&str, &str, &str); 7] = [
    ("government", "政府", "Government"),
    ("floor", "底线", "Floor"),
    ("title", "名称", "Title"),
    ("year", "年度", "Year"),
    ("gap", "不补足时的缺口(元)", "Gap if nothing is done"),
    ("extra", "当年增加投入(元)", "Spent on top"),
    ("left", "剩余缺口(元)", "Left"),
];

const GOVERNMENTS: [(&str, &str, &str); 7] = [
    ("government", "政府", "Government"),
    ("year", "年度", "Year"),
    ("met", "达标项", "Met"),
    ("short", "未达标项", "Short"),
    ("unknown", "缺数据项", "Unknown"),
    ("largest", "补足最少需(元)", "At least"),
    ("sum", "补足最多需(元)", "At most"),
];

/// Every column of the sheets, for whoever shows the tables elsewhere.
pub(super) const COLUMNS: &[&[(&str, &str, &str)]] =
    &[&LINES, &PLAN, &GOVERNMENTS, &[("level", "层级", "Level"), ("surplus", "超出(元)", "Surplus")]];

/// The sheets of the workbook.
#[must_use]
pub fn floor_documents(view: FloorView<'_>, lang: Lang) -> Vec<NamedSheet> {
    let mut sheets = vec![view.summary(lang), view.governments(lang), view.details(lang)];
    if !view.plan.is_empty() {
        sheets.push(view.plan(lang));
    }
    sheets.push(problem_sheet(&view.policy.title, view.source, lang));
    sheets.push(manifest_sheet(&view.policy.title, view.source, lang));
    sheets
}

impl FloorView<'_> {
    fn sheet(&self, (zh, en): (&str, &str), title: (&str, &str), sections: Vec<Section>, lang: Lang) -> NamedSheet {
        let mut sheet = document(lang.pick(title.0, title.1), &self.policy.title, self.source, lang);
        sheet.sections = sections;
        (lang.pick(zh, en).to_owned(), sheet)
    }

    fn summary(&self, lang: Lang) -> NamedSheet {
        let table = government_table(self.governments);
        let (name, sheet) = self.sheet(
            ("汇总", "Summary"),
            ("财政投入底线", "Fiscal floors"),
            vec![section(lang.pick("各级政府", "Governments"), &table, &GOVERNMENTS, lang)],
            lang,
        );
        let note = lang.pick(
            "同一笔投入可同时满足几条底线，所以补足全部底线所需在“最少”（最大一项）与“最多”（各项之和）之间。",
            "A yuan can count for several floors: closing all costs between the largest (at least) and the sum.",
        );
        (name, crate::report::Document { notes: vec![note.to_owned()], ..sheet })
    }

    fn governments(&self, lang: Lang) -> NamedSheet {
        let mut sections = Vec::new();
        for sum in self.governments {
            let own: Vec<FloorLine> = self
                .lines
                .iter()
                .filter(|line| line.government == sum.government && line.year == sum.year)
                .cloned()
                .collect();
            let heading = format!("{} {}", sum.government, sum.year);
            sections.push(section(&heading, &floor_table(&own, lang), &LINES, lang));
        }
        self.sheet(("按政府", "Governments"), ("按政府", "By government"), sections, lang)
    }

    fn details(&self, lang: Lang) -> NamedSheet {
        let keys = [("government", "政府", "Government"), ("level", "层级", "Level"), ("year", "年度", "Year")];
        let surplus = [("surplus", "超出(元)", "Surplus")];
        let columns: Vec<_> = keys.iter().chain(&LINES).chain(&surplus).copied().collect();
        let short: Vec<FloorLine> = self.lines.iter().filter(|line| line.standing != Standing::Met).cloned().collect();
        let sections = vec![
            section(lang.pick("未达标、缺数据", "Short or unknown"), &floor_table(&short, lang), &columns, lang)
                .with_totals(),
            section(lang.pick("全部底线", "All floors"), &floor_table(self.lines, lang), &columns, lang).with_totals(),
        ];
        self.sheet(("明细", "Details"), ("底线明细", "Every floor"), sections, lang)
    }

    fn plan(&self, lang: Lang) -> NamedSheet {
        let sections = vec![section("", &plan_table(self.plan), &PLAN, lang)];
        self.sheet(("分年补足", "Closing"), ("分年补足缺口", "Closing the gaps"), sections, lang)
    }
}
