//! What is booked for institutions, with the rule each amount rests on.

use std::collections::BTreeMap;

use super::award::Recognised;
use super::record::{Part, Record};
use super::rules::Rules;
use crate::policy::{Citation, RuleRef, rules_table};
use crate::table::{Table, Values};

/// What an entry books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Account {
    Recognition,
    TakenBack,
}

impl Account {
    /// The code written to files.
    const fn code(self) -> &'static str {
        match self {
            Account::Recognition => "recognition",
            Account::TakenBack => "recognition_taken_back",
        }
    }
}

/// Institution, insurance type, account, and the number of the pack.
type Key<'a> = (&'a str, &'a str, Account, usize);

/// Amounts and cases by key.
#[derive(Default)]
struct Booked<'a>(BTreeMap<Key<'a>, (i64, i64)>);

impl<'a> Booked<'a> {
    fn add(&mut self, record: &'a Record, of: (Account, usize), [recogniser, issuer]: [Part; 2], sign: i64) {
        for (code, part) in [(&record.recogniser, recogniser), (&record.issuer, issuer)] {
            if part.fen != 0 {
                let (fen, cases) = self.0.entry((code, &record.insutype, of.0, of.1)).or_default();
                (*fen, *cases) = (*fen + sign * part.fen, *cases + 1);
            }
        }
    }
}

/// Ledger entries with the columns of a month's entries. Who is paid under two packs has its entries under each.
pub(super) fn entries(recognised: &Recognised<'_>, packs: &[Rules<'_>]) -> Table {
    let mut booked = Booked::default();
    for line in &recognised.paid {
        booked.add(line.record, (Account::Recognition, line.pack), [line.recogniser, line.issuer], 1);
    }
    for taken in &recognised.taken_back {
        let award = taken.award;
        booked.add(&award.record, (Account::TakenBack, taken.pack), [award.recogniser, award.issuer], -1);
    }
    let rows: Vec<(Key<'_>, i64, i64)> = booked.0.into_iter().map(|(key, (fen, cases))| (key, fen, cases)).collect();
    let reference = |(_, _, account, pack): Key<'_>| {
        let rules = &packs[pack];
        rules.part.rule(if account == Account::Recognition { rules.share.rule } else { rules.retest.rule })
    };
    let references: Vec<&RuleRef> = rows.iter().map(|row| reference(row.0)).collect();
    let rule = |of: fn(&RuleRef) -> &str| Values::keywords(references.iter().map(|rule| of(rule)));
    let cited = |of: fn(&Citation) -> &str| {
        Values::keywords(references.iter().map(|rule| rule.citation.as_ref().map_or("", of)))
    };
    Table::new()
        .with("entry", Values::ints(1..=rows.len() as i64))
        .with("subject_kind", Values::keywords(rows.iter().map(|_| "institution")))
        .with("subject", Values::keywords(rows.iter().map(|row| row.0.0)))
        .with("insutype", Values::keywords(rows.iter().map(|row| row.0.1)))
        .with("account", Values::keywords(rows.iter().map(|row| row.0.2.code())))
        .with("amount", Values::money(rows.iter().map(|row| row.1)))
        .with("numbers", Values::texts(rows.iter().map(|row| format!("cases={}", row.2))))
        .with("pack", Values::keywords(rows.iter().map(|row| packs[row.0.3].part.id.as_str())))
        .with("rule", rule(|rule| &rule.name))
        .with("kind", rule(|rule| rule.kind))
        .with("document", cited(|citation| &citation.document))
        .with("number", cited(|citation| citation.number.as_deref().unwrap_or_default()))
        .with("article", cited(|citation| &citation.article))
        .with("placeholder", rule(|rule| rule.placeholder.as_deref().unwrap_or_default()))
}

/// Every rule of every pack with what it rests on.
pub(super) fn rules(packs: &[Rules<'_>]) -> Table {
    rules_table(packs.iter().flat_map(|rules| rules.part.rules.iter().map(|rule| (rules.part.id.as_str(), rule))))
}
