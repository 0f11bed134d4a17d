//! What batches add up to, in one table: rows of equal names are added, wherever that is done.

use std::collections::BTreeMap;

use crate::claims::Tally;
use crate::problem::catalogue::files::BROKEN_FILE;
use crate::problem::catalogue::settlement::OVERFLOW;
use crate::problem::{Problem, Problems};
use crate::settlement::{Group, Sum};
use crate::table::cell::plain;
use crate::table::sums::units;
use crate::table::{Table, Values};

/// Columns of names and of numbers.
const NAMES: [&str; 4] = ["of_1", "of_2", "of_3", "of_4"];
const NUMBERS: [&str; Sum::NUMBERS] = [
    "n_1", "n_2", "n_3", "n_4", "n_5", "n_6", "n_7", "n_8", "n_9", "n_10", "n_11", "n_12", "n_13", "n_14", "n_15",
    "n_16", "n_17", "n_18", "n_19",
];

/// What a row sums up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Of {
    /// By what became of them: claims, fen of their bills, claims without an amount.
    Claims,
    /// By pool: fen of the bills and cases that a measured mean rests on.
    Mean,
    /// By institution, insurance type, pool and consortium: [`Sum`], before and after dues are known.
    Group,
    Due,
    /// By pack and rule: the cases it decided.
    Rule,
    /// By pack and institution: cases in scope, special reviews.
    Review,
    /// Cases of which a part of own pay is not known.
    NoOwnPay,
}

impl Of {
    const ALL: [Of; 7] = [Of::Claims, Of::Mean, Of::Group, Of::Due, Of::Rule, Of::Review, Of::NoOwnPay];

    const fn code(self) -> &'static str {
        match self {
            Of::Claims => "claims",
            Of::Mean => "mean",
            Of::Group => "group",
            Of::Due => "due",
            Of::Rule => "rule",
            Of::Review => "review",
            Of::NoOwnPay => "no_own_pay",
        }
    }
}

type Names = [String; NAMES.len()];
type Numbers = [i128; NUMBERS.len()];

/// Sums by what they are of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums(BTreeMap<(Of, Names), Numbers>);

impl Sums {
    /// Adds a row.
    pub(super) fn add<const N: usize>(&mut self, of: Of, names: [&str; N], numbers: &[i128]) {
        let mut own: Names = Default::default();
        own.iter_mut().zip(names).for_each(|(own, name)| name.clone_into(own));
        let sum = self.0.entry((of, own)).or_insert([0; NUMBERS.len()]);
        sum.iter_mut().zip(numbers).for_each(|(sum, number)| *sum = sum.saturating_add(*number));
    }

    pub(super) fn add_claims(&mut self, fate: &str, tally: Tally) {
        let numbers = [i128::from(tally.rows), tally.fen, i128::from(tally.without_amount)];
        self.add(Of::Claims, [fate], &numbers);
    }

    pub(super) fn add_groups(&mut self, of: Of, groups: &BTreeMap<Group, Sum>, pools: &[String]) {
        for (group, sum) in groups {
            let pool = pools.get(usize::from(group.pool)).map_or("", String::as_str);
            let names = [group.institution.as_str(), group.insutype.as_str(), pool, group.consortium.as_str()];
            self.add(of, names, &sum.numbers().map(i128::from));
        }
    }

    /// The rows of one kind.
    pub(super) fn rows(&self, of: Of) -> impl Iterator<Item = (&Names, &Numbers)> {
        self.0.iter().filter(move |((own, _), _)| *own == of).map(|((_, names), numbers)| (names, numbers))
    }

    /// Claims of a fate, and fen of their bills.
    pub(super) fn claims(&self, fate: &str) -> Option<(i128, i128)> {
        self.rows(Of::Claims).find(|(names, _)| names[0] == fate).map(|(_, numbers)| (numbers[0], numbers[1]))
    }

