//! The total of a consortium, and what its members make of the balance.

use crate::policy::rules::Score;
use crate::policy::spec::{Factor, Rows, Share, SignedYuan, Text, Whole, Yuan, choice, family, record};

record! {
    /// Heads and money of a consortium in a pool.
    HeadsRow key "consortium", "pool", "year" {
        consortium: Text [required], "医共体", "consortium";
        pool: Text [required], "基金池", "pool";
        heads: Whole<0, 2_000_000_000> [required], "参保人数", "insured heads";
        per_head: Yuan [required], "人均基金（元）", "fund a head in yuan";
        risk: Factor [= "1"], "风险调整系数", "risk adjustment";
        reserve: Yuan [= "0"], "预留（元）", "reserve in yuan";
        kept_outside: Yuan [= "0"], "总额外另列的项目（元）", "items kept outside the total, in yuan";
        year: Whole<2000, 2199> [optional], "年度；空白为任一年度", "the year; blank for any";
        note: Text [optional], "备注", "note";
    }
}

family! {
    /// T, the total of a consortium for the year.
    ConsortiumTotal = "consortium_total", AtMostOne, "医共体总额", "total of a consortium";
    None = "none", "没有总额，不清算", "no total, no clearing", "" {}
    Budget = "budget", "总额预算表中该医共体的行", "the consortium's rows of the budget table", "T = budget" {}
    PerHead = "per_head", "按参保人数", "by insured heads", "T = heads × per head × risk − reserve − kept outside" {
        table: Rows<HeadsRow> [required], "人数与人均基金", "heads and money";
    }
}

record! {
    /// What the fund paid elsewhere for a consortium's insured.
    OutsideRow key "consortium", "pool", "year" {
        consortium: Text [required], "医共体", "consortium";
        pool: Text [required], "基金池", "pool";
        amount: SignedYuan [required], "区域外就医的基金支出（元）", "fund spent outside, in yuan";
        year: Whole<2000, 2199> [optional], "年度；空白为任一年度", "the year; blank for any";
        note: Text [optional], "备注", "note";
    }
}

family! {
    /// Care of the consortium's insured outside its area.
    OutsideCare = "outside_care", AtMostOne, "区域外就医", "care outside the area";
    None = "none", "不从总额中扣减", "not deducted from the total", "" {}
    Table = "table", "从总额中扣减", "deducted from the total", "spent = Σ dues + outside" {
        table: Rows<OutsideRow> [required], "区域外就医基金支出表", "fund spent outside";
    }
}

record! {
    /// A consortium's actual rate.
    RateRow key "consortium", "year" {
        consortium: Text [required], "医共体", "consortium";
        actual: Share [required], "实际市外就医率", "actual rate of care outside";
        year: Whole<2000, 2199> [optional], "年度；空白为任一年度", "the year; blank for any";
        note: Text [optional], "备注", "note";
    }
}

record! {
    /// A factor that was found outside.
    FactorRow key "consortium", "year" {
        consortium: Text [required], "医共体", "consortium";
        factor: Factor [required], "总额调整系数", "factor of the total";
        year: Whole<2000, 2199> [optional], "年度；空白为任一年度", "the year; blank for any";
        note: Text [optional], "备注（如得分与算法）", "note (score and formula, say)";
    }
}

family! {
    /// The link between referral and total.
    Referral = "referral", AtMostOne, "转诊情况与总额挂钩", "referral-linked total";
    None = "none", "不挂钩", "no link", "T' = T" {}
    Linear = "linear", "按实际与目标市外就医率之差调整，限幅", "by the difference of target and actual rate, clamped",
        "T' = T × clamp(1 + β × (target − actual), floor, ceiling)" {
        beta: Factor [required], "β：就医率每低 1（100%）总额增加的倍数", "β: what a rate lower by 1 (100 %) adds to the total";
        target: Share [required], "目标市外就医率", "target rate";
        rates: Rows<RateRow> [required], "实际市外就医率", "actual rates";
        floor: Factor [required], "调整系数下限", "least factor";
        ceiling: Factor [required], "调整系数上限", "largest factor";
    }
    Table = "table", "按考核结果给定的系数；未列出的医共体报错",
        "a factor given for each consortium (by its score, say); one not listed is an error",
        "T' = T × factor" {
        table: Rows<FactorRow> [required], "系数表", "the factors";
    }
}

