//! What a parameter may be, and how likely.

use rust_decimal::Decimal;

use super::Random;
use crate::money::scaled;

/// Tries before a truncated distribution is given up: its bounds hold almost nothing of it.
const TRIES: u32 = 10_000;

/// A distribution. Bounds are inclusive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Distribution {
    /// Every decimal from `low` to `high` alike.
    Uniform {
        low: Decimal,
        high: Decimal,
    },
    /// Normal, drawn again outside the bounds.
    Normal {
        mean: Decimal,
        sd: Decimal,
        low: Decimal,
        high: Decimal,
    },
    Triangular {
        low: Decimal,
        mode: Decimal,
        high: Decimal,
    },
    /// `median × e^(sigma × z)`, drawn again outside the bounds.
    Lognormal {
        median: Decimal,
        sigma: Decimal,
        low: Decimal,
        high: Decimal,
    },
    /// One of some values, by whole weights.
    Discrete {
        values: Vec<Decimal>,
        weights: Vec<u64>,
    },
}

impl Distribution {
    /// Whether its parameters make sense.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        let zero = Decimal::ZERO;
        match self {
            Distribution::Uniform { low, high } => low <= high,
            Distribution::Normal { sd, low, high, .. } => *sd > zero && low <= high,
            Distribution::Triangular { low, mode, high } => low <= mode && mode <= high && low < high,
            Distribution::Lognormal { median, sigma, low, high } => *median > zero && *sigma > zero && low <= high,
            Distribution::Discrete { values, weights } => {
                let sum = weights.iter().try_fold(0u64, |sum, weight| sum.checked_add(*weight));
                !values.is_empty() && values.len() == weights.len() && sum.is_some_and(|sum| sum > 0)
            }
        }
    }

    /// One draw with `digits` decimals. `None` when the bounds hold no such decimal, or hardly any of the distribution.
    #[must_use]
    pub fn draw(&self, random: &mut Random, digits: u32) -> Option<Decimal> {
        match self {
            Distribution::Uniform { low, high } => {
                let scale = Decimal::from(10i64.checked_pow(digits)?);
                let from = i64::try_from(low.checked_mul(scale)?.ceil()).ok()?;
                let to = i64::try_from(high.checked_mul(scale)?.floor()).ok()?;
                let count = u64::try_from(to.checked_sub(from)?.checked_add(1)?).ok().filter(|count| *count > 0)?;
                Some(Decimal::new(from.checked_add(i64::try_from(random.below(count)).ok()?)?, digits))
            }
            Distribution::Normal { mean, sd, low, high } => {
                let (mean, sd) = (float(*mean), float(*sd));
                within(*low, *high, digits, || mean + sd * random.normal())
            }
            Distribution::Triangular { low, mode, high } => {
                let (a, m, b) = (float(*low), float(*mode), float(*high));
                let share = (m - a) / (b - a);
                within(*low, *high, digits, || {
                    let u = random.fraction();
                    match u < share {
                        true => a + libm::sqrt(u * (b - a) * (m - a)),
                        false => b - libm::sqrt((1.0 - u) * (b - a) * (b - m)),
                    }
                })
            }
            Distribution::Lognormal { median, sigma, low, high } => {
                let (median, sigma) = (float(*median), float(*sigma));
                within(*low, *high, digits, || median * libm::exp(sigma * random.normal()))
            }
            Distribution::Discrete { values, weights } => {
                let mut at = random.below(weights.iter().sum());
                let own = values.iter().zip(weights).find(|(_, weight)| {
                    let here = at < **weight;
                    at = at.saturating_sub(**weight);
                    here
                });
                own.map(|(value, _)| *value)
            }
        }
    }
}

/// The first of some draws that lies within bounds, rounded to its decimals.
fn within(low: Decimal, high: Decimal, digits: u32, mut draw: impl FnMut() -> f64) -> Option<Decimal> {
    let scale = float(Decimal::from(10i64.checked_pow(digits)?));
    for _ in 0..TRIES {
        let units = libm::rint(draw() * scale);
        if units.abs() >= 9.0e15 {
            continue;
        }
        let value = Decimal::new(units as i64, digits);
        if low <= value && value <= high {
            return Some(value);
        }
    }
    None
}

/// The nearest binary fraction: a quotient of two whole numbers below 2⁵³, which every processor rounds alike.
fn float(value: Decimal) -> f64 {
    let value = value.normalize();
    let units = scaled(value, value.scale()).unwrap_or_default();
    units as f64 / 10f64.powi(i32::try_from(value.scale()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn drawn(distribution: &Distribution, count: u64) -> Vec<Decimal> {
        (0..count).map(|at| distribution.draw(&mut Random::of(7, at, 0), 4).unwrap()).collect()
    }

    fn all() -> Vec<Distribution> {
        let (low, high) = (number("0.8"), number("1.2"));
        vec![
            Distribution::Uniform { low, high },
            Distribution::Normal { mean: number("1"), sd: number("0.05"), low, high },
            Distribution::Triangular { low, mode: number("0.9"), high },
            Distribution::Lognormal { median: number("1"), sigma: number("0.05"), low, high },
            Distribution::Discrete { values: vec![low, number("1"), high], weights: vec![1, 2, 1] },
        ]
    }

    #[test]
    fn draws_stay_within_their_bounds_and_have_their_decimals() {
        for distribution in all() {
            assert!(distribution.is_valid());
            let drawn = drawn(&distribution, 2_000);
            let inside = |value: &Decimal| *value >= number("0.8") && *value <= number("1.2") && value.scale() <= 4;
            assert!(drawn.iter().all(inside), "{distribution:?}");
            let mean = drawn.iter().sum::<Decimal>() / Decimal::from(2_000);
            let expected = match distribution {
                // (0.8 + 0.9 + 1.2) ÷ 3
                Distribution::Triangular { .. } => number("0.9667"),
                _ => number("1"),
            };
            assert!((mean - expected).abs() < number("0.01"), "{distribution:?}: {mean}");
        }
    }

    /// The numbers were worked out with the integers of another language.
    #[test]
    fn the_stream_of_a_seed_is_known() {
        let mut random = Random::of(7, 3, 1);
        assert_eq!([random.next(), random.next()], [16_337_791_961_992_862_851, 1_150_049_960_250_029_631]);
        let even = Distribution::Uniform { low: number("0.8"), high: number("1.2") };
        // 8000 + ⌊16337791961992862851 × 4001 ÷ 2⁶⁴⌋ = 11543
        assert_eq!(even.draw(&mut Random::of(7, 3, 1), 4), Some(Decimal::new(11_543, 4)));
        let first = [Random::of(0, 0, 0).next()];
        assert_ne!(Random::of(0, 1, 0).next(), first[0]);
        assert_ne!(Random::of(0, 0, 1).next(), first[0]);
        assert_ne!(Random::of(1, 0, 0).next(), first[0]);
    }

    #[test]
    fn what_cannot_be_drawn_is_refused() {
        let (low, high) = (number("5"), number("6"));
        let far = Distribution::Normal { mean: number("0"), sd: number("0.01"), low, high };
        assert_eq!(far.draw(&mut Random::of(1, 1, 1), 2), None);
        let between = Distribution::Uniform { low: number("0.11"), high: number("0.19") };
        assert_eq!(between.draw(&mut Random::of(1, 1, 1), 1), None, "no decimal of one digit lies there");
        assert!(!Distribution::Uniform { low: high, high: low }.is_valid());
        assert!(!Distribution::Discrete { values: vec![low], weights: vec![0] }.is_valid());
        assert!(!Distribution::Triangular { low, mode: number("7"), high }.is_valid());
    }
}
