//! Awards: who is paid for what.

use std::collections::BTreeMap;

use crate::policy::spec::{Factor, Rows, Share, Text, Whole, Yuan, choice, family, record};

choice! {
    /// A treasury level.
    Level {
        Province = "province", "省级", "province";
        City = "city", "市级", "city";
        County = "county", "县级", "county";
    }
}

record! {
    /// A government with a treasury.
    PlaceRow key "name" {
        name: Text [required], "名称", "name";
        level: Level [required], "财政层级", "treasury level";
        parent: Text [optional], "上级政府", "the government above";
    }
}

family! {
    /// The governments whose treasuries pay.
    Treasuries = "treasury", AtMostOne, "财政", "treasuries";
    Places = "places", "各级政府", "governments", "" {
        places: Rows<PlaceRow> [required], "政府", "governments";
    }
}

record! {
    /// A kind of achievement.
    AchievementRow key "code" {
        code: Text [required], "代码", "code";
        name: Text [required], "名称", "name";
        grades: Vec<Text> [optional], "等次，自低到高", "grades, the lowest first";
    }
}

family! {
    /// The achievements that events may name.
    Achievements = "achievement", Any, "成果类型", "achievements";
    List = "list", "成果类型清单", "list of achievements", "" {
        list: Rows<AchievementRow> [required], "成果类型", "achievements";
    }
}

record! {
    /// A reading of a question that a pack asks.
    ReadingRow key "name" {
        name: Text [required], "取值", "reading";
        text: Text [required], "含义", "meaning";
    }
}

family! {
    /// How an open question of the text is read. The rule's name is the switch's name.
    Switch = "switch", Any, "口径开关", "switches";
    Reading = "reading", "引擎已有的开关", "a switch the engine has", "" {
        reading: Text [required], "采用的口径（docs/awards.md）", "the reading in force (docs/awards.md)";
    }
    Declared = "declared", "政策包自定的开关，由 when = \"名称=取值\" 引用", "a switch of the pack, named by when", "" {
        title: Text [required], "问题", "question";
        readings: Rows<ReadingRow> [required], "各种口径，缺省在前", "readings, the default first";
        reading: Text [required], "采用的口径", "the reading in force";
    }
}

choice! {
    /// Who is awarded.
    SubjectKind {
        Person = "person", "个人", "person";
        Team = "team", "团队", "team";
        Institution = "institution", "单位", "institution";
        Place = "place", "地方", "place";
    }
}

choice! {
    /// What makes two awards the same achievement.
    OncePer {
        Subject = "subject", "每个主体一次", "once per subject";
        SubjectItem = "subject_item", "每个主体每个项目一次", "once per subject and item";
        Item = "item", "每个项目一次，不论由谁申报", "once per item, whoever reports it";
        SubjectYear = "subject_year", "每个主体每年一次", "once per subject and year";
        Occurrence = "occurrence", "每次认定", "every naming";
    }
}

choice! {
    /// The test of the past.
    HistoryTest {
        None = "none", "不审查历史", "none";
        NewlyCreated = "newly_created", "新创", "newly created";
        Built = "built", "建成", "built";
        FirstTime = "first_time", "首次", "for the first time";
    }
}

choice! {
    /// How a value is compared.
    Comparison {
        AtLeast = "at_least", "不低于（≥）", "at least";
        Above = "above", "高于（>）", "above";
        AtMost = "at_most", "不高于（≤）", "at most";
        Below = "below", "低于（<）", "below";
    }
}

choice! {
    /// Equal values in a ranking.
    Ties {
        BestRank = "best_rank", "并列者均按最好名次", "each takes the best rank";
        Share = "share", "并列者均分所占名次的金额", "they share the amounts of the ranks they occupy";
    }
}

choice! {
    /// What a cap limits.
    CapScope {
        Award = "award", "单笔", "one award";
        SubjectYear = "subject_year", "同一主体同一年度", "a subject's year";
        RuleYear = "rule_year", "本规则同一年度，超出的按比例核减", "the rule's year, cut pro rata";
    }
}

choice! {
    /// How much is taken back.
    ClawbackPart {
        All = "all", "全部", "all of it";
        Remaining = "remaining", "按剩余天数比例", "the share of days left";
    }
}

