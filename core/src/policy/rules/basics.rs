//! What is paid, in which unit, over which pool, at which institution.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::money::Rounding;
use crate::policy::rules::DueBasis;
use crate::policy::spec::{Digits, Factor, FreeRows, Rows, Share, Text, Whole, Yuan, choice, family, record};

choice! { for Rounding {
    HalfUp = "half_up", "四舍五入（远离零）", "to the nearest, a half away from zero";
    HalfEven = "half_even", "四舍六入五成双", "to the nearest, a half to the even neighbour";
    TowardZero = "toward_zero", "截断", "towards zero";
    Floor = "floor", "向下取整", "towards minus infinity";
    Ceiling = "ceiling", "向上取整", "towards plus infinity";
} }

family! {
    /// Digits and rounding of what is published. Nothing is rounded between these.
    RoundingRule = "rounding", One, "取位与舍入", "digits and rounding";
    Digits = "digits", "取位与舍入方式", "digits and rounding modes", "" {
        points_digits: Digits<4> [= "4"], "点数小数位（0–4）", "decimals of points (0–4)";
        points: Rounding [= "half_up"], "点数舍入方式", "rounding of points";
        point_value_digits: Digits<6> [= "4"], "点值小数位（0–6）", "decimals of the point value (0–6)";
        point_value: Rounding [= "half_up"], "点值舍入方式", "rounding of the point value";
        money: Rounding [= "half_up"], "金额舍入到分的方式", "rounding of money to the fen";
    }
}

family! {
    /// How a standard becomes money.
    Method = "method", One, "付费方法", "method of payment";
    Points = "points", "点数法", "points method", "points = RW × s × f; standard = points × PV" {
        scale: Whole<1, 100_000> [required],
            "点数基准 s（1、100、1000 …）：权重 1 等于 s 点",
            "scale s (1, 100, 1000 …): weight 1 is s points";
    }
    Rate = "rate", "费率法", "rate method", "standard = RW × rate × f" {
        rates: BTreeMap<String, Yuan> [required],
            "每个基金池的费率（元/权重）；键“*”为其余各池",
            "rate of each pool in yuan a weight; key \"*\" for all others";
        due: DueBasis [required], "应付口径", "what of the standard the fund owes";
        scale: Whole<1, 100_000> [= "1"],
            "工作量点数的基准：权重 1 等于 s 点；不影响金额",
            "scale of the workload points: weight 1 is s points; money does not depend on it";
        fund_share: Share [optional], "基金支付比例；due = \"case\" 时必填", "share the fund pays; needed with due = \"case\"";
    }
}

choice! {
    /// Which date puts a case into a period.
    DateBasis {
        Settlement = "settlement", "按结算日期", "by settlement date";
        Discharge = "discharge", "按出院日期", "by discharge date";
    }
}

choice! {
    /// Whether cases count.
    Counted {
        Include = "include", "计入", "count them";
        Exclude = "exclude", "不计入", "leave them out";
    }
}

family! {
    /// Which claims are priced at all. What is left out is listed with its reason and paid by other rules.
    Scope = "scope", One, "纳入范围", "scope";
    Inpatient = "inpatient", "住院病例", "inpatient cases", "" {
        date: DateBasis [= "settlement"], "归入当期的日期口径", "the date that puts a case into a period";
        earlier: Counted [= "include"], "早于当期的病例（迟报）", "cases of before the period (late)";
        out_of_area: Counted [= "include"],
            "参保地与本地不同的病例；参保地为空视为本地",
            "cases insured elsewhere; an empty place of insurance is here";
        local_places: Vec<String> [optional],
            "视为本地的参保地代码；不写则不判断",
            "places of insurance that are here; without it nothing is elsewhere";
        med_types: Vec<String> [optional], "只纳入这些医疗类别（med_type）", "only these kinds of care (med_type)";
        min_days: Whole<0, 36_500> [optional], "住院天数少于此数的不纳入（等于则纳入）", "shorter stays are out (equal is in)";
        max_days: Whole<0, 36_500> [optional], "住院天数多于此数的不纳入（等于则纳入）", "longer stays are out (equal is in)";
        min_total: Yuan [optional], "总费用低于此数的不纳入（等于则纳入）", "smaller bills are out (equal is in)";
    }
}

choice! {
    /// What becomes of insurance types that belong to no pool.
    OtherTypes {
        Refuse = "refuse", "退回该病例（列入 rejects）", "reject the claim (listed in rejects)";
        Exclude = "exclude", "不纳入", "leave them out";
    }
}

