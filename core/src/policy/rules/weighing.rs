//! How weights are made. Only `dianzhi weights` reads these; a month needs none of them.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{DateBasis, WeightUnit};
use crate::policy::spec::{Codes, Factor, FreeRows, Points, Rows, Share, Text, Whole, Yuan, choice, family, record};
use crate::weights::{
    Centre, CodeOf, CountOf, Domain, Instead, Keep, Otherwise, PoolOf, Quantile, Spread, Step, Within,
};

/// A number of cases.
type Cases = Whole<0, 1_000_000_000>;
/// Times that a trim is applied.
type Passes = Whole<1, 100>;
/// What a year counts.
type Parts = Whole<1, 1_000_000>;

family! {
    /// The years of the data and what each counts.
    WeightYears = "weight_years", AtMostOne, "测算年份", "years of the data";
    Means = "means", "各年均值按年份权重加权；当年没有病例的病组不计该年",
        "weighted mean of the years' means; a year without cases of the group drops out",
        "mean_g = Σ_y w_y × mean_gy ÷ Σ_y w_y" {
        years: BTreeMap<String, Parts> [required], "年份 → 权重（如 2023 = 1、2024 = 2、2025 = 7）",
            "year → its share (2023 = 1, 2024 = 2, 2025 = 7, say)";
        date: DateBasis [= "discharge"], "归入年份的日期口径", "the date that puts a case into a year";
    }
    Cases = "cases", "各年病例合并，每例按所属年份的权重计", "all cases together, each counted with the share of its year",
        "mean_g = Σ_y w_y × S_gy ÷ Σ_y w_y × n_gy" {
        years: BTreeMap<String, Parts> [required], "年份 → 权重", "year → its share";
        date: DateBasis [= "discharge"], "归入年份的日期口径", "the date that puts a case into a year";
    }
    Ratios = "ratios", "各年均值先除以当年总均值再加权，不受费用水平变化影响",
        "each year's mean over the pool mean of that year, then weighted: inflation does not count",
        "RW_g = Σ_y w_y × (mean_gy ÷ M_y) ÷ Σ_y w_y" {
        years: BTreeMap<String, Parts> [required], "年份 → 权重", "year → its share";
        date: DateBasis [= "discharge"], "归入年份的日期口径", "the date that puts a case into a year";
    }
}

choice! { for CodeOf {
    Drg = "drg", "病组", "group";
    Adrg = "adrg", "核心病组", "ADRG";
    Mdc = "mdc", "主要诊断大类", "MDC";
    Department = "dscg_caty", "出院科别", "department";
    MedType = "med_type", "医疗类别", "kind of care";
    DischargeWay = "dscg_way", "离院方式", "way of discharge";
    Institution = "fixmedins_code", "定点机构", "institution";
    InsuranceType = "insutype", "险种", "insurance type";
} }

family! {
    /// What is no part of the data. Every case left out is listed with its rule.
    WeightExclude = "weight_exclude", Any, "测算排除", "kept out of the data";
    Stay = "stay", "住院天数过短或过长；没有住院天数的也排除", "stays too short or too long; an unknown stay is out too", "" {
        below_days: Whole<0, 36_500> [optional], "少于此数排除（等于则保留）", "shorter is out (equal stays in)";
        above_days: Whole<0, 36_500> [optional], "多于此数排除（等于则保留）", "longer is out (equal stays in)";
    }
    Cost = "cost", "总费用过低或过高", "bills too small or too large", "" {
        below: Yuan [optional], "低于此数排除（等于则保留）", "less is out (equal stays in)";
        above: Yuan [optional], "高于此数排除（等于则保留）", "more is out (equal stays in)";
    }
    Codes = "codes", "某一字段为所列代码之一", "one of the listed codes in a field", "" {
        field: CodeOf [required], "字段", "the field";
        codes: Codes [required], "代码，或首列为代码的 CSV 文件", "codes, or a CSV file with them in its first column";
    }
}

