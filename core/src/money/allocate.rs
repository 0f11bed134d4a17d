//! Splitting a whole so that no fen is lost or made.

use super::Fen;

/// Splits `whole` in proportion to `weights` by largest remainder: each part is the exact share rounded towards
/// zero, and the fen left over go one each to the largest remainders, the earlier part first among equals.
/// A negative whole is split as its magnitude and negated. Σ parts = whole, always.
///
/// `None` when a weight is negative, when no weight is positive (unless the whole is zero), or on overflow.
///
/// ```
/// use dianzhi::money::{Fen, allocate};
/// assert_eq!(allocate(Fen(100), &[1, 1, 1]), Some(vec![Fen(34), Fen(33), Fen(33)]));
/// ```
#[must_use]
pub fn allocate(whole: Fen, weights: &[i128]) -> Option<Vec<Fen>> {
    if weights.iter().any(|&w| w < 0) {
        return None;
    }
    let total = weights.iter().try_fold(0i128, |sum, &w| sum.checked_add(w))?;
    if total == 0 {
        return (whole == Fen::ZERO).then(|| vec![Fen::ZERO; weights.len()]);
    }
    let magnitude = i128::from(whole.0.unsigned_abs());
    let mut parts = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    for (at, &weight) in weights.iter().enumerate() {
        let product = magnitude.checked_mul(weight)?;
        parts.push(product / total);
        remainders.push((product % total, at));
    }
    let left_over = magnitude - parts.iter().sum::<i128>();
    remainders.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    for &(_, at) in remainders.iter().take(usize::try_from(left_over).ok()?) {
        parts[at] += 1;
    }
    debug_assert_eq!(parts.iter().sum::<i128>(), magnitude, "Invariant: parts sum to the whole");
    let sign = if whole.0 < 0 { -1 } else { 1 };
    parts.into_iter().map(|part| i64::try_from(sign * part).ok().map(Fen)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn refuses_what_has_no_answer() {
        assert_eq!(allocate(Fen(1), &[]), None);
        assert_eq!(allocate(Fen(1), &[0, 0]), None);
        assert_eq!(allocate(Fen(1), &[2, -1]), None);
        assert_eq!(allocate(Fen(0), &[0, 0]), Some(vec![Fen(0), Fen(0)]));
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_whole_and_stay_within_one_fen(
            whole in -1_000_000_000_000i64..1_000_000_000_000,
            weights in proptest::collection::vec(0i128..1_000_000_000, 1..40),
        ) {
            prop_assume!(weights.iter().any(|&w| w > 0));
            let total: i128 = weights.iter().sum();
            let parts = allocate(Fen(whole), &weights).unwrap();
            prop_assert_eq!(Fen::sum(parts.iter().copied()), Some(Fen(whole)));
            for (part, weight) in parts.iter().zip(&weights) {
                let distance = (i128::from(part.0) * total - i128::from(whole) * weight).abs();
                prop_assert!(distance < total, "a part is within one fen of its exact share");
            }
        }
    }
}
