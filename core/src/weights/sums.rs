//! Exact sums over cases.

use std::collections::BTreeMap;

use super::plan::Spread;
use super::ratio::Ratio;
use super::sample::Case;
use super::trim::divisor;
use crate::claims::UNKNOWN;

/// Sums over some cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    pub cases: i64,
    pub cost_fen: i128,
    /// Σ cost², in fen².
    pub squares: i128,
    /// Days of the cases whose length of stay is known, and how many these are.
    pub days: i64,
    pub stays: i64,
}

impl Sum {
    pub fn add(&mut self, cost_fen: i64, days: i32) {
        self.cases += 1;
        self.cost_fen += i128::from(cost_fen);
        self.squares += i128::from(cost_fen) * i128::from(cost_fen);
        if days != UNKNOWN {
            self.days += i64::from(days);
            self.stays += 1;
        }
    }

    pub fn merge(&mut self, other: &Sum) {
        self.cases += other.cases;
        self.cost_fen += other.cost_fen;
        self.squares += other.squares;
        self.days += other.days;
        self.stays += other.stays;
    }

    /// Mean cost in fen; `None` without cases.
    #[must_use]
    pub fn mean(&self) -> Option<Ratio> {
        Ratio::new(self.cost_fen, self.cases)
    }

    /// Mean cost rounded half up to the fen.
    #[must_use]
    pub fn mean_fen(&self) -> Option<i64> {
        self.mean()?.half_up(0)
    }

    /// Σ (cost − mean)², in fen².
    #[must_use]
    pub fn around_mean(&self) -> Option<Ratio> {
        let sum = Ratio::whole(self.cost_fen);
        Some(&Ratio::whole(self.squares) - &(&sum * &sum).over(&Ratio::whole(self.cases))?)
    }

    /// The variance of the cost in fen²; `None` when there are too few cases.
    #[must_use]
    pub fn variance(&self, spread: Spread) -> Option<Ratio> {
        let divisor = divisor(usize::try_from(self.cases).ok()?, spread)?;
        self.around_mean()?.over(&Ratio::whole(divisor))
    }
}

/// Sums of all members.
pub fn total<'a>(sums: impl IntoIterator<Item = &'a Sum>) -> Sum {
    sums.into_iter().fold(Sum::default(), |mut total, sum| {
        total.merge(sum);
        total
    })
}

/// Sums by year for each key.
pub fn by_year<K: Ord>(cases: &[Case], years: usize, key: impl Fn(&Case) -> K) -> BTreeMap<K, Vec<Sum>> {
    let mut sums: BTreeMap<K, Vec<Sum>> = BTreeMap::new();
    for case in cases {
        let of_key = sums.entry(key(case)).or_insert_with(|| vec![Sum::default(); years]);
        of_key[usize::from(case.year)].add(case.cost_fen, case.days);
    }
    sums
}

/// Share of the variance of cost that grouping explains: `RIV = (SS_total − Σ SS_within) ÷ SS_total`.
/// `None` when all costs are alike.
pub fn riv(groups: &[Sum]) -> Option<Ratio> {
    let whole = total(groups).around_mean()?;
    let within = groups.iter().filter_map(Sum::around_mean).fold(Ratio::zero(), |sum, one| &sum + &one);
    (&whole - &within).over(&whole)
}