choice! { for Within {
    Group = "group", "每个病组", "each group";
    GroupYear = "group_year", "每个病组的每一年", "each group in each year";
    GroupLevel = "group_level", "每个病组的每个医院等级", "each group at each level of hospital";
} }

choice! { for Domain {
    Cost = "cost", "费用", "cost";
    Ln = "ln", "费用的自然对数", "natural logarithm of the cost";
} }

choice! { for Quantile {
    Inclusive = "inclusive", "在 (n−1)·p 处插值（Excel QUARTILE.INC）", "interpolated at (n−1)·p (QUARTILE.INC of Excel)";
    Exclusive = "exclusive", "在 (n+1)·p−1 处插值（Excel QUARTILE.EXC）", "interpolated at (n+1)·p−1 (QUARTILE.EXC of Excel)";
    NearestRank = "nearest_rank", "第 ⌈n·p⌉ 例", "the ⌈n·p⌉-th case";
} }

choice! { for Centre {
    Mean = "mean", "均值", "mean";
    Median = "median", "中位数", "median";
} }

choice! { for Spread {
    Sample = "sample", "样本标准差（除以 n−1）", "of a sample (divided by n−1)";
    Population = "population", "总体标准差（除以 n）", "of the population (divided by n)";
} }

family! {
    /// What is cut off in each cell, in the order stated. Who is exactly on a line stays.
    WeightTrim = "weight_trim", Any, "裁剪", "trimming";
    Iqr = "iqr", "四分位距法", "interquartile range", "P25 − k·IQR ≤ x ≤ P75 + k·IQR" {
        order: Whole<1, 1_000> [required], "次序", "order";
        k: Factor [= "1.5"], "倍数 k", "multiple k";
        domain: Domain [= "cost"], "x 是费用还是其对数", "whether x is the cost or its logarithm";
        quantile: Quantile [= "inclusive"], "分位数算法", "how quantiles are read";
        within: Within [= "group"], "裁剪单元", "cell";
        passes: Passes [= "1"], "最多轮数", "passes at most";
        min_cases: Cases [= "1"], "病例少于此数的单元不裁剪", "cells with fewer cases are left alone";
    }
    Percentile = "percentile", "百分位数法", "percentiles", "P_low ≤ C ≤ P_high" {
        order: Whole<1, 1_000> [required], "次序", "order";
        low: Share [required], "下分位（如 0.01）", "lower percentile (0.01, say)";
        high: Share [required], "上分位（如 0.99）", "upper percentile (0.99, say)";
        quantile: Quantile [= "inclusive"], "分位数算法", "how quantiles are read";
        within: Within [= "group"], "裁剪单元", "cell";
        passes: Passes [= "1"], "最多轮数", "passes at most";
        min_cases: Cases [= "1"], "病例少于此数的单元不裁剪", "cells with fewer cases are left alone";
    }
    Multiple = "multiple", "均值（或中位数）倍数法", "multiples of the mean or median", "low·A ≤ C ≤ high·A" {
        order: Whole<1, 1_000> [required], "次序", "order";
        low: Factor [optional], "下限倍数（如 0.4）", "lower multiple (0.4, say)";
        high: Factor [optional], "上限倍数（如 3）", "upper multiple (3, say)";
        of: Centre [= "mean"], "A 是均值还是中位数", "whether A is mean or median";
        within: Within [= "group"], "裁剪单元", "cell";
        passes: Passes [= "1"], "最多轮数", "passes at most";
        min_cases: Cases [= "1"], "病例少于此数的单元不裁剪", "cells with fewer cases are left alone";
    }
    Deviations = "deviations", "均值加减 k 个标准差", "mean ± k standard deviations", "mean − k·SD ≤ x ≤ mean + k·SD" {
        order: Whole<1, 1_000> [required], "次序", "order";
        k: Factor [required], "倍数 k（如 2 或 3）", "multiple k (2 or 3, say)";
        domain: Domain [= "ln"], "x 是费用还是其对数", "whether x is the cost or its logarithm";
        spread: Spread [= "sample"], "标准差口径", "which standard deviation";
        within: Within [= "group"], "裁剪单元", "cell";
        passes: Passes [= "1"], "最多轮数", "passes at most";
        min_cases: Cases [= "1"], "病例少于此数的单元不裁剪", "cells with fewer cases are left alone";
    }
}

