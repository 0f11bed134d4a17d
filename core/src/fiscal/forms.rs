//! The form of fiscal accounts: one row a government and year, one column an account of the policy.

use std::borrow::Cow;

use super::model::{Government, Policy, Unit};
use crate::awards::Level;
use crate::workbook::{Field, Form, Kind, Lists};

/// The key of the accounts form.
pub const ACCOUNTS_KEY: &str = "accounts";

/// The form of a policy's accounts.
#[must_use]
pub fn form(policy: &Policy) -> Form {
    let choice = Kind::Choice("governments");
    let mut fields = vec![
        Field::new("government", "政府", "Government", choice, true, "从下拉列表选择").noted("Choose from the list"),
        Field::new("year", "年度", "Year", Kind::Year, true, "一个政府一年一行；随增长考核的项目须同时填写上一年")
            .noted("One row a government and year; floors that grow need the year before as well"),
    ];
    fields.extend(policy.accounts.iter().map(|account| {
        let (kind, unit, unit_en) = match account.unit {
            Unit::Yuan if account.signed => (Kind::SignedMoney, "元，可以为负", "yuan, may be negative"),
            Unit::Yuan => (Kind::Money, "元", "yuan"),
            Unit::Count => (Kind::Number, "人（个）", "a number"),
            Unit::Rate => (Kind::Number, "比率，可写 5% 或 0.05", "a rate, 5% or 0.05"),
        };
        let note = if account.note.is_empty() { unit.to_owned() } else { format!("{}（{unit}）", account.note) };
        Field {
            key: Cow::Owned(account.code.clone()),
            zh: Cow::Owned(account.name.clone()),
            en: Cow::Owned(account.code.clone()),
            kind,
            required: false,
            note: Cow::Owned(note),
            note_en: Cow::Borrowed(unit_en),
        }
    }));
    Form {
        key: Cow::Borrowed(ACCOUNTS_KEY),
        zh: Cow::Borrowed("财政账户"),
        en: Cow::Borrowed("accounts"),
        about: Cow::Borrowed("各级政府各年度的财政账户，一个政府一年一行；没有的数留空，相应底线列为缺数据。"),
        about_en: Cow::Borrowed("Accounts of each government and year, one row each; leave empty what is not known."),
        fields: Cow::Owned(fields),
        starts: Cow::Borrowed(&[]),
        examples: Cow::Owned(examples(policy)),
    }
}

/// Invented figures. Of accounts that are not here the cells stay empty.
const EXAMPLE: [(&str, [&str; 3]); 17] = [
    ("general_budget", ["3500000000", "3600000000", "5200000000"]),
    ("health_spending", ["385000000", "393000000", "572000000"]),
    ("new_capacity", ["90000000", "100000000", "200000000"]),
    ("new_capacity_health", ["9000000", "9500000", "20000000"]),
    ("earmarked_received", ["42000000", "45000000", "30000000"]),
    ("earmarked_passed_on", ["42000000", "45000000", "30000000"]),
    ("hospital_subsidy", ["18000000", "18500000", "26000000"]),
    ("growth_index", ["", "0.055", "0.06"]),
    ("post_subsidy", ["7800000", "7800000", "6500000"]),
    ("posts", ["120", "125", "100"]),
    ("debt", ["60000000", "58000000", "80000000"]),
    ("township_needed", ["38000000", "40000000", ""]),
    ("township_provided", ["38000000", "39500000", ""]),
    ("renewal_fund", ["5000000", "4000000", ""]),
    ("platform_total", ["", "10000000", "10000000"]),
    ("platform_share", ["", "0.4", "0.6"]),
    ("platform_paid", ["", "4000000", "6000000"]),
];

/// Two years of the first county, one year of the first other government.
fn examples(policy: &Policy) -> Vec<Vec<Cow<'static, str>>> {
    let named = |county: bool| policy.governments.iter().find(|g| (g.level == Level::County) == county);
    let rows = [(named(true), "2024"), (named(true), "2025"), (named(false), "2025")];
    let row = |(at, (government, year)): (usize, (Option<&Government>, &'static str))| {
        let mut texts = vec![Cow::Owned(government?.name.clone()), Cow::Borrowed(year)];
        texts.extend(policy.accounts.iter().map(|account| {
            let example = EXAMPLE.iter().find(|(code, _)| *code == account.code);
            Cow::Borrowed(example.map_or("", |(_, texts)| texts[at]))
        }));
        Some(texts)
    };
    rows.into_iter().enumerate().filter_map(row).collect()
}

/// The choices of a policy.
#[must_use]
pub fn lists(policy: &Policy) -> Lists {
    Lists::default().with("governments", policy.governments.iter().map(|g| (g.name.clone(), g.name.clone())))
}
