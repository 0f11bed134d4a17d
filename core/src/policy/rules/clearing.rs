//! The year: surplus and overrun, deposits, penalties, the reserve.

use std::collections::BTreeMap;

use crate::policy::spec::{Factor, Rows, Share, Text, Whole, Yuan, choice, family, record};

choice! {
    /// Who shares surplus and overrun.
    SharingSubject {
        Institution = "institution", "医疗机构（不属于已清算医共体的）", "institutions (outside the consortia that are cleared)";
        Consortium = "consortium", "医共体或城市医疗集团", "consortia";
    }
}

record! {
    /// A band of surplus or overrun, as a ratio.
    Slice key "to" {
        to: Factor [optional], "上端（比例）；最后一段可不写，即不封顶；写了则其上不计",
            "upper end (ratio); absent in an open last band; above a closed last band nothing counts";
        share: Share [required], "该段的份额", "share of this band";
    }
}

choice! {
    /// How bands count.
    BandMode {
        Marginal = "marginal", "分段累计：每段各按其份额", "marginal: each slice by its own share";
        Whole = "whole", "全额：全部按所在段的份额", "whole: everything by the share of the band it lies in";
    }
}

choice! {
    /// To which band a ratio exactly on an edge belongs. Marginal bands do not depend on it.
    Edge {
        Lower = "lower", "恰为上端属于下面一段", "a ratio on an edge belongs to the band below it";
        Upper = "upper", "恰为上端属于上面一段", "a ratio on an edge belongs to the band above it";
    }
}

record! {
    /// Whether a subject meets a condition.
    Gate key "subject", "gate" {
        subject: Text [required], "医共体名称或机构编码", "consortium or institution";
        gate: Text [required], "条件（如五统一）", "the condition (五统一, say)";
        met: bool [required], "是否达到", "whether it is met";
        note: Text [optional], "备注", "note";
    }
}

family! {
    /// What becomes of surplus and overrun.
    Sharing = "sharing", Any, "结余留用与超支分担", "surplus and overrun";
    Bands = "bands", "按比例分段：结余的留用份额，超支的基金分担份额",
        "bands by ratio: the share of a surplus that is kept, the share of an overrun that the fund bears",
        "kept = Σ a_j × slice_j of surplus; borne by the fund = Σ b_j × slice_j of overrun" {
        subject: SharingSubject [required], "主体", "who";
        surplus: Rows<Slice> [required], "结余比例（结余 ÷ 应得）分段与留用份额", "bands of surplus ÷ entitlement, and the share kept";
        overrun: Rows<Slice> [required], "超支比例（超支 ÷ 应得）分段与基金分担份额",
            "bands of overrun ÷ entitlement, and the share the fund bears";
        mode: BandMode [required], "分段方式", "how bands count";
        edge: Edge [required], "恰在段界的归属", "the band of a ratio on an edge";
        subjects: Vec<String> [optional], "只适用于这些主体（机构编码或医共体名称）", "only these institutions or consortia";
        levels: Vec<String> [optional], "只适用于这些等级的机构", "only institutions of these levels";
        gate: Text [optional], "前提条件；未达到者不适用本规则", "a precondition; the rule does not apply without it";
        gate_met: bool [= "true"], "适用于达到（true）还是未达到（false）前提条件的主体",
            "whether it is for subjects that meet the precondition, or for those that do not";
        gates: Rows<Gate> [optional], "达到条件的主体；未列出者视为未达到", "who meets it; who is not listed does not";
        pools: Vec<String> [optional], "只适用于这些基金池", "only these pools";
    }
}

record! {
    /// A reason for an overrun that was found reasonable.
    ApprovedRow key "subject", "insutype", "year", "reason" {
        subject: Text [required], "机构编码或医共体名称", "institution or consortium";
        insutype: Text [required], "险种；医共体为基金池", "insurance type; of a consortium the pool";
        year: Text [required], "年度", "the year";
        reason: Text [required], "超支事由", "why it overran";
        amount: Yuan [required], "批准的合理超支（元）；经审核不予认可的填 0",
            "approved amount in yuan; 0 for what was looked at and not approved";
        approved_by: Text [required], "批准单位或评审人", "who approved it";
        document: Text [required], "批准文件或会议纪要", "the document or minutes";
        note: Text [optional], "备注", "note";
    }
}

choice! {
    /// What the approved amount does to the bands.
    ApprovedTo {
        Part = "part", "只有合理部分进入分段：如同超支就是这么多", "only the approved part goes into the bands, as if it were the overrun";
        Cap = "cap", "全部超支按分段计算，基金分担额以批准额为限",
            "the whole overrun goes into the bands, and the fund bears no more than the approved amount";
        ProRata = "pro_rata", "全部超支按分段计算，再按合理部分占超支的比例折算",
            "the whole overrun goes into the bands, and the approved part's share of the result counts";
    }
}