family! {
    /// Which insurance types share a point value.
    Pools = "pools", One, "基金池", "pools";
    ByInsuranceType = "by_insurance_type", "每个险种一个池", "a pool for each insurance type", "" {
        types: Vec<String> [required], "险种代码", "insurance types";
        others: OtherTypes [= "refuse"], "其他险种", "other insurance types";
    }
    Merged = "merged", "几个险种合为一池", "insurance types merged into pools", "" {
        pools: BTreeMap<String, Vec<String>> [required], "池名 → 险种代码", "name of the pool → insurance types";
        others: OtherTypes [= "refuse"], "其他险种", "other insurance types";
    }
}

record! {
    /// An institution of the register, in the days its level and membership hold.
    InstitutionRow key "fixmedins_code", "valid_from" {
        fixmedins_code: Text [required], "定点机构编码", "code of the institution";
        fixmedins_name: Text [optional], "名称", "name";
        hosp_lv: Text [required], "等级（与系数规则的写法一致）", "level, as the coefficient rules write it";
        county: Text [optional], "县（区）", "county";
        admdvs: Text [optional], "行政区划代码", "code of the place";
        consortium: Text [optional], "所属医共体或城市医疗集团", "its consortium";
        consortium_kind: Text [optional], "医共体或城市医疗集团", "kind of the consortium";
        lead: bool [= "false"], "是否牵头单位", "whether it leads the consortium";
        valid_from: NaiveDate [optional], "起始日（含），按出院日期", "first day (inclusive), by discharge date";
        valid_to: NaiveDate [optional], "截止日（含）", "last day (inclusive)";
        coefficient: Factor [optional], "机构系数", "its own coefficient";
        beds: Whole<0, 1_000_000> [optional], "床位数", "beds";
        note: Text [optional], "备注", "note";
    }
}

family! {
    /// Where level, county, consortium and own coefficient of an institution come from.
    Institutions = "institutions", One, "机构名录", "institutions";
    Register = "register", "机构名录表；不在表中的机构的病例退回", "a register; a claim of an institution not in it is rejected", "" {
        table: Rows<InstitutionRow> [required], "机构表", "the register";
    }
    FromClaims = "from_claims", "取病例中的医院等级（hosp_lv）", "the level written in the claim (hosp_lv)", "" {
        levels: BTreeMap<String, String> [optional],
            "病例中的写法 → 系数规则的写法",
            "as written in claims → as written in the coefficient rules";
    }
}

choice! {
    /// What the weight column holds.
    WeightUnit {
        Weight = "weight", "权重 RW", "weight RW";
        BasePoints = "base_points", "基准点数（= RW × s）", "base points (= RW × s)";
    }
}

family! {
    /// The weight table.
    Weights = "weights", One, "权重表", "weights";
    Table = "table", "权重表；列名由此映射", "a table, its columns named here", "" {
        table: FreeRows [required],
            "权重表文件；“scheme:文件名”取自分组方案",
            "the table; \"scheme:NAME\" is a table of the grouping scheme";
        drg: Text [= "drg"], "病组代码列", "column of the group";
        weight: Text [= "weight"], "权重或基准点数列；空白即无权重", "column of the weight or base points; blank is no weight";
        unit: WeightUnit [= "weight"], "该列的含义", "what that column holds";
        mean_cost: Text [optional], "病组例均费用列（元）", "column of the group's mean cost in yuan";
    }
}

family! {
    /// What becomes of a grouped case whose group has no weight.
    MissingWeight = "missing_weight", One, "无权重病组", "groups without weight";
    Refuse = "refuse", "报错并列出病组", "an error that lists the groups", "" {}
    AsUngrouped = "as_ungrouped", "按未入组病例支付", "paid as an ungroupable case", "" {}
    Exclude = "exclude", "不纳入，另行支付", "left out, paid otherwise", "" {}
}

family! {
    /// M, the mean cost of all cases of a pool.
    PoolMean = "pool_mean", AtMostOne, "基金池例均费用 M", "the pool's mean cost M";
    Fixed = "fixed", "给定", "given", "M" {
        values: BTreeMap<String, Yuan> [required], "基金池 → 元；键“*”为其余各池", "pool → yuan; key \"*\" for all others";
    }
    Current = "current", "本次纳入病例的总费用 ÷ 病例数，舍入到分", "total cost ÷ cases of this run, to the fen", "M = Σ C ÷ n" {}
}