choice! { for PoolOf {
    Kept = "kept", "裁剪后的入组病例", "grouped cases left after trimming";
    Grouped = "grouped", "裁剪前的入组病例", "grouped cases before trimming";
    All = "all", "排除后的全部病例，含未入组", "all cases not kept out, grouped or not";
} }

family! {
    /// What a weight is.
    WeightFormula = "weight_formula", AtMostOne, "权重公式", "formula of the weight";
    Ratio = "ratio", "病组费用 ÷ 总均值，四舍五入到 4 位小数", "cost of the group ÷ pool mean, half up to four decimals",
        "RW = A ÷ M; base points = RW × s" {
        scale: Whole<1, 100_000> [required], "点数基准 s：权重 1 等于 s 点", "scale s: weight 1 is s points";
        unit: WeightUnit [= "weight"], "直接取位的数；另一个由它得出", "the figure that is rounded; the other follows from it";
        pool: PoolOf [= "kept"], "M 的病例范围", "whose mean cost M is";
        spread: Spread [= "sample"], "标准差与 CV 的口径", "which standard deviation SD and CV are of";
    }
}

family! {
    /// When a group is stable.
    WeightStability = "weight_stability", AtMostOne, "稳定病组", "stable groups";
    Cv = "cv", "病例数与变异系数", "cases and coefficient of variation", "n ≥ min_cases and CV ≤ max_cv" {
        min_cases: Cases [= "5"], "裁剪后至少的病例数（等于为稳定）", "cases after trimming at least (equal is stable)";
        max_cv: Factor [= "1"], "变异系数上限（等于为稳定）", "coefficient of variation at most (equal is stable)";
        unstable: Centre [= "mean"], "非稳定病组的 A", "A of an unstable group";
    }
}

choice! { for Instead {
    CarryOver = "carry_over", "沿用上年权重", "last year's weight";
    Adrg = "adrg", "核心病组的均值（其病例须足够）", "the mean of the ADRG (when its cases are enough)";
    Own = "own", "仍用本组", "its own after all";
} }

family! {
    /// Groups with too few cases.
    WeightFew = "weight_few", AtMostOne, "病例过少的病组", "groups with too few cases";
    Below = "below", "依次取第一个可得的；都没有则无权重", "the first that there is; none is no weight", "" {
        cases: Cases [required], "裁剪后少于此数为过少", "fewer after trimming are too few";
        then: Vec<Instead> [required], "替代办法，依次尝试；空列表即无权重", "what stands in, tried in turn; an empty list is no weight";
    }
}

family! {
    /// Last year's weights, to compare with and to carry over.
    WeightPrevious = "weight_previous", AtMostOne, "上年权重", "last year's weights";
    Table = "table", "上年权重表", "last year's table", "" {
        table: FreeRows [required], "上年权重表；“scheme:文件名”取自分组方案",
            "the table; \"scheme:NAME\" is a table of the grouping scheme";
        drg: Text [= "drg"], "病组代码列", "column of the group";
        weight: Text [= "weight"], "权重或基准点数列；空白即无权重", "column of the weight or base points; blank is no weight";
        unit: WeightUnit [= "weight"], "该列的含义", "what that column holds";
    }
}

choice! { for Step {
    Resource = "resource", "资源消耗结构", "resource structure";
    Clinical = "clinical", "临床难度", "clinical difficulty";
    Policy = "policy", "政策导向", "policy aim";
} }

record! {
    /// One decision on a weight: who decided what, and why.
    WeightAdjustRow key "drg", "step" {
        drg: Text [required], "病组", "group";
        step: Step [required], "调整环节；同一病组依此次序", "step; several of one group go in this order";
        value: Points [optional], "调整后的数（与公式的 unit 同口径）", "the new figure, in the unit of the formula";
        factor: Factor [optional], "或调整倍数", "or a factor";
        who: Text [required], "由谁决定", "who decided";
        why: Text [required], "理由", "why";
        decided: NaiveDate [required], "决定日期", "when";
    }
}

