//! Ledger entries: what was booked for whom, by which rule, from which numbers.

use crate::policy::{PackId, PolicySet, RuleNo, RuleRef};
use crate::table::{Table, Values};

/// Of whom an entry speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectKind {
    Pool,
    Institution,
    Consortium,
}

impl SubjectKind {
    /// The code written to files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            SubjectKind::Pool => "pool",
            SubjectKind::Institution => "institution",
            SubjectKind::Consortium => "consortium",
        }
    }
}

macro_rules! accounts {
    ($($variant:ident $code:literal $zh:literal $en:literal;)*) => {
        /// What an entry books.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Account { $(#[doc = $en] $variant),* }

        impl Account {
            pub const ALL: &'static [Account] = &[$(Account::$variant),*];

            /// The code written to files.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Account::$variant => $code),* }
            }

            /// What it is, for people.
            #[must_use]
            pub const fn words(self) -> (&'static str, &'static str) {
                match self { $(Account::$variant => ($zh, $en)),* }
            }
        }
    };
}

accounts! {
    Budget "budget" "基金预算" "budget of the fund";
    Deduction "deduction" "点值前扣除" "deducted before the point value";
    PaidByAmount "paid_by_amount" "按金额支付（不经点数）" "paid by amount, not through points";
    PaidByPoints "paid_by_points" "按点数支付" "paid through points";
    PatientShare "patient_share" "个人支付" "paid by patients";
    OtherFunds "other_funds" "其他基金支付" "paid by other funds";
    Residue "rounding_residue" "取整差额" "left by rounding";
    Limit "point_value_limit" "点值上下限差额" "left, or asked of the reserve, by floor or ceiling";
    Balance "balance" "预算结余（超支为负）" "budget less dues";
    OutsideBudget "outside_budget" "预算外支付" "paid outside the budget";
    Recognised "recognition_points" "互认折算点数支付" "paid for points of recognised exams";
    Due "due" "应付" "due";
    Prepaid "prepaid" "预付" "prepaid";
    Withheld "withheld" "质量保证金" "quality deposit withheld";
    Correction "correction" "更正以前期间" "correction of an earlier period";
    CarriedIn "carried_in" "上期结转" "carried in from earlier periods";
    Payable "payable" "实付" "payable";
    CarriedOut "carried_out" "结转下期" "carried to the next period";
    Total "total" "总额" "total of the consortium";
    OutsideCare "outside_care" "区域外就医扣减" "care outside the area, deducted";
    Surplus "surplus" "结余" "surplus";
    Overrun "overrun" "超支" "overrun";
    Kept "kept" "结余留用" "surplus kept";
    Approved "approved_overrun" "批准的合理超支" "overrun approved as reasonable";
    Borne "borne" "基金分担超支" "overrun borne by the fund";
    Adjustment "adjustment" "结余留用与超支分担调整" "adjustment for surplus and overrun";
    MemberShare "member_share" "医共体成员分得（负为分担）" "share of a consortium's balance (negative: borne)";
    Penalty "penalty" "违规扣款" "penalty";
    Returned "returned" "返还保证金" "deposit returned";
    Forfeited "forfeited" "不予返还的保证金" "deposit forfeited";
    Redistributed "redistributed" "分得不予返还的保证金" "share of forfeited deposits";
    Paid "paid" "已付" "paid already";
    Final "final" "清算应付（负为应收）" "pay at clearing (negative: recover)";
    ReserveOpening "reserve_opening" "调剂金期初" "reserve, opening";
    ReserveIn "reserve_in" "调剂金计入" "into the reserve";
    ReserveOut "reserve_out" "调剂金支出" "out of the reserve";
    ReserveClosing "reserve_closing" "调剂金期末" "reserve, closing";
}

/// One booking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub subject_kind: SubjectKind,
    pub subject: String,
    /// The pool, or the insurance type of an institution's line.
    pub insutype: String,
    pub account: Account,
    pub fen: i64,
    pub pack: PackId,
    pub rule: RuleNo,
    /// The rule of another job, which stands in no pack of this run: the name of its pack, and the rule.
    pub foreign: Option<(String, RuleRef)>,
    /// The numbers of the formula, by name.
    pub numbers: Vec<(&'static str, String)>,
}

fn rule_of<'e>(entry: &'e Entry, set: &'e PolicySet) -> &'e RuleRef {
    entry.foreign.as_ref().map_or_else(|| set.packs[entry.pack].rule(entry.rule), |(_, rule)| rule)
}

fn pack_of<'e>(entry: &'e Entry, set: &'e PolicySet) -> &'e str {
    entry.foreign.as_ref().map_or(&set.packs[entry.pack].id, |(pack, _)| pack)
}

/// Entries as a table.
#[must_use]
pub fn table(entries: &[Entry], set: &PolicySet) -> Table {
    let (rule, pack) = (|entry| rule_of(entry, set), |entry| pack_of(entry, set));
    let citation = |entry| rule_of(entry, set).citation.as_ref();
    let numbers = |entry: &Entry| {
        entry.numbers.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    };
    Table::new()
        .with("entry", Values::ints(1..=entries.len() as i64))
        .with("subject_kind", Values::keywords(entries.iter().map(|e| e.subject_kind.code())))
        .with("subject", Values::keywords(entries.iter().map(|e| e.subject.as_str())))
        .with("insutype", Values::keywords(entries.iter().map(|e| e.insutype.as_str())))
        .with("account", Values::keywords(entries.iter().map(|e| e.account.code())))
        .with("amount", Values::money(entries.iter().map(|e| e.fen)))
        .with("numbers", Values::texts(entries.iter().map(numbers)))
        .with("pack", Values::keywords(entries.iter().map(pack)))
        .with("rule", Values::keywords(entries.iter().map(|e| rule(e).name.as_str())))
        .with("kind", Values::keywords(entries.iter().map(|e| rule(e).kind)))
        .with("document", Values::keywords(entries.iter().map(|e| citation(e).map_or("", |c| c.document.as_str()))))
        .with(
            "number",
            Values::keywords(entries.iter().map(|e| citation(e).and_then(|c| c.number.as_deref()).unwrap_or(""))),
        )
        .with("article", Values::keywords(entries.iter().map(|e| citation(e).map_or("", |c| c.article.as_str()))))
        .with("placeholder", Values::keywords(entries.iter().map(|e| rule(e).placeholder.as_deref().unwrap_or(""))))
}
