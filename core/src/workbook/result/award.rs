//! The result workbook of award rules.

use std::collections::BTreeMap;

use super::{NamedSheet, Source, document, manifest_sheet, problem_sheet, section};
use crate::awards::{
    Alternative, Line, LineKind, Outcome, Policy, alternative_table, award_table, decided_table, in_place_table,
    line_table, refusal_table, switch_table,
};
use crate::problem::Lang;
use crate::report::Section;
use crate::table::{Table, Values};

/// A run to show.
#[derive(Clone, Copy, Debug)]
pub struct AwardView<'a> {
    pub policy: &'a Policy,
    pub outcome: &'a Outcome,
    pub alternatives: &'a [Alternative],
    pub source: Source<'a>,
}

/// What a subject, place, treasury or rule gets or pays.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    entries: i64,
    award: i64,
    second: i64,
    back: i64,
}

impl Sums {
    fn add(&mut self, line: &Line) {
        self.entries += 1;
        let sum = match line.kind {
            LineKind::Award => &mut self.award,
            LineKind::Second => &mut self.second,
            LineKind::ClawBack | LineKind::Replaced | LineKind::Offset => &mut self.back,
        };
        // Amounts of one run were summed before with every carry checked.
        *sum = sum.saturating_add(line.amount.0);
    }

    const fn net(self) -> i64 {
        self.award.saturating_add(self.second).saturating_add(self.back)
    }
}

const SUMS: [(&str, &str, &str); 5] = [
    ("entries", "分录数", "Entries"),
    ("award", "奖补(元)", "Awards (yuan)"),
    ("second", "二次奖补(元)", "Second awards (yuan)"),
    ("back", "追回冲回(元)", "Taken back (yuan)"),
    ("net", "净额(元)", "Net (yuan)"),
];

/// Lines summed by some texts of each, in the order of these texts.
fn summed<const N: usize>(lines: &[&Line], columns: [&str; N], key: impl Fn(&Line) -> [String; N]) -> Table {
    let mut sums: BTreeMap<[String; N], Sums> = BTreeMap::new();
    lines.iter().for_each(|line| sums.entry(key(line)).or_default().add(line));
    let mut table = Table::new();
    for (at, name) in columns.into_iter().enumerate() {
        table = table.with(name, Values::keywords(sums.keys().map(|key| &key[at])));
    }
    let money = |of: fn(&Sums) -> i64| Values::money(sums.values().map(of));
    table
        .with("entries", Values::ints(sums.values().map(|sum| sum.entries)))
        .with("award", money(|sum| sum.award))
        .with("second", money(|sum| sum.second))
        .with("back", money(|sum| sum.back))
        .with("net", money(|sum| sum.net()))
}

/// The sheets of the workbook.
#[must_use]
pub fn award_documents(view: AwardView<'_>, lang: Lang) -> Vec<NamedSheet> {
    let policy = view.policy.title.as_str();
    vec![
        view.summary(lang),
        view.places(lang),
        view.subjects(lang),
        view.details(lang),
        view.refusals(lang),
        view.switches(lang),
        problem_sheet(policy, view.source, lang),
        manifest_sheet(policy, view.source, lang),
    ]
}

