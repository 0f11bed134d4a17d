//! The scenario file: every key it may have.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::policy::node::{Node, parse, plain_decimal};
use crate::policy::spec::{Context, Param, Shape, Text, Whole, Words, choice, record};
use crate::problem::catalogue::policy as p;
use crate::problem::{Problem, Problems};

/// A value of a parameter: anything TOML can say.
#[derive(Clone, Debug, PartialEq)]
pub struct Value(pub Node);

impl Param for Value {
    const SHAPE: &'static Shape = &Shape::Text;
    fn read(node: &Node, _: &mut Context<'_>) -> Option<Value> {
        Some(Value(node.clone()))
    }
}

/// A decimal number of either sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number(pub Decimal);

impl Param for Number {
    const SHAPE: &'static Shape = &Shape::Number {
        min: "-1000000000000",
        max: Some("1000000000000"),
        digits: 12,
        unit: Words { zh: "数", en: "number" },
    };
    fn read(node: &Node, context: &mut Context<'_>) -> Option<Number> {
        let Some(written) = node.as_written() else {
            return context.wrong_type(node, "number");
        };
        match plain_decimal(written.trim()).filter(|number| number.scale() <= 12) {
            Some(number) => Some(Number(number)),
            None => context.refuse(&node.origin, Problem::new(&p::NOT_A_NUMBER).with("value", written)),
        }
    }
}

choice! {
    /// How a change meets the value it changes.
    ChangeKind {
        Set = "set", "改为该值", "becomes the value";
        Times = "times", "乘以该数", "is multiplied by it";
        Plus = "plus", "加上该数", "it is added";
    }
}

record! {
    /// What scenarios are compared with.
    Baseline {
        book: Text [optional], "已结算的账册文件夹", "folder of a book that has the period";
        period: Text [optional], "月份（2026-03）或年度（2026）", "a month (2026-03) or a year (2026)";
        scheme: Text [optional], "分组方案；无账册时必填", "grouping scheme; needed without a book";
        policy: Text [optional], "政策包；有账册时缺省为账册所存", "policy pack; with a book, by default the one it kept";
        claims: Vec<Text> [optional], "病例文件；无账册时必填", "files of claims; needed without a book";
        mapping: Text [optional], "字段映射文件", "mapping file for other headers and codes";
        clinical: bool [= "false"], "编码为国临版，先转换", "codes are of the clinical edition, translated first";
        awards: FiscalFiles [optional], "财政奖补", "fiscal awards";
        floors: FiscalFiles [optional], "财政投入底线", "fiscal floors";
    }
}

record! {
    /// A scenario by name.
    Scenario {
        name: Text [required], "名称", "name";
        note: Text [optional], "说明", "note";
        set: BTreeMap<String, Value> [optional], "路径 → 新值", "path → new value";
        times: BTreeMap<String, Number> [optional], "路径 → 乘数", "path → factor";
        plus: BTreeMap<String, Number> [optional], "路径 → 加数", "path → addend";
        add: BTreeMap<String, Vec<Value>> [optional], "填报表 → 增加的行", "form → rows to add";
        remove: BTreeMap<String, Vec<Value>> [optional], "填报表 → 删去的行的名称", "form → names of rows to take away";
    }
}

record! {
    /// A parameter of a grid and its values.
    Axis {
        path: Text [required], "路径", "path";
        change: ChangeKind [= "set"], "变动方式", "how it changes";
        values: Vec<Value> [optional], "取值", "the values";
        from: Number [optional], "起", "first value";
        to: Number [optional], "止（含）", "last value (inclusive)";
        step: Number [optional], "步长", "step";
    }
}

record! {
    /// Every combination of the values of its axes.
    Grid {
        name: Text [required], "名称", "name";
        axis: Vec<Axis> [required], "各参数的取值", "parameters and their values";
    }
}

choice! {
    /// A distribution of a parameter.
    Shaped {
        Uniform = "uniform", "均匀分布（low、high）", "uniform (low, high)";
        Normal = "normal", "截尾正态（mean、sd、low、high）", "truncated normal (mean, sd, low, high)";
        Triangular = "triangular", "三角分布（low、mode、high）", "triangular (low, mode, high)";
        Lognormal = "lognormal", "对数正态（median、sigma、low、high）", "lognormal (median, sigma, low, high)";
        Discrete = "discrete", "离散（values、weights）", "discrete (values, weights)";
    }
}

choice! {
    /// Which side of a target an answer may lie on.
    Side {
        Nearest = "nearest", "最接近目标值", "nearest to it";
        AtMost = "at_most", "不超过目标值", "not above it";
        AtLeast = "at_least", "不低于目标值", "not below it";
    }
}

record! {
    /// A figure of the results: the sum of all that fit.
    Target {
        money: Text [= "\"insurance\""],
            "资金：insurance、fiscal_awards、fiscal_floors",
            "money: insurance, fiscal_awards, fiscal_floors";
        kind: Text [= "\"total\""], "主体类别，如 total、pool、institution", "kind of subject: total, pool, institution …";
        subject: Text [optional], "主体；不写为全部", "subject; all without it";
        part: Text [optional], "分项（险种、池、年度）；不写为全部", "part (insurance type, pool, year); all without it";
        measure: Text [required], "指标，如 due、balance、net、amount", "measure: due, balance, net, amount …";
    }
}

