//! Awards and fiscal rules: inputs (`A0`), why an event pays nothing (`A1`), packs (`A2`), fiscal floors (`A3`).

catalogue! {
    A011 INCONSISTENT_SUBJECT Error {
        zh: "主体“{subject}”前后不一致：{one} 与 {other}（另见 {place}）",
        en: "the subject \"{subject}\" is described in two ways: {one} and {other} (see {place})",
    }
    A014 NEEDS_ITEM Error {
        zh: "规则 {rule} 按项目计奖，须填写“项目名称”",
        en: "rule {rule} pays per item: the item must be named",
    }
    A015 NEEDS_QUANTITY Error {
        zh: "规则 {rule} 按数量计算，须填写“数量”",
        en: "rule {rule} needs the quantity",
    }
    A016 NEEDS_BASE Error {
        zh: "规则 {rule} 按基数配套，须填写“基数金额”",
        en: "rule {rule} matches a base amount: it must be given",
    }
    A017 NEEDS_DATE Error {
        zh: "奖补年度以“{which}”为准（开关 award_year={reading}），但该日期为空",
        en: "the award year follows the date \"{which}\" (switch award_year={reading}), which is empty",
    }
    A018 NEEDS_SHARES Error {
        zh: "按约定份额分配（开关 joint_winners=agreed_shares）须给出每个获奖主体的正份额，且合计为 100",
        en: "agreed shares (switch joint_winners=agreed_shares) must be positive for every winner and sum to 100",
    }
    A019 TOO_LARGE Error { zh: "金额超出可表示范围", en: "the amount is too large" }
    A020 NO_TREASURY Error {
        zh: "“{place}”没有对应的{level}财政",
        en: "\"{place}\" has no treasury at the level {level}",
    }
    A023 EVENTS_AMBIGUOUS Error {
        zh: "事件“{event}”有多笔奖补，请改填奖励编号：{awards}",
        en: "the event \"{event}\" has several awards; give the award number: {awards}",
    }
    A031 PAYMENT_FITS_NOTHING Warning {
        zh: "到位资金没有对应的奖补：{what}",
        en: "this payment belongs to no award: {what}",
    }
    A032 REVOCATION_FITS_NOTHING Warning {
        zh: "撤销没有对应的奖补，只记入历史：{what}",
        en: "this revocation belongs to no award and counts as history only: {what}",
    }
    A033 OVERPAID Warning {
        zh: "{scope} 到位 {paid} 元超过应到 {due} 元，超出部分不计入基数",
        en: "{scope}: {paid} yuan arrived, more than the {due} yuan due; the excess is not part of the base",
    }
    A034 NOT_TOLD_APART Warning {
        zh: "按县按年度登记的到位资金无法分到事项（开关 second_gate=per_item），未计入",
        en: "a payment for a county and year cannot be told apart by item (switch second_gate=per_item); not counted",
    }
    A035 PAYMENT_CHANGED Error {
        zh: "到位资金凭证号“{id}”在账册中的内容与本次不同",
        en: "the payment \"{id}\" is in the book with other content",
    }
    A036 NEEDS_SECOND_SHARES Error {
        zh: "二次奖补按规定比例分配（开关 second_payee=by_rule）时，政策包须给出地方、单位、个人的比例",
        en: "the pack must state the shares of place, units and persons (switch second_payee=by_rule)",
    }
    A037 LATER_AWARDS Error {
        zh: "账册中已有更晚年度 {later} 的奖补，它依据本年度已有结果；更正请记入 {later} 或以后的年度",
        en: "the book has awards of the later year {later}, which rest on this one; put corrections into {later} or later",
    }
    A039 SECOND_NOT_BACKED Warning {
        zh: "{scope}：二次奖补已付 {paid} 元，到位资金现只够 {due} 元；多付的部分没有自动追回",
        en: "{scope}: {paid} yuan of second award were paid, the money now in place earns {due}; the rest is not taken back",
    }
    A040 SEVERAL_YEARS Error {
        zh: "表中有 {years} 的数据，记入账册须指明年度（period）",
        en: "the forms have rows of {years}: the year of the book must be named (period)",
    }
    A038 AFTER_PERIOD Warning {
        zh: "日期在 {period} 年之后的 {rows} 行不计入本期，属于以后的年度",
        en: "{rows} rows are dated after {period} and are left for a later year",
    }
    A101 NO_RULE Warning { zh: "没有奖补“{achievement}”的规则", en: "no rule awards \"{achievement}\"" }
    A102 GRADE_NOT_AWARDED Warning {
        zh: "规则 {rule} 不奖补等次“{grade}”",
        en: "rule {rule} does not award the grade \"{grade}\"",
    }
    A103 WRONG_SUBJECT Warning {
        zh: "规则奖补对象是{expected}，填报的是{found}",
        en: "the rule awards a {expected}, the event names a {found}",
    }
    A104 OUTSIDE_PERIOD Warning {
        zh: "认定日期 {date} 不在政策有效期内（{from} 至 {to}）",
        en: "named on {date}, outside the policy's period ({from} to {to})",
    }
    A105 NOT_PUBLIC Warning { zh: "规则只奖补公立机构", en: "the rule awards public institutions only" }
    A106 HELD_BEFORE Warning {
        zh: "不属于新创：{date} 已取得同一称号",
        en: "not newly created: the same title was obtained on {date}",
    }
    A107 NOT_FIRST_TIME Warning { zh: "不是首次：{date} 已达到", en: "not the first time: reached on {date}" }
    A109 IN_BOOK Warning { zh: "账册中已有此奖补：{award}", en: "already in the book: {award}" }
    A110 SAME_ACHIEVEMENT Warning {
        zh: "同一成果已计奖：{award}（事件 {event}）",
        en: "the same achievement is awarded already: {award} (event {event})",
    }
    A111 NO_STEP_UP Warning {
        zh: "曾于 {date} 达到同组相同或更高等次，不是晋级",
        en: "no step up: a tier as high was reached on {date}",
    }
    A112 NO_DIFFERENCE Warning {
        zh: "同组已计奖 {paid} 元，不低于本等次 {gross} 元，无差额",
        en: "the group has been awarded {paid} yuan, this tier is {gross} yuan: no difference is left",
    }
    A113 HIGHER_TIER Warning {
        zh: "同组更高等次已计奖：{award}",
        en: "a higher tier of the group is awarded: {award}",
    }
    A114 REDUCED_TO_ZERO Warning {
        zh: "扣减后为零：{gross} 元已被其他奖励抵扣",
        en: "nothing is left of {gross} yuan after other awards are deducted",
    }
    A115 TOO_LATE Warning {
        zh: "申请日期 {applied} 超过认定后 {days} 日的期限（或未填申请日期）",
        en: "applied for on {applied}, later than {days} days after naming (or not at all)",
    }
    A116 PRECONDITION Warning { zh: "前置条件不满足：{condition}", en: "a precondition does not hold: {condition}" }
    A117 CAP_EXHAUSTED Warning { zh: "已达上限 {limit} 元", en: "the cap of {limit} yuan is used up" }
    A118 READING_EXCLUDES Warning {
        zh: "开关 {switch}={reading} 的口径下不奖补",
        en: "not awarded under the reading {switch}={reading}",
    }
    A119 AMOUNT_IS_ZERO Warning { zh: "按奖补标准计算为零", en: "the tier table gives zero" }
    A120 PHASE_WAITS Warning {
        zh: "{award} 第 {phase} 期待复核通过后支付",
        en: "{award}: phase {phase} waits for the review",
    }
    A201 NO_AWARD_PACK Error {
        zh: "没有包含奖补规则的政策包（money = \"fiscal\"，[rules.*] kind = \"award.…\"）",
        en: "no pack has award rules (money = \"fiscal\", [rules.*] kind = \"award.…\")",
    }
    A202 SEVERAL_AWARD_PACKS Error {
        zh: "一次只能使用一个奖补政策包，现有：{packs}",
        en: "a run takes one pack of award rules, found: {packs}",
    }
    A203 UNKNOWN_SWITCH Error {
        zh: "没有开关“{switch}”；最接近：{closest}",
        en: "there is no switch \"{switch}\"; closest: {closest}",
    }
    A204 UNKNOWN_READING Error {
        zh: "开关“{switch}”没有口径“{reading}”；最接近：{closest}；可用：{known}",
        en: "the switch \"{switch}\" has no reading \"{reading}\"; closest: {closest}; known: {known}",
    }
    A205 BAD_PARENT Error {
        zh: "“{place}”的上级“{parent}”不存在或层级不高于它",
        en: "\"{parent}\", the place above \"{place}\", is not there or not of a higher level",
    }
    A206 SHARES_NOT_WHOLE Error { zh: "{what} 的份额合计为 {sum}，应为 1", en: "the shares of {what} sum to {sum}, not 1" }
    A207 ONE_OF_KEYS Error { zh: "须且只须写其中一种：{keys}", en: "exactly one of these is needed: {keys}" }
    A208 UNKNOWN_ACHIEVEMENT Error {
        zh: "成果类型“{achievement}”不在清单中；最接近：{closest}",
        en: "the achievement \"{achievement}\" is not in the list; closest: {closest}",
    }
    A209 UNKNOWN_GRADE Error {
        zh: "“{achievement}”没有等次“{grade}”；最接近：{closest}",
        en: "\"{achievement}\" has no grade \"{grade}\"; closest: {closest}",
    }
    A210 BAD_WHEN Error {
        zh: "条件“{when}”不是本包自定开关的口径（写作 \"开关=取值\"）；自定开关：{known}",
        en: "\"{when}\" names no reading of a declared switch (write \"switch=reading\"); declared: {known}",
    }
    A211 UNKNOWN_LEVEL Error {
        zh: "没有财政层级“{level}”；最接近：{closest}",
        en: "there is no treasury level \"{level}\"; closest: {closest}",
    }
    A212 LEVEL_BELOW Error {
        zh: "{of}主体的奖补不能由更低的{level}财政负担",
        en: "what is for the level {of} cannot be paid by the lower level {level}",
    }
    A213 BANDS_OVERLAP Error {
        zh: "分档须递增且不重叠，只有最后一档不设上限",
        en: "bands must ascend without overlap, and only the last may be open",
    }
    A214 NO_SUCH_RULE Error {
        zh: "没有规则“{rule}”；最接近：{closest}",
        en: "there is no rule \"{rule}\"; closest: {closest}",
    }
    A301 NO_FLOOR_PACK Error {
        zh: "没有包含投入底线的政策包（money = \"fiscal\"，kind = \"floor.…\"）",
        en: "no pack has floors (money = \"fiscal\", kind = \"floor.…\")",
    }
    A302 SEVERAL_FLOOR_PACKS Error {
        zh: "一次只能使用一个投入底线政策包，现有：{packs}",
        en: "a run takes one pack of floors, found: {packs}",
    }
    A303 UNKNOWN_ACCOUNT Error {
        zh: "账户“{account}”不在清单中；最接近：{closest}",
        en: "the account \"{account}\" is not in the list; closest: {closest}",
    }
    A304 WRONG_UNIT Error {
        zh: "账户“{account}”的单位与规则不符",
        en: "the account \"{account}\" has another unit than the rule needs",
    }
    A305 UNKNOWN_GOVERNMENT Error {
        zh: "没有政府“{government}”；最接近：{closest}",
        en: "there is no government \"{government}\"; closest: {closest}",
    }
    A306 SHARE_NOT_BELOW_ONE Error { zh: "占比 {share} 须小于 1", en: "the share {share} must be below 1" }
    A307 SHARES_OF_YEAR Error {
        zh: "“{floor}”{year} 年各政府分担比例合计为 {sum}，应为 1",
        en: "\"{floor}\": the shares of {year} sum to {sum}, not 1",
    }
    A308 TOTALS_DIFFER Error {
        zh: "“{floor}”{year} 年{one}与{other}填报的总费用不同",
        en: "\"{floor}\": the totals of {one} and {other} for {year} differ",
    }
}