choice! {
    /// A subject without a row.
    Unlisted {
        None = "none", "没有合理部分：基金不分担", "nothing is reasonable: the fund bears nothing";
        All = "all", "全部视为合理", "all of its overrun is reasonable";
    }
}

family! {
    /// Which part of an overrun is reasonable.
    ReasonableOverrun = "reasonable_overrun", AtMostOne, "合理超支的认定", "reasonable overrun";
    All = "all", "全部超支视为合理", "all of an overrun is reasonable", "R = O" {}
    List = "list", "按批准的合理超支清单；其余由机构或医共体自行承担",
        "by an approved list; the rest stays with the subject", "R = min(O, Σ approved)" {
        table: Rows<ApprovedRow> [required], "批准清单", "the approved list";
        to: ApprovedTo [= "part"], "批准额的作用", "what the approved amount does";
        unlisted: Unlisted [required], "本年度清单中没有的主体", "a subject that has no row for the year";
    }
}

record! {
    /// A score of a frozen snapshot.
    Score key "subject" {
        subject: Text [required], "机构编码或医共体名称", "institution or consortium";
        score: Factor [required], "得分", "the score";
        snapshot: Text [required], "快照编号；须与规则一致", "the snapshot; must be the rule's";
        note: Text [optional], "备注", "note";
    }
}

record! {
    /// From this score on, this share is returned.
    ScoreBand key "from" {
        from: Factor [required], "得分下限（含）", "least score (inclusive)";
        share: Share [required], "返还份额", "share returned";
    }
}

choice! {
    /// Where forfeited deposits go.
    Forfeited {
        Reserve = "reserve", "计入调剂金", "into the reserve";
        Redistribute = "redistribute", "按点数分给全额返还的机构", "to the institutions with a full return, by points";
    }
}

family! {
    /// How much of the quality deposit comes back.
    DepositReturn = "deposit_return", AtMostOne, "质量保证金返还", "return of the quality deposit";
    Full = "full", "全额返还", "all of it", "returned = withheld" {}
    Linear = "linear", "按得分比例", "in proportion to the score", "returned = withheld × min(1, score ÷ full)" {
        full: Factor [= "100"], "满分", "the full score";
        scores: Rows<Score> [required], "考核得分", "the scores";
        snapshot: Text [required], "得分快照编号", "the snapshot of the scores";
        forfeited: Forfeited [= "reserve"], "未返还部分的去向", "where the rest goes";
    }
    Bands = "bands", "按得分分档", "by bands of score", "returned = withheld × r(score)" {
        bands: Rows<ScoreBand> [required], "分档；低于最低档不返还", "bands; nothing below the lowest";
        scores: Rows<Score> [required], "考核得分", "the scores";
        snapshot: Text [required], "得分快照编号", "the snapshot of the scores";
        forfeited: Forfeited [= "reserve"], "未返还部分的去向", "where the rest goes";
    }
}

record! {
    /// An amount taken from an institution at clearing.
    PenaltyRow key "fixmedins_code", "insutype", "reason", "year" {
        fixmedins_code: Text [required], "定点机构编码", "institution";
        insutype: Text [required], "险种", "insurance type";
        amount: Yuan [required], "扣款（元）", "amount in yuan";
        reason: Text [required], "事由", "reason";
        year: Whole<2000, 2199> [optional], "年度；空白者只扣一次", "the year; a row without one is taken once";
        note: Text [optional], "备注", "note";
    }
}

family! {
    /// Penalties.
    Penalty = "penalty", Any, "违规扣款", "penalties";
    Table = "table", "扣款表；计入调剂金", "a table; the amounts go into the reserve", "final − amount" {
        table: Rows<PenaltyRow> [required], "扣款表", "the table";
    }
}

family! {
    /// The reserve that pays the fund's part of overruns.
    Reserve = "reserve", AtMostOne, "调剂金（风险金）", "reserve";
    Ledger = "ledger", "期初余额，及分担超支是否以余额为限", "opening balance, and whether overruns are borne only as far as it reaches",
        "closing = opening + in − out" {
        opening: BTreeMap<String, Yuan> [required], "基金池 → 期初余额（元）；键“*”为其余各池",
            "pool → opening balance in yuan; key \"*\" for all others";
        limited: bool [required], "余额不足时按比例削减基金分担额", "cut the fund's part pro rata when the balance does not suffice";
    }
}
