//! The sheets of a scenario workbook.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::super::figures::{Kind as Subjects, Purse};
use super::super::file::{ChangeKind, Shaped, Side};
use super::super::measure::Measure;
use crate::awards::forms::FORMS;
use crate::policy::Shape;
use crate::policy::spec::Param;
use crate::workbook::{Field, Form, Kind, Lists, Notes, texts};

/// The forms of awards whose rows a template offers to add; a sheet of another form, 新增 and its name, is read as well.
pub const ADDED: [&str; 3] = ["events", "payments", "revocations"];

const NONE: Notes = ("", "");
const PATH: Kind = Kind::Offer("parameters");
const CHANGE: Kind = Kind::Choice("changes");
const NAME_NOTE: Notes = ("一行一个参数；同名的行合为一个", "A row a parameter; rows of one name belong together");
const PATH_NOTE: Notes = (
    "从下拉列表选择，或填“参数”表中的路径；* 表示任意行",
    "Choose from the list, or write a path as in the sheet Parameters; * stands for any row",
);
const CHANGE_NOTE: Notes = ("不填为“改为该值”", "Empty: it becomes the value");
const LIST_NOTE: Notes =
    ("几个值用、隔开，数中不要写千分位逗号", "Several values divided by ; and no commas in numbers");
const FIRST_NOTE: Notes = ("同名的行中填一次即可", "Once among the rows of a name is enough");

fn name() -> Field {
    Field::need(["name", "名称", "Name"], Kind::Text, NAME_NOTE)
}

fn path() -> Field {
    Field::need(["path", "参数", "Parameter"], PATH, PATH_NOTE)
}

fn change() -> Field {
    Field::may(["change", "变动方式", "Change"], CHANGE, CHANGE_NOTE)
}

