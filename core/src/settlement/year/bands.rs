//! Bands of surplus and overrun.

use crate::money::Rounding;
use crate::policy::rules::{BandMode, Edge, Slice};
use crate::policy::{Factor, Rows};
use crate::pricing::Exact;

/// The share of `part` (a surplus or an overrun, not negative) that bands over `part ÷ base` give, rounded once.
/// Nothing for an empty or negative base. `None` when it does not fit.
pub(super) fn share_fen(
    bands: &Rows<Slice>,
    mode: BandMode,
    edge: Edge,
    part_fen: i64,
    base_fen: i64,
    rounding: Rounding,
) -> Option<i64> {
    share_of(bands, mode, edge, part_fen, base_fen)?.round(0, rounding)
}

/// The same before it is rounded.
pub(super) fn share_of(bands: &Rows<Slice>, mode: BandMode, edge: Edge, part_fen: i64, base_fen: i64) -> Option<Exact> {
    if part_fen <= 0 || base_fen <= 0 {
        return Some(Exact::ZERO);
    }
    let (part, base) = (Exact::whole(part_fen.into()), Exact::whole(base_fen.into()));
    let factor = |factor: Factor| Exact::scaled(factor.0, Factor::DIGITS);
    let share = |slice: &Slice| Exact::scaled(slice.share.0, Factor::DIGITS);
    let mut total = Exact::ZERO;
    let mut from = Exact::ZERO;
    for (slice, _) in &bands.0 {
        let to = match slice.to {
            Some(to) => factor(to).times(base)?,
            None => part.max(from)?,
        };
        match mode {
            BandMode::Marginal => {
                let width = part.min(to)?.minus(from)?.max(Exact::ZERO)?;
                total = total.plus(width.times(share(slice))?)?;
            }
            BandMode::Whole => {
                let inside = part.minus(to)?;
                let belongs = inside.is_negative() || (inside.is_zero() && (edge == Edge::Lower || slice.to.is_none()));
                if belongs {
                    return part.times(share(slice));
                }
            }
        }
        from = to;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Share;

    fn bands(rows: &[(Option<i64>, i64)]) -> Rows<Slice> {
        let origin = crate::policy::unknown_origin();
        let slice =
            |(to, share): &(Option<i64>, i64)| (Slice { to: to.map(Factor), share: Share(*share) }, origin.clone());
        Rows(rows.iter().map(slice).collect())
    }

    /// Surplus up to 5 % kept in full, up to 15 % by half, nothing above.
    #[test]
    fn slices_and_wholes_at_every_edge() {
        let bands = bands(&[(Some(50_000), 1_000_000), (Some(150_000), 500_000)]);
        let share = |mode, edge, part| share_fen(&bands, mode, edge, part, 10_000, Rounding::HalfUp).unwrap();
        let marginal = |part| share(BandMode::Marginal, Edge::Lower, part);
        assert_eq!(
            [0, 499, 500, 501, 502, 1_500, 1_501, 9_999].map(marginal),
            [0, 499, 500, 501, 501, 1_000, 1_000, 1_000]
        );
        let lower = |part| share(BandMode::Whole, Edge::Lower, part);
        assert_eq!([499, 500, 501, 1_500, 1_501].map(lower), [499, 500, 251, 750, 0]);
        let upper = |part| share(BandMode::Whole, Edge::Upper, part);
        assert_eq!([499, 500, 501, 1_499, 1_500].map(upper), [499, 250, 251, 750, 0]);
        assert_eq!(share_fen(&bands, BandMode::Whole, Edge::Lower, 5, 0, Rounding::HalfUp), Some(0));
    }

    #[test]
    fn an_open_last_band_reaches_everything() {
        let bands = bands(&[(Some(100_000), 600_000), (None, 250_000)]);
        let marginal = share_fen(&bands, BandMode::Marginal, Edge::Lower, 30_000, 100_000, Rounding::HalfUp);
        assert_eq!(marginal, Some(6_000 + 5_000));
        let whole = share_fen(&bands, BandMode::Whole, Edge::Upper, 30_000, 100_000, Rounding::HalfUp);
        assert_eq!(whole, Some(7_500));
    }
}
