//! Rules as a table, with what each rests on.

use super::{Citation, RuleRef};
use crate::table::{Table, Values};

/// The table `rules`: rules with the pack they hold in, document, article, placeholder and parameters.
#[must_use]
pub fn rules_table<'a>(rules: impl IntoIterator<Item = (&'a str, &'a RuleRef)>) -> Table {
    let rows: Vec<(&str, &RuleRef)> = rules.into_iter().collect();
    let cited = |of: fn(&Citation) -> &str| {
        Values::keywords(rows.iter().map(|(_, rule)| rule.citation.as_ref().map_or("", of)))
    };
    Table::new()
        .with("pack", Values::keywords(rows.iter().map(|row| row.0)))
        .with("rule", Values::keywords(rows.iter().map(|row| row.1.name.as_str())))
        .with("kind", Values::keywords(rows.iter().map(|row| row.1.kind)))
        .with("stated_by", Values::keywords(rows.iter().map(|row| row.1.pack.as_str())))
        .with("document", cited(|citation| &citation.document))
        .with("number", cited(|citation| citation.number.as_deref().unwrap_or_default()))
        .with("article", cited(|citation| &citation.article))
        .with("placeholder", Values::texts(rows.iter().map(|row| row.1.placeholder.as_deref().unwrap_or_default())))
        .with("parameters", Values::texts(rows.iter().map(|row| row.1.parameter_text())))
}
