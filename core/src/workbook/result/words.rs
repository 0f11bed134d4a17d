//! What codes of fiscal results are called.

use crate::awards::{Level, LineKind, SubjectKind};
use crate::problem::Lang;

const WORDS: &[(&str, &str, &str)] = &[
    ("refused", "不奖补", "not awarded"),
    ("error", "错误", "error"),
    ("warning", "提示", "warning"),
    ("events", "事件数", "events"),
    ("awards", "奖补笔数", "awards"),
    ("entries", "分录数", "entries"),
    ("amount", "金额合计", "amount"),
    ("amount_award", "奖补金额", "awards, amount"),
    ("amount_second", "二次奖补金额", "second awards, amount"),
    ("amount_claw_back", "追回金额", "clawed back"),
    ("amount_replaced", "冲回金额", "replaced"),
    ("amount_team_share", "团队奖抵扣金额", "off by shares in teams' awards"),
    ("floors", "底线项数", "floors"),
    ("scenarios", "情景数", "scenarios"),
    ("groups", "网格、敏感性与抽样数", "grids, sensitivities and draws"),
    ("baseline_insurance", "基线医保基金", "baseline, insurance"),
    ("baseline_fiscal_awards", "基线财政奖补", "baseline, awards"),
    ("baseline_fiscal_floors", "基线补足投入底线所需", "baseline, cost of closing floors"),
    ("amounts.rows", "金额明细行数", "amounts, rows"),
    ("winners.rows", "得失行数", "winners and losers, rows"),
    ("gap", "缺口合计", "gaps"),
    ("cost", "补足所需合计", "cost"),
    ("met", "达标", "met"),
    ("short", "未达标", "short"),
    ("above", "高于定值", "above"),
    ("unknown", "缺数据", "unknown"),
];

/// The word for a code; the code itself where there is none.
#[must_use]
pub fn word(code: &str, lang: Lang) -> &str {
    if let Some((_, zh, en)) = WORDS.iter().find(|word| word.0 == code) {
        return lang.pick(zh, en);
    }
    if lang == Lang::En {
        return code;
    }
    let kind = LineKind::ALL.into_iter().find(|kind| kind.code() == code).map(LineKind::chinese);
    let level = || Level::ALL.into_iter().find(|level| level.code() == code).map(Level::chinese);
    let subject = || SubjectKind::ALL.into_iter().find(|kind| kind.code() == code).map(SubjectKind::chinese);
    kind.or_else(level).or_else(subject).unwrap_or(code)
}
