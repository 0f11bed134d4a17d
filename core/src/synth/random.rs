//! Numbers that look random and are the same everywhere: integers only, so no machine's floating point takes part.

/// The generator xoshiro256++ of Blackman and Vigna, its state filled by SplitMix64.
#[derive(Clone, Debug)]
pub(super) struct Random {
    state: [u64; 4],
}

/// Fraction bits of [`Random::normal`] and [`exp`].
pub(super) const FRACTION_BITS: u32 = 16;
/// One, with [`FRACTION_BITS`].
pub(super) const ONE: i64 = 1 << FRACTION_BITS;

/// One step of SplitMix64.
pub(super) fn mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A number that only the words decide, for traits of a code or an institution that no seed should change.
pub(super) fn trait_of(text: &str, purpose: u64) -> u64 {
    let mut state = purpose;
    for byte in text.bytes() {
        let mut next = state ^ u64::from(byte);
        state = mix(&mut next);
    }
    state
}

impl Random {
    /// The stream of a task: the same seed and stream give the same numbers, different streams have nothing in common.
    pub(super) fn new(seed: u64, stream: u64) -> Random {
        let mut state = seed;
        let mut other = mix(&mut state) ^ stream.wrapping_mul(0xD134_2543_DE82_EF95);
        Random { state: std::array::from_fn(|_| mix(&mut other)) }
    }

    pub(super) fn next(&mut self) -> u64 {
        let s = &mut self.state;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        result
    }

    /// A number from 0 to `below - 1`; 0 when `below` is 0.
    pub(super) fn below(&mut self, below: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(below)) >> 64) as u64
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i32, high: i32) -> i32 {
        let width = (i64::from(high) - i64::from(low) + 1).max(1);
        low.saturating_add(self.below(width as u64) as i32)
    }

    /// True in `parts` of 10,000 cases.
    pub(super) fn chance(&mut self, parts: u64) -> bool {
        self.below(10_000) < parts
    }

    /// An item of a list, or `None` of an empty one.
    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len() as u64) as usize)
    }

    /// The place in a list of running totals where a number drawn below the last total falls.
    pub(super) fn weighted(&mut self, running_totals: &[u64]) -> usize {
        let drawn = self.below(running_totals.last().copied().unwrap_or(0));
        running_totals.partition_point(|total| *total <= drawn)
    }

    /// A standard normal number with [`FRACTION_BITS`]: 256 coin tosses, smoothed by a uniform number. Excess kurtosis
    /// is under 0.01.
    pub(super) fn normal(&mut self) -> i64 {
        // The variance of the tosses and the smoothing is 64 + 1/12; its root is 65,536 ÷ 8,187 to five digits.
        const INVERSE_DEVIATION: i64 = 8_187;
        let tosses: u32 = (0..4).map(|_| self.next().count_ones()).sum();
        let smooth = (self.next() >> 48) as i64 - ONE / 2;
        ((i64::from(tosses) - 128) * ONE + smooth) * INVERSE_DEVIATION / ONE
    }
}

/// A log-normal number around `mean`, from a standard normal one: `deviation` is that of the logarithm. Both have
/// [`FRACTION_BITS`].
pub(super) fn log_normal(mean: i64, deviation: i64, normal: i64) -> i64 {
    scale(mean, exp((normal - deviation / 2) * deviation / ONE))
}

/// `value × factor`, the factor with [`FRACTION_BITS`].
fn scale(value: i64, factor: i64) -> i64 {
    ((i128::from(value) * i128::from(factor)) >> FRACTION_BITS) as i64
}

/// e to the power of `x`, both with [`FRACTION_BITS`], for |x| up to 20: 2 to the whole part of x·log₂e, times a
/// polynomial in the rest.
fn exp(x: i64) -> i64 {
    /// log₂e with 32 fraction bits.
    const LOG2_E: i64 = 6_196_328_019;
    /// (ln 2)ⁿ ÷ n! with 32 fraction bits, n from 6 down to 1.
    const TERMS: [u64; 6] = [661_577, 5_726_720, 41_309_550, 238_388_332, 1_031_764_991, 2_977_044_472];
    let x = x.clamp(-20 * ONE, 20 * ONE);
    let power = (x * (LOG2_E >> 2)) >> (FRACTION_BITS - 2);
    let (whole, rest) = (power >> 32, (power & 0xFFFF_FFFF) as u64);
    let mantissa = (1u64 << 32) + TERMS.iter().fold(0, |sum, term| ((sum + term) * rest) >> 32);
    let shift = 16 - whole;
    if shift >= 0 { (mantissa >> shift.min(63)) as i64 } else { (mantissa << -shift) as i64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_is_the_published_one() {
        let mut random = Random { state: [1, 2, 3, 4] };
        let first: Vec<u64> = (0..4).map(|_| random.next()).collect();
        assert_eq!(first, [41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386]);
    }

    #[test]
    fn exp_is_right_to_four_digits() {
        for step in -60..=60 {
            let x = f64::from(step) / 10.0;
            let got = exp((x * 65_536.0).round() as i64) as f64 / 65_536.0;
            assert!((got - x.exp()).abs() <= x.exp() * 1e-4 + 2e-5, "e^{x}: {got}");
        }
    }

    #[test]
    fn normal_has_the_moments_and_tails_of_a_normal() {
        let mut random = Random::new(7, 0);
        let draws: Vec<f64> = (0..200_000).map(|_| random.normal() as f64 / 65_536.0).collect();
        let moment = |power: i32| draws.iter().map(|z| z.powi(power)).sum::<f64>() / draws.len() as f64;
        assert!(moment(1).abs() < 0.01);
        assert!((moment(2) - 1.0).abs() < 0.02);
        assert!(moment(3).abs() < 0.04);
        assert!((moment(4) - 3.0).abs() < 0.12);
        let beyond = |z: f64| draws.iter().filter(|d| **d > z).count() as f64 / draws.len() as f64;
        assert!((beyond(1.0) - 0.1587).abs() < 0.004);
        assert!((beyond(2.0) - 0.0228).abs() < 0.002);
    }

    #[test]
    fn log_normal_keeps_the_mean() {
        let mut random = Random::new(11, 3);
        let total: i64 = (0..100_000).map(|_| log_normal(1_000_000, ONE / 2, random.normal())).sum();
        assert!((total / 100_000 - 1_000_000).abs() < 10_000);
    }

    #[test]
    fn below_stays_below_and_reaches_every_number() {
        let mut random = Random::new(1, 1);
        let mut seen = [false; 7];
        (0..1000).for_each(|_| seen[random.below(7) as usize] = true);
        assert!(seen.iter().all(|s| *s));
        assert_eq!(random.below(0), 0);
        let drawn: Vec<usize> = (0..1000).map(|_| random.weighted(&[5, 5, 10])).collect();
        assert!(drawn.iter().all(|place| [0, 2].contains(place)));
    }
}
