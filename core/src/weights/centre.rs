//! The one figure of a group, out of one or several years.

use super::plan::{Centre, Combine, Years};
use super::ratio::Ratio;
use super::sums::Sum;

/// What a group has in one year: sums, and its costs in ascending order.
#[derive(Clone, Debug, Default)]
pub struct YearCosts {
    pub sum: Sum,
    pub costs: Vec<i64>,
}

/// The middle of a group's cost in fen, or of its ratio to the pool in [`Combine::Ratios`]; `None` without cases.
/// `pool` holds the pool's mean of each year.
pub fn centre(group: &[YearCosts], years: &Years, of: Centre, pool: &[Option<Ratio>]) -> Option<Ratio> {
    let shares: Vec<i64> = years.shares.values().copied().collect();
    if years.combine == Combine::Cases {
        return match of {
            Centre::Mean => mean_of_cases(group, &shares),
            Centre::Median => median_of_cases(group, &shares),
        };
    }
    let (mut sum, mut weight) = (Ratio::zero(), 0i128);
    for (at, year) in group.iter().enumerate() {
        let Some(own) = middle(year, of) else { continue };
        let own = match years.combine {
            Combine::Ratios => own.over(pool.get(at)?.as_ref()?)?,
            _ => own,
        };
        sum = &sum + &(&own * &Ratio::whole(shares[at]));
        weight += i128::from(shares[at]);
    }
    sum.over(&Ratio::whole(weight))
}

fn middle(year: &YearCosts, of: Centre) -> Option<Ratio> {
    match of {
        Centre::Mean => year.sum.mean(),
        Centre::Median => median(&year.costs),
    }
}

/// The median of ascending costs.
pub fn median(costs: &[i64]) -> Option<Ratio> {
    let last = costs.len().checked_sub(1)?;
    Ratio::new(i128::from(costs[last / 2]) + i128::from(costs[costs.len() / 2]), 2)
}

fn mean_of_cases(group: &[YearCosts], shares: &[i64]) -> Option<Ratio> {
    let weighted = |value: &dyn Fn(&Sum) -> i128| -> i128 {
        group.iter().zip(shares).map(|(year, &share)| value(&year.sum) * i128::from(share)).sum()
    };
    Ratio::new(weighted(&|sum| sum.cost_fen), weighted(&|sum| i128::from(sum.cases)))
}

/// The cost at which half the weight is reached; where a case ends exactly at the half, midway to the next.
fn median_of_cases(group: &[YearCosts], shares: &[i64]) -> Option<Ratio> {
    let mut all: Vec<(i64, i64)> =
        group.iter().zip(shares).flat_map(|(year, &share)| year.costs.iter().map(move |&cost| (cost, share))).collect();
    all.retain(|(_, share)| *share > 0);
    all.sort_unstable();
    let whole: i128 = all.iter().map(|&(_, share)| i128::from(share)).sum();
    let mut reached = 0i128;
    for (at, &(cost, share)) in all.iter().enumerate() {
        reached += i128::from(share);
        if reached * 2 == whole {
            return Ratio::new(i128::from(cost) + i128::from(all[at + 1].0), 2);
        }
        if reached * 2 > whole {
            return Some(Ratio::whole(cost));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::plan::YearOf;
    use super::*;

    fn years(combine: Combine) -> Years {
        Years { shares: [(2023, 1), (2024, 2), (2025, 7)].into(), date: YearOf::Discharge, combine }
    }

    fn costs(costs: &[i64]) -> YearCosts {
        let mut sum = Sum::default();
        costs.iter().for_each(|&cost| sum.add(cost, 1));
        YearCosts { sum, costs: costs.to_vec() }
    }

    fn found(group: &[YearCosts], combine: Combine, of: Centre) -> Ratio {
        let pool = [10, 20, 40].map(|mean| Some(Ratio::whole(mean)));
        centre(group, &years(combine), of, &pool).unwrap()
    }

    #[test]
    fn three_years_one_two_seven() {
        let group = [costs(&[10, 20]), costs(&[30]), costs(&[10, 40, 100])];
        // Means 15, 30, 50: (15 + 60 + 350) ÷ 10.
        assert_eq!(found(&group, Combine::Means, Centre::Mean), Ratio::new(425, 10).unwrap());
        // (1·30 + 2·30 + 7·150) ÷ (1·2 + 2·1 + 7·3).
        assert_eq!(found(&group, Combine::Cases, Centre::Mean), Ratio::new(1140, 25).unwrap());
        // 15/10, 30/20, 50/40: (1.5 + 3 + 8.75) ÷ 10.
        assert_eq!(found(&group, Combine::Ratios, Centre::Mean), Ratio::new(1325, 1000).unwrap());
        // Medians 15, 30, 40.
        assert_eq!(found(&group, Combine::Means, Centre::Median), Ratio::new(355, 10).unwrap());
    }

    #[test]
    fn a_year_without_cases_drops_out() {
        let group = [costs(&[10, 20]), costs(&[]), costs(&[50])];
        assert_eq!(found(&group, Combine::Means, Centre::Mean), Ratio::new(15 + 350, 8).unwrap());
        let none = [costs(&[]), costs(&[]), costs(&[])];
        for combine in [Combine::Means, Combine::Cases, Combine::Ratios] {
            for of in [Centre::Mean, Centre::Median] {
                assert_eq!(centre(&none, &years(combine), of, &[None, None, None]), None);
            }
        }
    }

    #[test]
    fn weighted_medians() {
        // Weights 1 1 | 2 | 7: the seven alone pass the half.
        assert_eq!(found(&[costs(&[1, 2]), costs(&[3]), costs(&[9])], Combine::Cases, Centre::Median), Ratio::whole(9));
        // Weights 7 at 4 and 7 at 8: the half is reached at the end of the first.
        assert_eq!(found(&[costs(&[]), costs(&[]), costs(&[4, 8])], Combine::Cases, Centre::Median), Ratio::whole(6));
        assert_eq!(median(&[1, 2, 4]), Some(Ratio::whole(2)));
        assert_eq!(median(&[1, 2, 5, 9]), Ratio::new(7, 2));
    }
}