    /// Sums of groups, of the pools that have these names.
    pub(super) fn groups(&self, of: Of, pools: &[String]) -> Result<BTreeMap<Group, Sum>, Problems> {
        let mut groups = BTreeMap::new();
        for ([institution, insutype, pool, consortium], numbers) in self.rows(of) {
            let number = pools.iter().position(|known| known == pool).and_then(|number| u8::try_from(number).ok());
            let group = Group {
                institution: institution.clone(),
                insutype: insutype.clone(),
                pool: number.ok_or_else(|| broken(pool))?,
                consortium: consortium.clone(),
            };
            let mut sum = [0i64; NUMBERS.len()];
            for (to, from) in sum.iter_mut().zip(numbers) {
                *to = i64::try_from(*from).map_err(|_| overflow())?;
            }
            groups.insert(group, Sum::of_numbers(sum));
        }
        Ok(groups)
    }

    /// The table, rows in the order of their names.
    pub fn table(&self) -> Result<Table, Problems> {
        let mut table = Table::new().with("sum", Values::keywords(self.0.keys().map(|(of, _)| of.code())));
        for (at, name) in NAMES.into_iter().enumerate() {
            table = table.with(name, Values::keywords(self.0.keys().map(|(_, names)| names[at].as_str())));
        }
        for (at, name) in NUMBERS.into_iter().enumerate() {
            let numbers = self.0.values().map(|numbers| i64::try_from(numbers[at]).map(Some));
            let numbers = numbers.collect::<Result<_, _>>().map_err(|_| overflow())?;
            table = table.with(name, Values::Int(numbers));
        }
        Ok(table)
    }

    /// Rows of tables of sums, whole numbers or decimals without places; equal names are added.
    pub fn of_table(table: &Table) -> Result<Sums, Problems> {
        let column = |name: &str| table.column(name).ok_or_else(|| broken(name));
        let kinds = column("sum")?;
        let names: Vec<&Values> = NAMES.into_iter().map(column).collect::<Result<_, _>>()?;
        let numbers: Vec<&Values> = NUMBERS.into_iter().map(column).collect::<Result<_, _>>()?;
        let mut sums = Sums::default();
        for row in 0..table.rows() {
            let kind = plain(kinds, row);
            let of = Of::ALL.into_iter().find(|of| of.code() == kind).ok_or_else(|| broken(&kind))?;
            let texts: Vec<String> = names.iter().map(|values| plain(values, row)).collect();
            let texts: [&str; NAMES.len()] = std::array::from_fn(|at| texts[at].as_str());
            let own: Numbers = std::array::from_fn(|at| units(numbers[at], row));
            sums.add(of, texts, &own);
        }
        Ok(sums)
    }

    /// Both added up.
    #[must_use]
    pub fn plus(mut self, other: &Sums) -> Sums {
        for ((of, names), numbers) in &other.0 {
            let names: [&str; NAMES.len()] = std::array::from_fn(|at| names[at].as_str());
            self.add(*of, names, numbers);
        }
        self
    }
}

fn broken(what: &str) -> Problem {
    Problem::new(&BROKEN_FILE).file("sums").with("reason", what)
}

fn overflow() -> Problem {
    Problem::new(&OVERFLOW).with("what", "Σ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_survive_their_table_and_add_up() {
        let mut sums = Sums::default();
        sums.add(Of::Mean, ["310"], &[700, 2]);
        sums.add(Of::Claims, ["in"], &[3, 900, 1]);
        sums.add(Of::Claims, ["in"], &[1, -50, 0]);
        assert_eq!(sums.claims("in"), Some((4, 850)));
        let table = sums.table().unwrap();
        assert_eq!(Sums::of_table(&table).unwrap(), sums);
        let twice = sums.clone().plus(&sums);
        assert_eq!(twice.claims("in"), Some((8, 1700)));
        assert_eq!(twice.rows(Of::Mean).next().unwrap().1[..2], [1400, 4]);
        assert!(Sums::of_table(&Table::new()).is_err());
    }
}
