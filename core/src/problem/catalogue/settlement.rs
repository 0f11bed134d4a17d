//! Pricing and settlement.

catalogue! {
    M001 MISSING_WEIGHT Error {
        zh: "病组 {drg} 没有权重（{cases} 例）；请补充权重，或声明 missing_weight 规则",
        en: "the group {drg} has no weight ({cases} cases); add it, or state a missing_weight rule",
    }
    M002 UNKNOWN_INSTITUTION Error {
        zh: "医疗机构 {institution} 不在机构名录中（{cases} 例）",
        en: "the institution {institution} is not in the register ({cases} cases)",
    }
    M003 UNKNOWN_LEVEL Error {
        zh: "规则“{rule}”没有机构等级“{level}”的数值（机构 {institution}，病组 {drg}）；已有：{known}",
        en: "the rule \"{rule}\" has no figure for the level \"{level}\" (institution {institution}, group {drg}); known: {known}",
    }
    M004 NO_COEFFICIENT Error {
        zh: "机构 {institution} 没有系数（规则 {rule}）",
        en: "the institution {institution} has no coefficient (rule {rule})",
    }
    M005 UNKNOWN_INSURANCE_TYPE Error {
        zh: "险种“{insutype}”不属于任何基金池（{cases} 例）；已有：{known}",
        en: "the insurance type \"{insutype}\" belongs to no pool ({cases} cases); known: {known}",
    }
    M006 NO_PACK_FOR_DATE Error {
        zh: "{from} 至 {to} 出院的 {cases} 例没有有效的政策包；政策包覆盖：{covered}",
        en: "no pack is valid for {cases} cases discharged from {from} to {to}; packs cover: {covered}",
    }
    M007 NO_DISCHARGE_DATE Error {
        zh: "{cases} 例没有出院日期，首例 {claim}",
        en: "{cases} cases have no discharge date, the first is {claim}",
    }
    M008 NO_SETTLEMENT_DATE Error {
        zh: "{cases} 例没有结算日期，首例 {claim}",
        en: "{cases} cases have no settlement date, the first is {claim}",
    }
    M009 OVERFLOW Error { zh: "{what} 超出可精确计算的范围", en: "{what} exceeds what can be computed exactly" }
    M010 NO_RATE Error { zh: "基金池 {pool} 没有费率", en: "the pool {pool} has no rate" }
    M011 NO_POOL_MEAN Error { zh: "基金池 {pool} 没有例均费用", en: "the pool {pool} has no mean cost" }
    M012 DIFFERENT_SCALES Error {
        zh: "同一期内政策包“{first}”与“{second}”的方法或点数基准（scale）不同，点数不可相加",
        en: "the packs \"{first}\" and \"{second}\" of one period differ in method or scale: their points cannot be added",
    }
    M013 NO_BUDGET Error {
        zh: "基金池 {pool} 在 {period} 没有预算；预算表有：{known}",
        en: "the pool {pool} has no budget for {period}; the table has: {known}",
    }
    M014 BUDGET_TWICE Error {
        zh: "{subject} 在 {period} 既有月度预算又有年度预算",
        en: "{subject} has both a monthly and a yearly budget for {period}",
    }
    M015 BUDGET_OVERDRAWN Error {
        zh: "基金池 {pool} 扣除各项及按费用支付的 {amount} 元后预算为负，点值无法确定",
        en: "the budget of pool {pool} is negative after deductions and {amount} yuan paid by cost: no point value",
    }
    M016 NO_POINT_VALUE Error { zh: "基金池 {pool} 没有点值", en: "the pool {pool} has no point value" }
    M017 NEEDS_OWN_PAY Error {
        zh: "按病例口径（due = \"case\"）需要自费、先行自付与起付线列，{cases} 例没有",
        en: "due = \"case\" needs full own pay, first own pay and deductible, absent for {cases} cases",
    }
    M018 LENGTHS Error {
        zh: "{what} 有 {found} 行，病例有 {expected} 行",
        en: "{what} has {found} rows, the claims have {expected}",
    }
    M019 NO_REFERENCE Error {
        zh: "病组 {drg} 既没有例均费用也没有基金池例均费用，无法判断倍率",
        en: "the group {drg} has neither a mean cost nor a pool mean: its cost ratio is unknown",
    }
    M020 PROVISIONAL Warning {
        zh: "政策包“{pack}”是草案：全部结果为模拟",
        en: "the pack \"{pack}\" is a draft: every result is a simulation",
    }
    M021 NO_LENGTH_OF_STAY Error {
        zh: "{cases} 例没有住院天数而规则 {rule} 要用，首例 {claim}",
        en: "{cases} cases have no length of stay, which rule {rule} needs; the first is {claim}",
    }
    M022 ZERO_REFERENCE Error { zh: "病组 {drg} 的例均费用为零", en: "the mean cost of group {drg} is zero" }
    M023 NO_AMOUNT Error {
        zh: "{cases} 例没有 {column}，付费规则需要它，首例 {claim}",
        en: "{cases} cases have no {column}, which the rules need; the first is {claim}",
    }
    M024 NO_PERSON Error {
        zh: "{cases} 例没有人员编号或入院日期，规则 {rule} 需要它们，首例 {claim}",
        en: "{cases} cases have no person or day of admission, which rule {rule} needs; the first is {claim}",
    }
    M025 SAME_REVIEWER Error {
        zh: "病例 {claim} 的两名评审人是同一人 {reviewer}",
        en: "both reviewers of claim {claim} are {reviewer}",
    }
    M026 OWN_REVIEWER Error {
        zh: "病例 {claim} 的评审人 {reviewer} 来自本院",
        en: "the reviewer {reviewer} of claim {claim} is of the institution itself",
    }
    M027 REVIEWS_DIFFER Error {
        zh: "病例 {claim} 的两名评审人认定的金额不一致：{first}、{second}",
        en: "the reviewers of claim {claim} found different amounts: {first}, {second}",
    }
    M028 REVIEW_QUOTA Error {
        zh: "机构 {institution} 特病单议 {reviews} 例，超过限额 {quota} 例（纳入病例 {cases} 例）",
        en: "the institution {institution} has {reviews} special reviews, over its quota of {quota} ({cases} cases)",
    }
    M029 NO_SCORE Error {
        zh: "“{subject}”没有得分（规则 {rule}）",
        en: "\"{subject}\" has no score (rule {rule})",
    }
    M030 OTHER_SNAPSHOT Error {
        zh: "“{subject}”的得分来自快照 {found}，规则 {rule} 用的是 {snapshot}",
        en: "the score of \"{subject}\" is of snapshot {found}, the rule {rule} takes {snapshot}",
    }
    M031 NO_REFERRAL_RATE Error {
        zh: "医共体“{consortium}”没有实际市外就医率或总额调整系数（规则 {rule}）",
        en: "the consortium \"{consortium}\" has no actual rate of care outside, or no factor of its total (rule {rule})",
    }
    M032 NO_SPLIT Error {
        zh: "医共体有结余或超支要分配，但没有 {family} 规则",
        en: "a consortium's balance is to be divided, and there is no {family} rule",
    }
    M033 NOTHING_TO_SPLIT_BY Error {
        zh: "医共体“{consortium}”的成员在规则 {rule} 的口径下全为零，无法分配",
        en: "the members of \"{consortium}\" all measure zero by rule {rule}: nothing to divide by",
    }
    M034 POINTS_BY_RATE Error {
        zh: "按费率付费（规则 {rule}）没有点值，无法支付账册中互认折算的点数（{lines} 行）；互认请改为单列入账",
        en: "by rate (rule {rule}) there is no point value to pay {lines} lines of recognised exams by; book them separately",
    }
    M035 NO_CLASS Error {
        zh: "成员 {institution} 的类别“{class}”不在规则 {rule} 的各类之中；已有：{known}",
        en: "the member {institution} is of class \"{class}\", which rule {rule} does not have; known: {known}",
    }
    M036 EMPTY_CLASS Error {
        zh: "医共体“{consortium}”没有“{class}”类的成员，规则 {rule} 给它的份额无处可去",
        en: "\"{consortium}\" has no member of class \"{class}\": the share that rule {rule} gives it has nobody to go to",
    }
    M037 APPROVED_FOR_NOTHING Warning {
        zh: "合理超支清单（规则 {rule}）中“{subject}”（{insutype}）在 {year} 没有适用的超支分担，批准额未用",
        en: "the list of reasonable overruns (rule {rule}) names \"{subject}\" ({insutype}), whose overrun no rule shares in {year}",
    }
    M038 RESERVE_BELOW_ZERO Warning {
        zh: "基金池 {pool} 的调剂金期末为 {amount} 元，低于零",
        en: "the reserve of pool {pool} closes at {amount} yuan, below zero",
    }
    M039 OPENING_CARRIED Warning {
        zh: "基金池 {pool} 的调剂金以账册中 {year} 年的期末余额 {amount} 元为期初；政策包所写的 {stated} 元未用",
        en: "the reserve of pool {pool} opens with {amount} yuan, its closing of {year} in the book; the {stated} yuan of the pack are not used",
    }
    M040 NO_LINE Error {
        zh: "规则“{rule}”没有列出病组 {drg} 的界限；请补充，或以 others 说明",
        en: "the rule \"{rule}\" lists no line for the group {drg}; add it, or say otherwise in others",
    }
    M041 NO_SHARE Error {
        zh: "规则“{rule}”没有机构 {institution}（等级 {level}）的比例；请补充，或加一行不写机构与等级的默认行",
        en: "the rule \"{rule}\" has no share for the institution {institution} (level {level}); add it, or a row for all others",
    }
}