record! {
    /// A band of values.
    Band {
        from: Factor [= "0"], "下限（含）", "lower end (inclusive)";
        to: Factor [optional], "上限（不含）；不写为无上限", "upper end (exclusive); open without it";
        yuan: Yuan [required], "金额", "amount";
    }
}

record! {
    /// A line of a tier table; exactly one way to an amount.
    TierRow {
        grades: Vec<Text> [optional], "适用等次；不写为任一等次", "grades; any without it";
        from_rank: Whole<1, 1_000> [optional], "名次从（含）", "ranks from (inclusive)";
        to_rank: Whole<1, 1_000> [optional], "名次至（含）", "ranks to (inclusive)";
        yuan: Yuan [optional], "定额", "a fixed amount";
        per_unit: Yuan [optional], "每单位数量的金额（人头、床位）", "so much a unit of the quantity";
        each: Yuan [optional], "每超过一档 step 的金额", "so much a step";
        step: Factor [optional], "档距", "the step";
        from: Factor [optional], "起算值", "where steps begin";
        matching: Share [optional], "配套比例 × 基数金额", "share of the base amount";
        coefficient_base: Yuan [optional], "系数（数量或指标值）× 此基数", "the value times this base";
        bands: Vec<Band> [optional], "按数值所在档", "by the band of the value";
        when: Text [optional], "只在某口径下有效：\"开关=取值\"", "only under a reading: \"switch=reading\"";
    }
}

record! {
    /// What must hold beside the trigger: a title held, or an indicator of the award year.
    Requirement {
        achievement: Text [optional], "须持有的称号", "a title that must be held";
        grade: Text [optional], "其等次", "its grade";
        indicator: Text [optional], "须达到的指标", "an indicator that must be reached";
        test: Comparison [= "at_least"], "比较方式", "comparison";
        threshold: Factor [optional], "阈值", "threshold";
    }
}

record! {
    /// An upper limit.
    CapRow {
        scope: CapScope [required], "范围", "scope";
        yuan: Yuan [required], "上限", "limit";
        when: Text [optional], "只在某口径下有效", "only under a reading";
    }
}

record! {
    /// A part that is paid by itself.
    PhaseRow {
        share: Share [required], "份额，各期合计 1", "share; all sum to 1";
        after_months: Whole<0, 1_200> [= "0"], "认定后多少个月支付", "months after naming";
        review: bool [= "false"], "须通过复核", "needs the review";
    }
}

/// Which treasury levels pay payees of a level: level → paying level → share.
pub type Funding = BTreeMap<String, BTreeMap<String, Share>>;

