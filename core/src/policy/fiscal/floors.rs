//! Floors of spending: what a government must spend, and on what.

use std::collections::BTreeMap;

use super::Level;
use crate::policy::spec::{Rows, Share, Text, Yuan, choice, family, record};

record! {
    /// A government that floors apply to.
    GovernmentRow key "name" {
        name: Text [required], "名称", "name";
        level: Level [required], "层级", "level";
    }
}

family! {
    /// The governments of the place.
    Governments = "government", AtMostOne, "政府", "governments";
    List = "list", "各级政府", "governments", "" {
        list: Rows<GovernmentRow> [required], "政府", "governments";
    }
}

choice! {
    /// What an account's figures are.
    Unit {
        Yuan = "yuan", "元", "yuan";
        Count = "count", "人（个）", "a number";
        Rate = "rate", "比率（0.05 = 5%）", "a rate (0.05 = 5 %)";
    }
}

record! {
    /// A column of the accounts.
    AccountRow key "code" {
        code: Text [required], "代码", "code";
        name: Text [required], "名称（表头）", "name (heading)";
        unit: Unit [= "yuan"], "单位", "unit";
        signed: bool [= "false"], "可以为负（如新增财力）", "may be negative, such as new capacity";
        note: Text [optional], "填写说明", "note";
    }
}

family! {
    /// The figures that floors are about.
    Accounts = "account", AtMostOne, "账户", "accounts";
    List = "list", "账户清单", "list of accounts", "" {
        list: Rows<AccountRow> [required], "账户", "accounts";
    }
}

choice! {
    /// How a missing share is made up.
    Closing {
        Reallocate = "reallocate", "在现有总支出内调剂：分母不变", "within the total: the base stays";
        Additional = "additional", "新增支出：分母同时增加", "by additional spending: the base grows with it";
    }
}

choice! {
    /// Whether more than the figure is fine.
    Bound {
        Floor = "floor", "不低于", "at least";
        Exact = "exact", "等于", "exactly";
    }
}

family! {
    /// What must be spent at least.
    Floor = "floor", Any, "投入底线", "floors";
    Share = "share", "占比", "a share", "required = base × share" {
        title: Text [required], "名称", "title";
        levels: Vec<Level> [required], "适用层级", "levels";
        amount: Text [required], "考核的支出账户", "the account that must reach the floor";
        base: Text [required], "基数账户", "the account of the base";
        share: Share [required], "占比", "share";
        bound: Bound [= "floor"], "下限还是定值", "floor or exact";
        closing: Closing [= "reallocate"], "补足方式", "how a gap is closed";
    }
    Amount = "amount", "定额", "an amount", "required = yuan" {
        title: Text [required], "名称", "title";
        levels: Vec<Level> [required], "适用层级", "levels";
        amount: Text [required], "考核的支出账户", "the account that must reach the floor";
        yuan: Yuan [required], "每年金额", "yuan a year";
    }
    PerHead = "per_head", "人均定额", "an amount a head", "required = yuan × heads" {
        title: Text [required], "名称", "title";
        levels: Vec<Level> [required], "适用层级", "levels";
        amount: Text [required], "考核的支出账户", "the account that must reach the floor";
        heads: Text [required], "人数账户", "the account of heads";
        yuan: Yuan [required], "每人每年金额", "yuan a head and year";
    }
    Growth = "growth", "随指数增长", "growth with an index", "required = last year × (1 + index)" {
        title: Text [required], "名称", "title";
        levels: Vec<Level> [required], "适用层级", "levels";
        amount: Text [required], "考核的支出账户", "the account that must grow";
        index: Text [required], "增长率账户", "the account of the growth rate";
        cap_at_zero: bool [= "true"], "负增长按零计", "a fall counts as zero";
    }
    InFull = "in_full", "足额", "in full", "required = needed" {
        title: Text [required], "名称", "title";
        levels: Vec<Level> [required], "适用层级", "levels";
        amount: Text [required], "实际安排账户", "the account of what was provided";
        needed: Text [required], "应安排账户", "the account of what is needed";
    }
    Decrease = "decrease", "逐年下降", "a yearly fall", "required ≤ last year × (1 − fall)" {
        title: Text [required], "名称", "title";
        levels: Vec<Level> [required], "适用层级", "levels";
        amount: Text [required], "余额账户", "the account of the balance";
        fall: Share [= "0"], "每年至少下降的比例", "the least yearly fall";
    }
    CoFunding = "co_funding", "共同出资", "joint funding", "required = total × share of the government" {
        title: Text [required], "名称", "title";
        levels: Vec<Level> [required], "适用层级", "levels";
        amount: Text [required], "实际出资账户", "the account of what was paid";
        total: Text [required], "总费用账户（各政府填同一数）", "the account of the total (the same for all)";
        shares: BTreeMap<String, Share> [optional], "各政府分担比例，合计 1", "share by government, sum 1";
        share_account: Text [optional], "由账户填报分担比例", "or the account that holds the share";
    }
}