impl AwardView<'_> {
    fn sheet(&self, (zh, en): (&str, &str), title: (&str, &str), sections: Vec<Section>, lang: Lang) -> NamedSheet {
        let mut sheet = document(lang.pick(title.0, title.1), &self.policy.title, self.source, lang);
        sheet.sections = sections;
        (lang.pick(zh, en).to_owned(), sheet)
    }

    fn lines(&self) -> Vec<&Line> {
        self.outcome.lines.iter().collect()
    }

    fn title(&self, rule: &str) -> String {
        let second = self.policy.second.as_ref().filter(|second| second.id == rule).map(|second| &second.title);
        self.policy.rule(rule).map(|rule| &rule.title).or(second).cloned().unwrap_or_default()
    }

    fn summary(&self, lang: Lang) -> NamedSheet {
        let lines = self.lines();
        let of = |heading: (&str, &str), table: &Table, keys: &[(&str, &str, &str)]| {
            let columns: Vec<_> = keys.iter().chain(&SUMS).copied().collect();
            section(lang.pick(heading.0, heading.1), table, &columns, lang).with_totals()
        };
        let treasury = summed(&lines, ["treasury_level", "treasury"], |line| {
            [line.treasury_level.code().to_owned(), line.treasury.clone()]
        });
        let rules = self.policy.rules.iter().map(|rule| rule.id.as_str());
        let order: Vec<&str> = rules.chain(self.policy.second.iter().map(|second| second.id.as_str())).collect();
        let by_rule = summed(&lines, ["order", "rule", "title", "citation"], |line| {
            let at = order.iter().position(|id| *id == line.rule).unwrap_or(order.len());
            [format!("{at:05}"), line.rule.clone(), self.title(&line.rule), line.citation.clone()]
        });
        let years = summed(&lines, ["year"], |line| [line.year.to_string()]);
        let sections = vec![
            of(
                ("各级财政负担", "What each treasury pays"),
                &treasury,
                &[("treasury", "财政", "Treasury"), ("treasury_level", "层级", "Level")],
            ),
            of(
                ("按规则", "By rule"),
                &by_rule,
                &[("rule", "规则", "Rule"), ("title", "名称", "Title"), ("citation", "依据", "Source")],
            ),
            of(("按奖补年度", "By award year"), &years, &[("year", "年度", "Year")]),
            self.second_cost(lang),
            self.reasons(lang),
        ];
        self.sheet(("汇总", "Summary"), ("激励奖补结果", "Awards"), sections, lang)
    }

    /// What the second award costs, and what it waits for.
    fn second_cost(&self, lang: Lang) -> Section {
        let in_place = &self.outcome.in_place;
        let mut places: BTreeMap<(&str, i32), [i64; 4]> = BTreeMap::new();
        for row in in_place {
            let sums = places.entry((row.place.as_str(), row.year)).or_default();
            let done = if row.in_place { row.due.0 } else { 0 };
            for (sum, fen) in sums.iter_mut().zip([row.due.0, row.paid.0, done, 0]) {
                *sum = sum.saturating_add(fen);
            }
        }
        for line in self.outcome.lines.iter().filter(|line| line.kind == LineKind::Second) {
            let sums = places.entry((line.payee_place.as_str(), line.year)).or_default();
            sums[3] = sums[3].saturating_add(line.amount.0);
        }
        let money = |at: usize| Values::money(places.values().map(|sums| sums[at]));
        let table = Table::new()
            .with("place", Values::keywords(places.keys().map(|key| key.0)))
            .with("year", Values::ints(places.keys().map(|key| key.1.into())))
            .with("due", money(0))
            .with("paid", money(1))
            .with("complete", money(2))
            .with("second", money(3));
        let columns = [
            ("place", "地方", "Place"),
            ("year", "年度", "Year"),
            ("due", "本级应到位(元)", "Due"),
            ("paid", "已到位(元)", "Paid"),
            ("complete", "其中全部到位的事项(元)", "Of items all in place"),
            ("second", "本次二次奖补(元)", "Second award of this run"),
        ];
        section(lang.pick("资金到位与市级二次奖补", "Money in place and the second award"), &table, &columns, lang)
            .with_totals()
    }

    /// How often each reason refused an event.
    fn reasons(&self, lang: Lang) -> Section {
        let mut counts: BTreeMap<&str, (i64, String)> = BTreeMap::new();
        for refusal in &self.outcome.refusals {
            let first = || (0, refusal.reason.message(lang));
            counts.entry(refusal.reason.entry.code).or_insert_with(first).0 += 1;
        }
        let table = Table::new()
            .with("code", Values::keywords(counts.keys()))
            .with("count", Values::ints(counts.values().map(|count| count.0)))
            .with("example", Values::texts(counts.values().map(|count| &count.1)));
        let columns =
            [("code", "代码", "Code"), ("count", "件数", "Events"), ("example", "原因（首例）", "Reason (first)")];
        section(lang.pick("不奖补或待付的原因", "Why events were not paid"), &table, &columns, lang)
    }

    fn places(&self, lang: Lang) -> NamedSheet {
        let lines = self.lines();
        let by_place = summed(&lines, ["payee_place"], |line| [line.payee_place.clone()]);
        let columns: Vec<_> = [("payee_place", "地方", "Place")].iter().chain(&SUMS).copied().collect();
        let heading = lang.pick("按获奖主体所在地", "By the place of the payees");
        let mut sections = vec![section(heading, &by_place, &columns, lang).with_totals()];
        let mut names: Vec<&str> = lines.iter().map(|line| line.payee_place.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        for place in names {
            let own: Vec<&Line> = lines.iter().copied().filter(|line| line.payee_place == place).collect();
            let keys = ["number", "title", "payee", "payee_name", "treasury"];
            let table = summed(&own, keys, |line| {
                let Line { award, rule, payee, payee_name, treasury, .. } = line;
                [award.clone(), self.title(rule), payee.clone(), payee_name.clone(), treasury.clone()]
            });
            let keys = [
                ("number", "奖励编号", "Award"),
                ("title", "名称", "Title"),
                ("payee_name", "获奖主体", "Payee"),
                ("treasury", "出资财政", "Treasury"),
            ];
            let columns: Vec<_> = keys.iter().chain(&SUMS).copied().collect();
            sections.push(section(place, &table, &columns, lang).with_totals());
        }
        let heading = lang.pick("资金到位明细", "Money in place, in detail");
        sections.push(section(heading, &in_place_table(&self.outcome.in_place), &IN_PLACE, lang).with_totals());
        self.sheet(("按地方", "Places"), ("按地方", "By place"), sections, lang)
    }

    fn subjects(&self, lang: Lang) -> NamedSheet {
        let table = summed(&self.lines(), ["payee_place", "payee_kind", "payee", "payee_name"], |line| {
            let kind = line.payee_kind.code().to_owned();
            [line.payee_place.clone(), kind, line.payee.clone(), line.payee_name.clone()]
        });
        let keys = [
            ("payee", "主体编码", "Subject"),
            ("payee_name", "主体名称", "Name"),
            ("payee_kind", "类型", "Kind"),
            ("payee_place", "地方", "Place"),
        ];
        let columns: Vec<_> = keys.iter().chain(&SUMS).copied().collect();
        let sections = vec![section("", &table, &columns, lang).with_totals()];
        self.sheet(("按主体", "Subjects"), ("按获奖主体", "By subject"), sections, lang)
    }

    fn details(&self, lang: Lang) -> NamedSheet {
        let outcome = self.outcome;
        let heads = [lang.pick("奖补", "Awards"), lang.pick("分录", "Entries")];
        let sections = vec![
            section(heads[0], &award_table(&outcome.awards), &AWARDS, lang).with_totals(),
            section(heads[1], &line_table(&outcome.lines), &ENTRIES, lang).with_totals(),
        ];
        self.sheet(("明细", "Details"), ("奖补与分录明细", "Awards and entries"), sections, lang)
    }

    fn refusals(&self, lang: Lang) -> NamedSheet {
        let sections = vec![section("", &refusal_table(&self.outcome.refusals), &refusals(lang), lang)];
        self.sheet(("未奖补", "Not paid"), ("未奖补或待付的事件", "Events not paid"), sections, lang)
    }

    fn switches(&self, lang: Lang) -> NamedSheet {
        let columns = [
            ("switch", "开关", "Switch"),
            ("rule", "仅限规则", "Of one rule"),
            (lang.pick("question_zh", "question_en"), "问题", "Question"),
            ("reading", "采用的口径", "Reading"),
            (lang.pick("meaning_zh", "meaning_en"), "含义", "Meaning"),
            ("default", "缺省", "Default"),
            ("entries", "决定的分录数", "Entries decided"),
            ("amount", "所涉金额(元)", "Their amount"),
            ("refused", "决定不奖补的事件数", "Events refused"),
            ("source", "文件原文与缺省的理由", "What the text leaves open"),
        ];
        let decided = [
            ("switch", "开关=口径", "Switch=reading"),
            ("entry", "分录或事件", "Entry or event"),
            ("kind", "种类", "Kind"),
            ("payee", "主体", "Subject"),
            ("amount", "金额(元)", "Amount"),
        ];
        // An amount can be decided by several switches: these columns do not add up to the total.
        let in_force = lang.pick("本次采用的口径", "Readings in force");
        let others = lang.pick("若改用其他口径（一次改一个）", "Under another reading, one at a time");
        let each = lang.pick("每个口径决定了哪些金额", "Which amounts each reading decided");
        let sections = vec![
            section(in_force, &switch_table(self.policy, self.outcome), &columns, lang),
            section(others, &alternative_table(self.outcome, self.alternatives, lang), &ALTERNATIVES, lang),
            section(each, &decided_table(self.outcome), &decided, lang),
        ];
        self.sheet(("口径开关", "Switches"), ("口径开关", "Switches"), sections, lang)
    }
}

