//! The formulas of rules in Chinese, where they have words in them.

/// A formula of `docs/policy.md` for readers of Chinese: itself where it has symbols only.
pub(super) fn chinese(formula: &'static str) -> &'static str {
    FORMULAS.iter().find(|(own, _)| *own == formula).map_or(formula, |(_, zh)| zh)
}

const FORMULAS: &[(&str, &str)] = &[
    ("amount = tier(grade)", "奖补 = 等次对应的标准"),
    ("amount = tier(value), if value ≥ threshold", "指标值 ≥ 门槛时，奖补 = 指标值对应的标准"),
    ("amount = tier(rank), rank ≤ top", "名次 ≤ 取前名次时，奖补 = 名次对应的标准"),
    ("amount = base × rate, if paid ÷ due ≥ threshold", "已付 ÷ 应付 ≥ 门槛时，奖补 = 基数 × 比例"),
    ("required = base × share", "应安排 = 基数 × 比例"),
    ("required = yuan", "应安排 = 固定金额"),
    ("required = yuan × heads", "应安排 = 人均金额 × 人数"),
    ("required = last year × (1 + index)", "应安排 = 上年 × (1 + 增幅)"),
    ("required = needed", "应安排 = 所需金额"),
    ("required ≤ last year × (1 − fall)", "应不高于 上年 × (1 − 降幅)"),
    ("required = total × share of the government", "应安排 = 总额 × 该级财政分担比例"),
    ("points × factor", "点数 × 加成系数"),
    ("points + extra", "点数 + 追加点数"),
    ("points × share", "点数 × 保留份额"),
    ("points of the counted stay × C_i ÷ Σ C, by largest remainder", "计价住院的点数 × C_i ÷ Σ C，最大余额法"),
    ("reviews ≤ ⌊share × cases⌋; amount, or amount ÷ M × s", "评审例数 ≤ ⌊比例 × 病例数⌋；按认定金额，或 金额 ÷ M × s"),
    ("points = RW × s × f; standard = points × PV", "点数 = RW × s × f；支付标准 = 点数 × PV"),
    ("standard = RW × rate × f", "支付标准 = RW × 费率 × f"),
    (
        "kept = Σ a_j × slice_j of surplus; borne by the fund = Σ b_j × slice_j of overrun",
        "留用 = Σ a_j × 结余第 j 段；基金分担 = Σ b_j × 超支第 j 段",
    ),
    ("R = min(O, Σ approved)", "R = min(O, Σ 批准的合理超支)"),
    ("returned = withheld", "返还 = 扣留"),
    ("returned = withheld × min(1, score ÷ full)", "返还 = 扣留 × min(1, 得分 ÷ 满分)"),
    ("returned = withheld × r(score)", "返还 = 扣留 × r(得分)"),
    ("final − amount", "清算应付 − 扣款"),
    ("closing = opening + in − out", "期末 = 期初 + 计入 − 支出"),
    ("f = column[drg, level] or levels[level] or default", "f = 系数列[病组, 等级]，否则 等级系数[等级]，否则 默认值"),
    ("f = register[institution]", "f = 名录[机构]"),
    ("f = table[drg, institution]", "f = 系数表[病组, 机构]"),
    ("f = value", "f = 给定值"),
    ("T = budget", "T = 预算"),
    ("T = heads × per head × risk − reserve − kept outside", "T = 参保人数 × 人均 × 风险系数 − 提取 − 留存在外"),
    ("spent = Σ dues + outside", "支出 = Σ 应付 + 区域外就医"),
    ("T' = T × clamp(1 + β × (target − actual), floor, ceiling)", "T' = T × 限于上下限(1 + β × (目标 − 实际))"),
    ("T' = T × factor", "T' = T × 系数"),
    ("each part by largest remainder over its measure", "各部分按其指标分配，最大余额法"),
    (
        "class = share × sum; inside by largest remainder over the measure",
        "每类 = 比例 × 总额；类内按指标分配，最大余额法",
    ),
    ("by largest remainder over dues", "按应付分配，最大余额法"),
    ("low when C < L × R", "C < L × R 时为低倍率"),
    ("low when C < L(RW) × R", "C < L(RW) × R 时为低倍率"),
    ("low when C < L(level) × R", "C < L(等级) × R 时为低倍率"),
    ("low when C < L(level, RW) × R", "C < L(等级, RW) × R 时为低倍率"),
    ("low when C < L(drg, level) × R", "C < L(病组, 等级) × R 时为低倍率"),
    ("high when C > K × R", "C > K × R 时为高倍率"),
    ("high when C > K(RW) × R", "C > K(RW) × R 时为高倍率"),
    ("high when C > K(level) × R", "C > K(等级) × R 时为高倍率"),
    ("high when C > K(level, RW) × R", "C > K(等级, RW) × R 时为高倍率"),
    ("high when C > K(drg, level) × R", "C > K(病组, 等级) × R 时为高倍率"),
    ("N_m = N_year × w_m ÷ Σ w", "N_月 = N_年 × w_月 ÷ Σ w"),
    ("N = Σ hifp_pay", "N = Σ 统筹基金支付"),
    ("share × (budget or rest)", "比例 ×（预算或余额）"),
    ("amount", "固定金额"),
    (
        "PV = (N + Σ patient + Σ other funds − paid by cost) ÷ Σ points",
        "PV = (N + Σ 个人支付 + Σ 其他基金 − 按金额支付) ÷ Σ 点数",
    ),
    ("PV = (N − paid by cost) ÷ Σ points", "PV = (N − 按金额支付) ÷ Σ 点数"),
    ("PV = value", "PV = 给定值"),
    ("floor × ref ≤ PV ≤ ceiling × ref", "下限倍数 × 参考点值 ≤ PV ≤ 上限倍数 × 参考点值"),
    ("prepaid = share × due", "预付 = 比例 × 应付"),
    ("prepaid = share[institution or level] × due", "预付 = 比例[机构或等级] × 应付"),
    ("withheld = share × (prepaid or due)", "保证金 = 比例 ×（预付或应付）"),
    ("withheld = share[institution or level] × (prepaid or due)", "保证金 = 比例[机构或等级] ×（预付或应付）"),
    ("amount = C", "金额 = C"),
    ("C ÷ M × s × share", "C ÷ M × s × 份额"),
    ("RW × s × f + share × (C ÷ R − K) × RW × s × [f]", "RW × s × f + 份额 × (C ÷ R − K) × RW × s × [f]"),
    ("RW × s × f + share × (C − K × R) ÷ M × s × [f]", "RW × s × f + 份额 × (C − K × R) ÷ M × s × [f]"),
    ("RW × s × f points + share × (C − K × R) yuan", "RW × s × f 点 + 份额 × (C − K × R) 元"),
    ("amount = C × share", "金额 = C × 份额"),
    ("award = share × fee", "互认支付 = 份额 × 收费"),
    ("fee = price[item, recogniser's level, day of recognition]", "收费 = 价目表[项目, 互认机构等级, 互认日期]"),
    ("fee = price[item, issuer's level, day of report]", "收费 = 价目表[项目, 出具机构等级, 报告日期]"),
    ("fee = record", "收费 = 记录中的收费"),
    ("award = share × fee × fund share", "互认支付 = 份额 × 收费 × 基金支付比例"),
    ("points = award ÷ value", "点数 = 互认支付 ÷ 每点金额"),
    ("Σ award ≤ share × budget", "Σ 互认支付 ≤ 比例 × 预算"),
    ("points = daily × Σ over bands of share × days in the band", "点数 = 每床日点数 × Σ 各段份额 × 该段天数"),
    ("amount = daily × Σ over bands of share × days in the band", "金额 = 每床日元 × Σ 各段份额 × 该段天数"),
    ("RW × s × [f] × share", "RW × s × [f] × 份额"),
    ("RW × s × f, or C ÷ M × s × share, or amount = C × share", "RW × s × f，或 C ÷ M × s × 份额，或 金额 = C × 份额"),
    (
        "RW_tcm × s × f; at clearing, if TCM cost ÷ base < gate: RW_fallback × s × f",
        "RW_中医 × s × f；清算时中医费用 ÷ 分母 < 下限的：RW_对应病组 × s × f",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::rules::FAMILIES;

    #[test]
    fn no_formula_has_english_words_for_readers_of_chinese() {
        let settled = FAMILIES.iter().filter(|family| !family.family.starts_with("weight"));
        for kind in settled.flat_map(|family| family.kinds) {
            let words = |text: &str| text.split(|sign: char| !sign.is_ascii_lowercase()).any(|word| word.len() > 3);
            assert!(!words(chinese(kind.formula)), "{}: {}", kind.kind, kind.formula);
        }
    }
}