choice! { for Keep {
    All = "all", "全部病组同乘一个系数", "one factor on all groups";
    Others = "others", "未调整的病组同乘一个系数，调整后的数不再变", "one factor on the groups not adjusted; decided figures stand";
    Nothing = "nothing", "不保持，总权重随之变动", "nothing: the sum moves";
} }

choice! { for CountOf {
    Kept = "kept", "裁剪后的病例", "cases left after trimming";
    Grouped = "grouped", "裁剪前的入组病例", "grouped cases before trimming";
    LastYear = "last_year", "最近一年裁剪前的入组病例", "grouped cases of the last year before trimming";
} }

family! {
    /// Adjustment of weights by hand.
    WeightAdjust = "weight_adjust", AtMostOne, "权重调整", "adjustment of weights";
    Decisions = "decisions", "逐项决定，并保持 Σ(RW·n) 不变", "decisions one by one, with Σ(RW·n) as it was",
        "RW' = RW_adj × Σ RW·n ÷ Σ RW_adj·n" {
        table: Rows<WeightAdjustRow> [required], "决定表", "the decisions";
        keep: Keep [= "all"], "由谁承担差额", "who carries the difference";
        count: CountOf [= "kept"], "n 的口径", "what n counts";
    }
}

choice! { for Otherwise {
    One = "one", "取 1", "1";
    Overall = "overall", "取全部病组的系数", "the coefficient over all groups";
    Blank = "blank", "留空", "blank";
} }

family! {
    /// Coefficients of hospital levels.
    WeightLevel = "weight_level", AtMostOne, "等级系数测算", "coefficients of levels";
    Overall = "overall", "每个等级一个系数", "one a level",
        "f = Σ C ÷ Σ n_g × mean_g" {
        low: Factor [optional], "下限", "at least";
        high: Factor [optional], "上限", "at most";
    }
    ByGroup = "by_group", "每个病组每个等级一个系数，写入权重表的 coefficient_等级 列",
        "one a group and level, in the columns coefficient_LEVEL of the weight table",
        "f = level's group mean ÷ group mean" {
        min_cases: Cases [= "5"], "该等级该病组的病例少于此数则取替代",
            "with fewer cases of the group at the level something else stands";
        otherwise: Otherwise [= "overall"], "替代", "what stands then";
        low: Factor [optional], "下限", "at least";
        high: Factor [optional], "上限", "at most";
    }
}

family! {
    /// Coefficients of institutions.
    WeightInstitution = "weight_institution", AtMostOne, "机构系数测算", "coefficients of institutions";
    Blend = "blend", "本机构与所属等级按比例合成", "own figure blended with that of its level",
        "f = α × own + (1 − α) × level" {
        own_share: Share [required], "α：本机构所占份额", "α: the share of its own figure";
        min_cases: Cases [= "1"], "病例少于此数的机构取等级系数", "institutions with fewer cases get that of their level";
        low: Factor [optional], "下限", "at least";
        high: Factor [optional], "上限", "at most";
    }
    ByGroup = "by_group", "另按病组测算（成本系数），单独成表", "also one for each group (cost coefficient), in a table of its own",
        "f = own group mean ÷ group mean" {
        own_share: Share [= "1"], "合成系数中本机构所占份额 α", "α in the figure over all groups";
        min_cases: Cases [= "1"], "病例少于此数的机构取等级系数", "institutions with fewer cases get that of their level";
        group_min_cases: Cases [= "1"], "本机构该病组的病例少于此数则取替代", "with fewer own cases of the group something else stands";
        otherwise: Otherwise [= "one"], "替代（如新病组为 1）", "what stands then (1 for new groups, say)";
        low: Factor [optional], "下限", "at least";
        high: Factor [optional], "上限", "at most";
    }
}
