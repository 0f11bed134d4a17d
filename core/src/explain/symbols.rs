//! What the symbols of formulas are called in print.

use crate::problem::Lang;

/// The name of a symbol, the same in a formula and among its numbers. RW, s, f, C, A, M, R, L, K, PV stay as they are.
pub(super) fn symbol(name: &str, lang: Lang) -> String {
    let words = SYMBOLS.iter().find(|(own, ..)| *own == name);
    if let Some((_, zh, en)) = words {
        return lang.pick(zh, en).to_owned();
    }
    let stem = name.trim_end_matches(|sign: char| sign.is_ascii_digit());
    match SYMBOLS.iter().find(|(own, ..)| *own == stem && ["share", "days"].contains(own)) {
        Some((_, zh, en)) => format!("{}{}", lang.pick(zh, en), &name[stem.len()..]),
        None => name.to_owned(),
    }
}

/// A formula of symbols with their names.
pub(super) fn formula(formula: &str, lang: Lang) -> String {
    let (mut out, mut word) = (String::new(), String::new());
    for sign in formula.chars() {
        if sign.is_alphanumeric() || sign == '_' || sign == '-' {
            word.push(sign);
            continue;
        }
        out += &symbol(&std::mem::take(&mut word), lang);
        out.push(sign);
    }
    out + &symbol(&word, lang)
}

/// A value that is a code, in words.
pub(super) fn value(name: &str, value: &str, lang: Lang) -> String {
    let mode = MODES.iter().find(|(own, ..)| name == "mode" && *own == value);
    mode.map_or_else(|| value.to_owned(), |(_, zh, en)| lang.pick(zh, en).to_owned())
}

const SYMBOLS: &[(&str, &str, &str)] = &[
    ("P", "点数", "points"),
    ("points", "点数", "points"),
    ("share", "份额", "share"),
    ("days", "天数", "days"),
    ("daily", "每床日", "daily"),
    ("rate", "费率", "rate"),
    ("factor", "加成系数", "factor"),
    ("extra", "追加点数", "extra"),
    ("base_points", "基准点数", "base_points"),
    ("hifp_pay", "统筹基金支付", "fund_paid"),
    ("amount", "金额", "amount"),
    ("tcm_amt", "中医费用", "tcm_cost"),
    ("tcm_base_amt", "中治率分母", "tcm_base"),
    ("gate", "下限", "gate"),
    ("digits", "小数位", "digits"),
    ("mode", "舍入方式", "rounding"),
    ("round", "取位", "round"),
    ("reviewer_1", "评审人一", "first reviewer"),
    ("reviewer_2", "评审人二", "second reviewer"),
    ("whole", "计价住院的价格", "counted_price"),
    ("counted", "计价的住院", "counted stay"),
    ("later_stay", "后次住院", "later stay"),
    ("earlier_stay", "前次住院", "earlier stay"),
    ("days_between", "间隔天数", "days between"),
    ("due", "应付", "due"),
    ("prepaid", "预付", "prepaid"),
    ("ratio", "比例", "ratio"),
    ("standard", "标准", "standard"),
    ("by_amount", "池内金额", "by_amount"),
    ("outside", "预算外金额", "outside_budget"),
    ("patient", "个人支付", "patient"),
    ("other_funds", "其他基金支付", "other_funds"),
    ("own_pay", "自费", "own_pay"),
    ("first_own_pay", "先行自付", "first_own_pay"),
    ("deductible", "起付线", "deductible"),
    ("fund_share", "基金支付比例", "fund_share"),
];

const MODES: &[(&str, &str, &str)] = &[
    ("half_up", "四舍五入（远离零）", "a half away from zero"),
    ("half_even", "四舍六入五成双", "a half to the even neighbour"),
    ("toward_zero", "截断", "towards zero"),
    ("floor", "向下取整", "towards minus infinity"),
    ("ceiling", "向上取整", "towards plus infinity"),
];