/// Declares the kinds of award with the terms they share.
macro_rules! awards {
    ($($variant:ident = $kind:literal, $zh:literal, $en:literal, $formula:literal { $($own:tt)* })+) => {
        family! {
            /// What is paid for an achievement.
            AwardRule = "award", Any, "奖补", "awards";
            $($variant = $kind, $zh, $en, $formula {
                $($own)*
                title: Text [required], "名称", "title";
                subject: SubjectKind [required], "奖补对象", "who is awarded";
                yuan: Yuan [optional], "定额；与 tiers 二选一", "a fixed amount, or tiers";
                tiers: Vec<TierRow> [optional], "等次表，先列先用", "tier table, the first that fits";
                once_per: OncePer [= "subject"], "同一成果的认定", "what makes the achievement one";
                history: HistoryTest [= "none"], "历史审查", "test of the past";
                group: Text [optional], "互斥组（开关 tiers）", "group of exclusive tiers (switch tiers)";
                rank: Whole<1, 1_000> [= "1"], "组内高低，大者高", "rank in the group, the higher the better";
                steps: bool [= "false"], "高等次含低等次：不高于已达等次的不奖", "a tier implies those below it";
                public: bool [= "false"], "仅限公立机构", "public institutions only";
                requires: Vec<Requirement> [optional], "前置条件", "preconditions";
                funding: Funding [optional], "分级负担；不写为同级财政", "split by level; the same level without it";
                caps: Vec<CapRow> [optional], "上限", "caps";
                phases: Vec<PhaseRow> [optional], "分期", "phases";
                decay: Vec<Share> [optional], "第一、二…次的折扣，末项沿用", "share of the first, second … time";
                deadline_days: Whole<0, 36_500> [optional], "认定后多少日内申请", "apply within days of naming";
                clawback_years: Whole<0, 100> [optional], "认定后多少年内撤销须追回（含周年日）；不写为不限",
                    "years within which a revoked title is taken back (anniversary included); any time without it";
                clawback_part: ClawbackPart [= "all"], "追回部分", "how much is taken back";
                switches: BTreeMap<String, Text> [optional], "本规则另行采用的口径", "readings of this rule";
            })+
        }

        /// What every kind of award says.
        #[derive(Clone, Copy, Debug)]
        pub struct Terms<'r> {
            pub title: &'r str,
            pub subject: SubjectKind,
            pub yuan: Option<Yuan>,
            pub tiers: &'r Option<Vec<TierRow>>,
            pub once_per: OncePer,
            pub history: HistoryTest,
            pub group: Option<&'r str>,
            pub rank: i64,
            pub steps: bool,
            pub public: bool,
            pub requires: &'r Option<Vec<Requirement>>,
            pub funding: &'r Option<Funding>,
            pub caps: &'r Option<Vec<CapRow>>,
            pub phases: &'r Option<Vec<PhaseRow>>,
            pub decay: &'r Option<Vec<Share>>,
            pub deadline_days: Option<i64>,
            pub clawback_years: Option<i64>,
            pub clawback_part: ClawbackPart,
            pub switches: &'r Option<BTreeMap<String, Text>>,
        }

        impl AwardRule {
            #[must_use]
            pub fn terms(&self) -> Terms<'_> {
                match self {
                    $(AwardRule::$variant {
                        title, subject, yuan, tiers, once_per, history, group, rank, steps, public, requires, funding,
                        caps, phases, decay, deadline_days, clawback_years, clawback_part, switches, ..
                    })|+ => Terms {
                        title,
                        subject: *subject,
                        yuan: *yuan,
                        tiers,
                        once_per: *once_per,
                        history: *history,
                        group: group.as_deref(),
                        rank: rank.0,
                        steps: *steps,
                        public: *public,
                        requires,
                        funding,
                        caps,
                        phases,
                        decay,
                        deadline_days: deadline_days.map(|days| days.0),
                        clawback_years: clawback_years.map(|years| years.0),
                        clawback_part: *clawback_part,
                        switches,
                    },
                }
            }
        }
    };
}

awards! {
    Event = "event", "事件奖补", "an award for an event", "amount = tier(grade)" {
        achievement: Text [required], "成果类型", "achievement";
    }
    Indicator = "indicator", "指标奖补", "an award for an indicator", "amount = tier(value), if value ≥ threshold" {
        indicator: Text [required], "指标", "indicator";
        change: bool [= "false"], "比较与上年的差", "compare the change from the year before";
        test: Comparison [= "at_least"], "比较方式", "comparison";
        threshold: Factor [required], "阈值", "threshold";
    }
    Ranking = "ranking", "排名奖补", "an award for a rank", "amount = tier(rank), rank ≤ top" {
        indicator: Text [required], "指标", "indicator";
        top: Whole<1, 1_000> [required], "前几名", "how many ranks";
        highest_first: bool [= "true"], "高者在前", "the highest first";
        ties: Ties [= "best_rank"], "并列", "ties";
    }
}

record! {
    /// Shares of those who take part in a second award.
    SecondShares {
        place: Share [required], "地方", "place";
        institution: Share [required], "单位和团队", "institutions and teams";
        person: Share [required], "个人", "persons";
    }
}

family! {
    /// An award on top of awards, once their money has arrived.
    SecondAwardRule = "second_award", AtMostOne, "二次奖补", "second awards";
    PaymentsReceived = "payments_received", "按到位资金", "by payments received",
        "amount = base × rate, if paid ÷ due ≥ threshold" {
        title: Text [required], "名称", "title";
        rate: Share [required], "比例", "rate";
        threshold: Share [= "1"], "到位比例达到此数（含）即为全部到位", "in place when paid ÷ due is at least this";
        gate_level: Level [= "county"], "须到位的财政层级", "the level whose money must be in place";
        pays_level: Level [= "city"], "出资的财政层级", "the level that pays";
        shares: SecondShares [optional], "second_payee = by_rule 时的分配", "shares under second_payee = by_rule";
        switches: BTreeMap<String, Text> [optional], "本规则另行采用的口径", "readings of this rule";
    }
}