const ALTERNATIVES: [(&str, &str, &str); 6] = [
    ("switch", "开关", "Switch"),
    ("reading", "改用", "Reading"),
    ("meaning", "含义", "Meaning"),
    ("total", "总额(元)", "Total"),
    ("change", "与本次之差(元)", "Difference"),
    ("note", "不能计算的原因", "Why it cannot be computed"),
];

pub(super) const IN_PLACE: [(&str, &str, &str); 7] = [
    ("scope", "奖励编号或地方年度", "Award, or place and year"),
    ("place", "地方", "Place"),
    ("year", "年度", "Year"),
    ("due", "应到位(元)", "Due"),
    ("paid", "已到位(元)", "Paid"),
    ("missing", "尚缺(元)", "Missing"),
    ("in_place", "全部到位", "In place"),
];

pub(super) const AWARDS: [(&str, &str, &str); 14] = [
    ("award", "奖励编号", "Award"),
    ("rule", "规则", "Rule"),
    ("event", "事件编号", "Event"),
    ("subject_name", "主体名称", "Subject"),
    ("grade", "等次", "Grade"),
    ("item", "项目", "Item"),
    ("place", "地方", "Place"),
    ("named", "认定日期", "Named"),
    ("year", "年度", "Year"),
    ("gross", "标准(元)", "By the tier table"),
    ("offset", "团队奖抵扣(元)", "Off by a team's award"),
    ("amount", "奖补(元)", "Amount"),
    ("switches", "起作用的口径", "Readings that decided"),
    ("citation", "依据", "Source"),
];