record! {
    /// A member's fixed share.
    MemberShare key "fixmedins_code" {
        fixmedins_code: Text [required], "定点机构编码", "institution";
        weight: Factor [required], "权数", "its weight";
        note: Text [optional], "备注", "note";
    }
}

record! {
    /// How a sum is divided among members: parts that sum to one, each divided by its own measure.
    Mix {
        points: Share [= "0"], "按点数的部分", "the part divided by points";
        score: Share [= "0"], "按得分的部分", "the part divided by score";
        points_score: Share [= "0"], "按点数×得分的部分", "the part divided by points × score";
        fixed: Share [= "0"], "按固定权数的部分", "the part divided by fixed weights";
        scores: Rows<Score> [optional], "成员得分", "scores of members";
        snapshot: Text [optional], "得分快照编号", "the snapshot of the scores";
        weights: Rows<MemberShare> [optional], "固定权数", "fixed weights";
    }
}

choice! {
    /// By what the members of a class are measured.
    Measure {
        Points = "points", "点数", "points";
        Score = "score", "得分", "score";
        PointsScore = "points_score", "点数×得分", "points × score";
        Fixed = "fixed", "固定权数", "fixed weights";
    }
}

record! {
    /// A class of members and its share of the whole.
    ClassRow key "class" {
        class: Text [required], "类别（县级、乡镇、村，或医院等级）", "the class (county, township, village, or a level)";
        share: Share [required], "所占份额；各类合计为 1", "its share; all of them sum to one";
        by: Measure [optional], "类内口径；不写用 mix", "how it is divided inside; by mix where absent";
    }
}

record! {
    /// The class of a member.
    MemberClass key "fixmedins_code" {
        fixmedins_code: Text [required], "定点机构编码", "institution";
        class: Text [required], "类别", "its class";
        note: Text [optional], "备注", "note";
    }
}

choice! {
    /// A class with a share and no member.
    EmptyClass {
        Refuse = "refuse", "报错", "an error";
        Others = "others", "其份额按比例归其他各类", "its share goes to the other classes in proportion to theirs";
    }
}

record! {
    /// Two levels: fixed shares of classes, then members inside each.
    TwoLevels {
        classes: Rows<ClassRow> [required], "各类份额", "shares of the classes";
        members: Rows<MemberClass> [optional], "成员的类别；不写则类别为机构名录中的等级",
            "classes of the members; where absent the class is the level in the register";
        empty: EmptyClass [required], "没有成员的类别", "a class without members";
        mix: Mix [optional], "类内口径，及各口径所需的得分与权数", "how a class is divided, and the scores and weights of the measures";
    }
}

family! {
    /// Who among the members gets a kept surplus.
    Distribution = "distribution", AtMostOne, "结余在成员间的分配", "distribution of a surplus among members";
    Mix = "mix", "按点数、得分、固定权数或其组合", "by points, score, fixed weights or a mix of them",
        "each part by largest remainder over its measure" {
        mix: Mix [required], "组合", "the mix";
    }
    Classes = "classes", "先按类别的固定份额（如县 60 : 乡 30 : 村 10），再在类内按口径",
        "first fixed shares of classes (county 60 : township 30 : village 10), then inside each class",
        "class = share × sum; inside by largest remainder over the measure" {
        split: TwoLevels [required], "两级分配", "the two levels";
    }
}

family! {
    /// Who among the members bears the consortium's part of an overrun.
    OverrunSplit = "overrun_split", AtMostOne, "超支在成员间的分担", "split of an overrun among members";
    ByDue = "by_due", "按应付额", "by dues", "by largest remainder over dues" {}
    Mix = "mix", "按点数、得分、固定权数或其组合", "by points, score, fixed weights or a mix of them",
        "each part by largest remainder over its measure" {
        mix: Mix [required], "组合", "the mix";
    }
    Classes = "classes", "先按类别的固定份额，再在类内按口径", "first fixed shares of classes, then inside each class",
        "class = share × sum; inside by largest remainder over the measure" {
        split: TwoLevels [required], "两级分担", "the two levels";
    }
}
