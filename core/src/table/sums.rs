//! Control sums of a table's amounts and points.

use std::collections::BTreeMap;

use super::cell::decimal;
use super::{Table, Values};

/// The sum of each amount column and of each column of points, while rows come in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ControlSums(BTreeMap<String, (u8, i128)>);

impl ControlSums {
    /// The sums of a table. `None` when one does not fit, as in [`ControlSums::plus`].
    #[must_use]
    pub fn of(table: &Table) -> Option<ControlSums> {
        let mut sums = BTreeMap::new();
        for column in &table.columns {
            if let Some(scale) = additive(&column.name, &column.values) {
                let sum = (0..table.rows()).try_fold(0i128, |sum, row| sum.checked_add(units(&column.values, row)))?;
                sums.insert(column.name.clone(), (scale, sum));
            }
        }
        Some(ControlSums(sums))
    }

    /// With those of more rows.
    #[must_use]
    pub fn plus(mut self, more: &ControlSums) -> Option<ControlSums> {
        for (name, (scale, sum)) in &more.0 {
            let own = self.0.entry(name.clone()).or_insert((*scale, 0));
            own.1 = own.1.checked_add(*sum)?;
        }
        Some(self)
    }

    /// As decimal texts.
    #[must_use]
    pub fn texts(&self) -> BTreeMap<String, String> {
        self.0.iter().map(|(name, (scale, sum))| (name.clone(), decimal(*sum, *scale))).collect()
    }
}

/// The sum of each amount column and of each column of points, as decimal texts. `None` when a sum does not fit.
#[must_use]
pub fn control_sums(table: &Table) -> Option<BTreeMap<String, String>> {
    ControlSums::of(table).map(|sums| sums.texts())
}

/// The decimals of a column whose sum means something: amounts, and points. Rates, weights and point values do not add.
#[must_use]
pub fn additive(name: &str, values: &Values) -> Option<u8> {
    match values {
        Values::Money(_) => Some(2),
        Values::Decimal { scale, .. } if name == "points" || name.ends_with("_points") => Some(*scale),
        Values::Int(_) if name == "cases" => Some(0),
        _ => None,
    }
}

/// One value in the column's own units; what is not known counts as nothing.
#[must_use]
pub fn units(values: &Values, row: usize) -> i128 {
    match values {
        Values::Money(column) | Values::Int(column) => column[row].map_or(0, i128::from),
        Values::Decimal { units, .. } => units[row].unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_points_add_up_and_rates_do_not() {
        let table = Table::new()
            .with("setl_id", Values::texts(["a", "b"]))
            .with("points", Values::points([1_000_001, -1]))
            .with("point_value", Values::points([50_000, 50_000]))
            .with("cases", Values::ints([2, 3]))
            .with("age", Values::ints([2, 3]))
            .with("due", Values::Money(vec![Some(-101), None]));
        let sums = control_sums(&table).unwrap();
        let expected = [("cases", "5"), ("due", "-1.01"), ("points", "100.0000")];
        assert_eq!(sums.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect::<Vec<_>>(), expected);
    }
}
