//! Comparison of institutions by what their groups cost and take: CMI, cost index (费用消耗指数), time index
//! (时间消耗指数). Pays nobody.

use std::collections::BTreeMap;

use super::ratio::Ratio;
use super::sums::Sum;

/// An institution among all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Benchmark {
    pub institution: String,
    pub cases: i64,
    /// Cases whose group has a weight.
    pub weighted: i64,
    pub groups: i64,
    pub cost_fen: i128,
    /// Σ RW, in ten-thousandths.
    pub weights_e4: i128,
    /// Σ RW ÷ weighted cases.
    pub cmi_e4: Option<i64>,
    /// Σ (own mean ÷ mean of all)·n ÷ Σ n over its groups, of cost and of days.
    pub cost_index_e4: Option<i64>,
    pub time_index_e4: Option<i64>,
    /// Cost of the weighted cases ÷ Σ RW.
    pub cost_per_weight_fen: Option<i64>,
    /// Mean days ÷ CMI.
    pub days_per_weight_e4: Option<i64>,
}

/// Digits kept while ratios of different groups are added up.
const INNER_DIGITS: u32 = 15;

/// Benchmarks of the institutions in `cells`: sums by institution and group. The mean of all is that of the same cells.
#[must_use]
pub fn benchmarks(
    cells: &BTreeMap<(u32, u16), Sum>,
    institutions: &[String],
    weights_e4: &[Option<i64>],
) -> Vec<Benchmark> {
    let mut all: BTreeMap<u16, Sum> = BTreeMap::new();
    for ((_, group), sum) in cells {
        all.entry(*group).or_default().merge(sum);
    }
    let benchmark = |(at, name): (usize, &String)| {
        let own = cells.range((at as u32, 0)..=(at as u32, u16::MAX)).map(|((_, group), sum)| (*group, sum));
        of_institution(name, own, &all, weights_e4)
    };
    institutions.iter().enumerate().map(benchmark).collect()
}

fn of_institution<'a>(
    name: &str,
    own: impl Iterator<Item = (u16, &'a Sum)>,
    all: &BTreeMap<u16, Sum>,
    weights_e4: &[Option<i64>],
) -> Benchmark {
    let mut whole = Sum::default();
    let mut groups = 0;
    // Cases, cost, days and stays of groups with a weight.
    let mut weighted = Sum::default();
    let mut weights = 0i128;
    // Σ (own mean ÷ mean of all)·n is Σ own sum ÷ mean of all.
    let (mut cost_parts, mut costed) = (0i128, 0i64);
    let (mut time_parts, mut timed) = (0i128, 0i64);
    for (group, sum) in own {
        whole.merge(sum);
        groups += i64::from(sum.cases > 0);
        let reference = &all[&group];
        let fraction =
            |numerator: i128, denominator: i128| Ratio::new(numerator, denominator)?.half_up_wide(INNER_DIGITS);
        if let Some(part) = fraction(sum.cost_fen * i128::from(reference.cases), reference.cost_fen) {
            cost_parts += part;
            costed += sum.cases;
        }
        if let Some(part) = fraction(i128::from(sum.days) * i128::from(reference.stays), reference.days.into()) {
            time_parts += part;
            timed += sum.stays;
        }
        if let Some(weight) = weights_e4.get(usize::from(group)).copied().flatten() {
            weighted.merge(sum);
            weights += i128::from(weight) * i128::from(sum.cases);
        }
    }
    let inner = 10i128.pow(INNER_DIGITS);
    let index = |parts: i128, cases: i64| Ratio::new(parts, i128::from(cases) * inner)?.half_up(4);
    let per_weight = |amount: Ratio| amount.over(&Ratio::new(weights, 10_000)?);
    // Mean days ÷ CMI; where some stays are unknown, the known ones stand for all.
    let days = Ratio::new(i128::from(weighted.days) * i128::from(weighted.cases), weighted.stays);
    Benchmark {
        institution: name.to_owned(),
        cases: whole.cases,
        weighted: weighted.cases,
        groups,
        cost_fen: whole.cost_fen,
        weights_e4: weights,
        cmi_e4: Ratio::new(weights, weighted.cases).and_then(|cmi| cmi.half_up(0)),
        cost_index_e4: index(cost_parts, costed),
        time_index_e4: index(time_parts, timed),
        cost_per_weight_fen: per_weight(Ratio::whole(weighted.cost_fen)).and_then(|cost| cost.half_up(0)),
        days_per_weight_e4: days.and_then(per_weight).and_then(|days| days.half_up(4)),
    }
}