record! {
    /// A parameter of a sensitivity table.
    Swing {
        path: Text [required], "路径", "path";
        change: ChangeKind [= "set"], "变动方式", "how it changes";
        low: Number [required], "低值", "low value";
        high: Number [required], "高值", "high value";
    }
}

record! {
    /// One parameter at a time, low and high.
    Tornado {
        name: Text [required], "名称", "name";
        target: Target [required], "所看的结果", "the figure looked at";
        input: Vec<Swing> [required], "各参数", "parameters";
    }
}

record! {
    /// A parameter that is drawn.
    Drawn {
        path: Text [required], "路径", "path";
        change: ChangeKind [= "set"], "变动方式", "how it changes";
        distribution: Shaped [required], "分布", "distribution";
        low: Number [optional], "下限（含）", "least value (inclusive)";
        high: Number [optional], "上限（含）", "greatest value (inclusive)";
        mean: Number [optional], "均值", "mean";
        sd: Number [optional], "标准差", "standard deviation";
        mode: Number [optional], "众数", "mode";
        median: Number [optional], "中位数", "median";
        sigma: Number [optional], "对数的标准差", "standard deviation of the logarithm";
        values: Vec<Number> [optional], "离散取值", "values";
        weights: Vec<Whole<0, 1_000_000_000>> [optional], "各取值的权数", "weights of the values";
        digits: Whole<0, 9> [= "4"], "抽样值的小数位", "decimals of a draw";
    }
}

record! {
    /// Monte-Carlo draws.
    Draws {
        name: Text [required], "名称", "name";
        count: Whole<1, 1_000_000> [required], "次数", "how many";
        seed: Whole<0, 9_000_000_000_000_000_000> [required],
            "种子；同一种子结果逐字节相同",
            "seed; the same seed gives the same bytes";
        percentiles: Vec<Whole<0, 100>> [= "[5, 25, 50, 75, 95]"], "分位数", "percentiles";
        input: Vec<Drawn> [required], "抽样的参数", "parameters drawn";
    }
}

record! {
    /// The value of a parameter that brings a figure to a target.
    Goal {
        name: Text [required], "名称", "name";
        path: Text [required], "路径", "path";
        change: ChangeKind [= "set"], "变动方式", "how it changes";
        low: Number [required], "下限（含）", "least value tried (inclusive)";
        high: Number [required], "上限（含）", "greatest value tried (inclusive)";
        digits: Whole<0, 9> [= "4"], "求解的小数位", "decimals of the answer";
        target: Target [required], "所看的结果", "the figure looked at";
        value: Number [required], "目标值（元；点值为元/点）", "its target (yuan; of a point value yuan a point)";
        side: Side [= "\"nearest\""], "答案在目标值的哪一侧", "the side the answer may lie on";
    }
}

record! {
    /// The years to come.
    Projection {
        name: Text [required], "名称", "name";
        years: Whole<1, 30> [required], "年数", "how many years";
        cases: Vec<Number> [= "[0]"], "病例数年增长率（一个，或每年一个）", "yearly growth of cases (one, or one a year)";
        cost: Vec<Number> [= "[0]"], "例均费用年增长率", "yearly growth of the cost of a case";
        budget: Vec<Number> [= "[0]"], "预算年增长率", "yearly growth of budgets";
        set: BTreeMap<String, Value> [optional], "各年的路径 → 新值", "path → new value, every year";
        times: BTreeMap<String, Number> [optional], "路径 → 乘数", "path → factor";
        plus: BTreeMap<String, Number> [optional], "路径 → 加数", "path → addend";
        add: BTreeMap<String, Vec<Value>> [optional], "填报表 → 增加的行", "form → rows to add";
        remove: BTreeMap<String, Vec<Value>> [optional], "填报表 → 删去的行的名称", "form → names of rows to take away";
    }
}

record! {
    /// A side of fiscal money.
    FiscalFiles {
        policy: Text [required], "政策包", "policy pack";
        inputs: Vec<Text> [required], "填报表（.xlsx 或 .csv）", "filled-in forms (.xlsx or .csv)";
    }
}

record! {
    /// The whole file.
    Study {
        title: Text [optional], "标题", "title";
        baseline: Baseline [required], "基线", "the baseline";
        scenario: Vec<Scenario> [optional], "情景", "scenarios";
        grid: Vec<Grid> [optional], "网格：各参数取值的全部组合", "grids";
        tornado: Vec<Tornado> [optional], "敏感性：逐个参数取低值与高值", "sensitivity, one parameter at a time";
        draws: Vec<Draws> [optional], "蒙特卡洛抽样", "Monte-Carlo draws";
        goal: Vec<Goal> [optional], "目标求解", "goals";
        projection: Vec<Projection> [optional], "多年预测", "projections";
    }
}

/// Reads a scenario file.
pub fn read(name: &str, text: &str) -> Result<Study, Problems> {
    let root = parse(name, text)?;
    let mut problems = Problems::new();
    let study = Study::read(&root, &mut Context::new(&mut problems, ""));
    match study {
        Some(study) if !problems.has_errors() => Ok(study),
        _ => Err(problems),
    }
}