fn number(names: [&'static str; 3]) -> Field {
    Field::may(names, Kind::Number, NONE)
}

fn list(names: [&'static str; 3]) -> Field {
    Field::may(names, Kind::Text, LIST_NOTE)
}

/// The columns of a figure that is looked at.
fn target() -> Vec<Field> {
    let measure = ("要看的指标，如结余、点值、金额", "The figure looked at: balance, point value, amount …");
    let subject = ("编码或名称；不填为全部", "A code or name; empty: all");
    vec![
        Field::may(["money", "资金", "Money"], Kind::Choice("moneys"), ("不填为医保基金", "Empty: insurance")),
        Field::may(
            ["kind", "主体类别", "Kind"],
            Kind::Choice("subject_kinds_seen"),
            ("不填为合计", "Empty: the total"),
        ),
        Field::may(["subject", "主体", "Subject"], Kind::Text, subject),
        Field::may(
            ["part", "分项", "Part"],
            Kind::Text,
            ("险种、池或年度；不填为全部", "Insurance type, pool or year"),
        ),
        Field::may(["measure", "指标", "Measure"], Kind::Choice("measures"), measure),
    ]
}

static BASELINE: LazyLock<Form> = LazyLock::new(|| {
    let about = (
        "与什么相比：账册与期间；或分组方案、政策包、病例；奖补与投入底线各为政策包和填报表。文件相对于本文件所在文件夹；demo 为程序自带的虚构数据。",
        "What is compared with: a book and a period, or scheme, policy and claims; awards, floors. demo is invented.",
    );
    let item = Field::need(["item", "项目", "Item"], Kind::Choice("baseline_items"), NONE);
    let note = ("病例文件、填报表有几个时一行一个，重复该项目", "Several files of an item: a row each");
    let fields = vec![item, Field::may(["value", "内容", "Content"], Kind::Text, note)];
    let examples: &[&[&'static str]] = &[
        &["title", "2026 年 3 月预算与奖补测算（虚构数据）"],
        &["period", "2026-03"],
        &["scheme", "demo"],
        &["policy", "demo"],
        &["claims", "demo"],
        &["awards_policy", "bazhong_awards"],
        &["awards_inputs", "demo"],
        &["floors_policy", "bazhong_fiscal"],
        &["floors_inputs", "demo"],
    ];
    let starts = ITEMS.iter().map(|(item, ..)| vec![Cow::Borrowed(*item)]).collect();
    Form { starts, ..Form::new(["baseline", "基线", "baseline"], about, fields, examples) }
});

/// What the baseline sheet may state.
pub(super) const ITEMS: [(&str, &str, &str); 12] = [
    ("title", "标题", "Title"),
    ("book", "账册", "Book"),
    ("period", "期间", "Period"),
    ("policy", "政策包", "Policy"),
    ("scheme", "分组方案", "Scheme"),
    ("claims", "病例文件", "Claims"),
    ("mapping", "字段映射文件", "Mapping"),
    ("clinical", "编码为国临版", "Clinical codes"),
    ("awards_policy", "奖补政策包", "Awards policy"),
    ("awards_inputs", "奖补填报表", "Awards forms"),
    ("floors_policy", "底线政策包", "Floors policy"),
    ("floors_inputs", "底线财政账户", "Floors accounts"),
];

static SCENARIO: LazyLock<Form> = LazyLock::new(|| {
    let about = (
        "一行一个参数的变动；同名的行是同一个情景。也可改填报表的单元格，如 events[E01].grade。",
        "A change of a parameter a row; rows of one name make a scenario. Cells of forms too: events[E01].grade.",
    );
    let fields = vec![
        name(),
        path(),
        change(),
        Field::need(["value", "值", "Value"], Kind::Text, ("数、文字或日期", "A number, a text or a date")),
        Field::may(["note", "说明", "Note"], Kind::Text, NONE),
    ];
    let examples: &[&[&'static str]] = &[
        &["预算增 5%", "rules.budget.table[*].fund_budget", "times", "1.05"],
        &["预付九成、界限收紧", "rules.prepay.share", "set", "0.9"],
        &["预付九成、界限收紧", "rules.high_line.bands[*].ratio", "times", "0.9"],
        &["三甲奖补 150 万", "rules.A8.tiers[*].yuan", "set", "1500000"],
        &["三星改四星", "events[E02].grade", "set", "四星"],
        &["卫生支出增 300 万", "accounts[巴州区/2025].health_spending", "plus", "3000000"],
    ];
    Form::new(["scenario", "情景", "scenarios"], about, fields, examples)
});

static REMOVE: LazyLock<Form> = LazyLock::new(|| {
    let about = ("某情景中不计填报表的哪些行，如没有发生的事件。", "Rows of forms that a scenario leaves out.");
    let row = ("该行的编号，如 E02；财政账户写 通江县/2025", "The number of the row, such as E02");
    let fields = vec![
        Field::need(["scenario", "情景", "Scenario"], Kind::Text, NONE),
        Field::need(["form", "填报表", "Form"], Kind::Choice("form_names"), NONE),
        Field::need(["row", "行", "Row"], Kind::Text, row),
    ];
    Form::new(["remove", "删除行", "remove rows"], about, fields, &[&["少一位专家", "events", "E04"]])
});

static GRID: LazyLock<Form> = LazyLock::new(|| {
    let about = ("各参数取值的全部组合，一行一个参数。", "Every combination of values, a parameter a row.");
    let fields = vec![
        name(),
        path(),
        change(),
        list(["values", "取值", "Values"]),
        number(["from", "起", "From"]),
        number(["to", "止", "To"]),
        number(["step", "步长", "Step"]),
    ];
    let examples: &[&[&'static str]] = &[
        &["预付与保证金", "rules.prepay.share", "", "", "0.85", "0.95", "0.05"],
        &["预付与保证金", "rules.deposit.share", "", "0.03、0.05"],
    ];
    Form::new(["grid", "网格", "grids"], about, fields, examples)
});

static TORNADO: LazyLock<Form> = LazyLock::new(|| {
    let about = ("逐个参数取低值与高值，看一个指标变动多少。", "One parameter at a time, low and high.");
    let mut fields = vec![name(), path(), change()];
    fields.extend([number(["low", "低值", "Low"]), number(["high", "高值", "High"])]);
    fields.extend(target());
    let examples: &[&[&'static str]] = &[
        &["敏感性", "rules.budget.table[*].fund_budget", "times", "0.95", "1.05", "", "pool", "310", "", "point_value"],
        &["敏感性", "rules.high_line.bands[*].ratio", "times", "0.9", "1.1"],
    ];
    Form::new(["tornado", "敏感性", "sensitivity"], about, fields, examples)
});

static DRAWS: LazyLock<Form> = LazyLock::new(|| {
    let about =
        ("按分布抽样（蒙特卡洛）；同一种子结果相同。", "Monte-Carlo draws; the same seed gives the same result.");
    let fields = vec![
        name(),
        Field::may(["count", "次数", "Draws"], Kind::Number, FIRST_NOTE),
        Field::may(["seed", "种子", "Seed"], Kind::Number, FIRST_NOTE),
        list(["percentiles", "分位数", "Percentiles"]),
        path(),
        change(),
        Field::need(["distribution", "分布", "Distribution"], Kind::Choice("distributions"), NONE),
        number(["low", "下限", "Low"]),
        number(["high", "上限", "High"]),
        number(["mean", "均值", "Mean"]),
        number(["sd", "标准差", "Deviation"]),
        number(["mode", "众数", "Mode"]),
        number(["median", "中位数", "Median"]),
        number(["sigma", "对数标准差", "Sigma"]),
        list(["values", "离散取值", "Values"]),
        list(["weights", "权数", "Weights"]),
        number(["digits", "小数位", "Decimals"]),
    ];
    let path = "rules.budget.table[*].fund_budget";
    let example = ["预算不确定", "20", "1", "", path, "times", "normal", "0.9", "1.1", "1", "0.03"];
    Form::new(["draws", "抽样", "draws"], about, fields, &[&example])
});

static GOAL: LazyLock<Form> = LazyLock::new(|| {
    let about = ("参数取何值时某指标达到目标。", "The value of a parameter at which a figure meets a target.");
    let mut fields = vec![name(), path(), change()];
    fields.extend([
        number(["low", "下限", "Low"]),
        number(["high", "上限", "High"]),
        number(["digits", "小数位", "Decimals"]),
    ]);
    fields.extend(target());
    fields.push(number(["value", "目标值", "Target"]));
    fields.push(Field::may(
        ["side", "在哪一侧", "Side"],
        Kind::Choice("sides"),
        ("不填为最接近", "Empty: the nearest"),
    ));
    let path = "rules.A8.tiers[*].yuan";
    let example =
        ["奖补不超 230 万", path, "", "0", "3000000", "0", "fiscal_awards", "", "", "", "amount", "2300000", "at_most"];
    Form::new(["goal", "目标求解", "goals"], about, fields, &[&example])
});

static PROJECTION: LazyLock<Form> = LazyLock::new(|| {
    let about = (
        "以后各年：病例数、例均费用、预算按年增长率变动；增长率写一个，或每年一个。",
        "The years to come by yearly rates of growth: one rate, or one for each year.",
    );
    let fields = vec![
        name(),
        Field::may(["years", "年数", "Years"], Kind::Number, FIRST_NOTE),
        list(["cases", "病例增长", "Cases"]),
        list(["cost", "费用增长", "Cost"]),
        list(["budget", "预算增长", "Budget"]),
        Field::may(
            ["path", "参数", "Parameter"],
            PATH,
            ("另有参数各年都变时填写", "A change that holds in every year"),
        ),
        change(),
        Field::may(["value", "值", "Value"], Kind::Text, NONE),
    ];
    Form::new(["projection", "多年预测", "projections"], about, fields, &[&["三年", "3", "2%", "3%", "5%、4%、4%"]])
});

/// A sheet of rows that scenarios add to a form: its columns after that of the scenario.
#[must_use]
pub fn added_form(form: &Form) -> Form {
    let about = "某情景中另外增加的行；列与填报表相同，另加一列情景名称。";
    let scenario = Field::need(["scenario", "情景", "Scenario"], Kind::Text, ("情景名称", "The name of the scenario"));
    let mut fields = vec![scenario];
    fields.extend(form.fields.iter().cloned());
    let event: &[&'static str] = &[
        "多一家三甲",
        "E09",
        "hospital_grade",
        "三级甲等",
        "",
        "H09",
        "平昌县人民医院",
        "institution",
        "平昌县",
        "public",
        "2025-10-01",
    ];
    Form {
        key: Cow::Owned(format!("add_{}", form.key)),
        zh: Cow::Owned(format!("新增{}", form.zh)),
        en: Cow::Owned(format!("add {}", form.en)),
        about: Cow::Borrowed(about),
        about_en: Cow::Borrowed("Rows that a scenario adds: the columns of the form after that of the scenario."),
        fields: Cow::Owned(fields),
        starts: Cow::Borrowed(&[]),
        examples: if form.key == "events" { texts(&[event]) } else { Cow::Borrowed(&[]) },
    }
}

/// The sheets, in the order of the workbook, with rows to add for `added`.
#[must_use]
pub fn forms(added: &[&Form]) -> Vec<Form> {
    let mut forms = vec![BASELINE.clone(), SCENARIO.clone()];
    forms.extend(added.iter().map(|form| added_form(form)));
    let others = [&REMOVE, &GRID, &TORNADO, &DRAWS, &GOAL, &PROJECTION];
    forms.extend(others.into_iter().map(|form| Form::clone(form)));
    forms
}

/// The choices of a word that the file has, with its Chinese.
fn words<T: Param>() -> Vec<(String, String)> {
    let Shape::Choice(choices) = T::SHAPE else { return Vec::new() };
    choices.iter().map(|choice| (choice.value.to_owned(), choice.words.zh.to_owned())).collect()
}

/// The choices of every sheet.
#[must_use]
pub fn lists() -> Lists {
    let owned = |code: &str, (zh, _): (&str, &str)| (code.to_owned(), zh.to_owned());
    let moneys = [Purse::Insurance, Purse::Awards, Purse::Floors].map(|purse| owned(purse.code(), purse.words()));
    let form_names = FORMS.iter().map(|form| (form.key.to_string(), form.zh.to_string()));
    let accounts = ("accounts".to_owned(), "财政账户".to_owned());
    Lists::default()
        .with("baseline_items", ITEMS.map(|(item, zh, _)| (item, zh)))
        .with("changes", words::<ChangeKind>())
        .with("distributions", words::<Shaped>())
        .with("sides", words::<Side>())
        .with("moneys", moneys)
        .with("subject_kinds_seen", Subjects::ALL.map(|kind| owned(kind.code(), kind.words())))
        .with("measures", Measure::ALL.iter().map(|measure| owned(measure.code(), measure.words())))
        .with("form_names", form_names.chain([accounts]))
}