pub(super) const ENTRIES: [(&str, &str, &str); 14] = [
    ("entry", "分录", "Entry"),
    ("kind", "种类", "Kind"),
    ("payee", "主体编码", "Payee"),
    ("payee_name", "主体名称", "Name"),
    ("payee_place", "地方", "Place"),
    ("treasury", "出资财政", "Treasury"),
    ("phase", "期次", "Phase"),
    ("amount", "金额(元)", "Amount"),
    ("payable_on", "可付日期", "Payable on"),
    ("year", "年度", "Year"),
    ("corrects", "冲回的分录", "Takes back"),
    ("rule", "规则", "Rule"),
    ("citation", "依据", "Source"),
    ("switches", "起作用的口径", "Readings that decided"),
];

pub(super) fn refusals(lang: Lang) -> [(&'static str, &'static str, &'static str); 9] {
    [
        ("event", "事件编号", "Event"),
        ("rule", "规则", "Rule"),
        ("subject_name", "主体名称", "Subject"),
        ("item", "项目", "Item"),
        ("place", "地方", "Place"),
        ("named", "认定日期", "Named"),
        ("code", "代码", "Code"),
        (lang.pick("reason_zh", "reason_en"), "原因", "Reason"),
        ("switches", "起作用的口径", "Readings that decided"),
    ]
}

/// Every column of the sheets, for whoever shows the tables elsewhere.
pub(super) const COLUMNS: &[&[(&str, &str, &str)]] = &[
    &AWARDS,
    &ENTRIES,
    &IN_PLACE,
    &ALTERNATIVES,
    &SUMS,
    &[
        ("payee_kind", "主体类型", "Kind of subject"),
        ("achievement", "成果", "Achievement"),
        ("subject", "主体编码", "Subject"),
        ("code", "代码", "Code"),
        ("awarded", "奖补(元)", "Awards"),
        ("treasury_level", "出资层级", "Level of the treasury"),
        ("question_zh", "问题", "Question"),
        ("meaning_zh", "含义", "Meaning"),
        ("default", "缺省", "Default"),
        ("reason_zh", "原因", "Reason (Chinese)"),
        ("reason_en", "原因（英文）", "Reason"),
        ("simulation", "模拟", "Simulation"),
    ],
];
