//! The form of fiscal accounts: one row a government and year, one column an account of the policy.

use std::borrow::Cow;

use super::model::{Policy, Unit};
use crate::workbook::{Field, Form, Kind, Lists};

/// The key of the accounts form.
pub const ACCOUNTS_KEY: &str = "accounts";

/// The form of a policy's accounts.
#[must_use]
pub fn form(policy: &Policy) -> Form {
    let choice = Kind::Choice("governments");
    let mut fields = vec![
        Field::new("government", "政府", "Government", choice, true, "从下拉列表选择"),
        Field::new("year", "年度", "Year", Kind::Year, true, "一个政府一年一行；随增长考核的项目须同时填写上一年"),
    ];
    fields.extend(policy.accounts.iter().map(|account| {
        let (kind, unit) = match account.unit {
            Unit::Yuan => (Kind::Money, "元"),
            Unit::Count => (Kind::Number, "人（个）"),
            Unit::Rate => (Kind::Number, "比率，可写 5% 或 0.05"),
        };
        let note = if account.note.is_empty() { unit.to_owned() } else { format!("{}（{unit}）", account.note) };
        Field {
            key: Cow::Owned(account.code.clone()),
            zh: Cow::Owned(account.name.clone()),
            en: Cow::Owned(account.code.clone()),
            kind,
            required: false,
            note: Cow::Owned(note),
        }
    }));
    Form {
        key: Cow::Borrowed(ACCOUNTS_KEY),
        zh: Cow::Borrowed("财政账户"),
        en: Cow::Borrowed("accounts"),
        about: Cow::Borrowed("各级政府各年度的财政账户，一个政府一年一行；没有的数留空，相应底线列为缺数据。"),
        fields: Cow::Owned(fields),
        examples: Cow::Borrowed(&[]),
    }
}

/// The choices of a policy.
#[must_use]
pub fn lists(policy: &Policy) -> Lists {
    Lists::default().with("governments", policy.governments.iter().map(|g| (g.name.clone(), g.name.clone())))
}
