//! The short way to a price: of a normal case, all is known with its cell.

use super::cell::{CellValues, What};
use super::prepare::Prepared;

/// What a normal case of a cell is worth, and which bills are normal: 40 bytes, so that those of a city lie in L2.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quick {
    low_max_fen: i64,
    high_min_fen: i64,
    pub points_e4: i64,
    pub amount_fen: i64,
    pub rule: u16,
    pub pool: u8,
}

impl Quick {
    pub(super) fn of(cell: &CellValues, pack: &Prepared<'_>) -> Quick {
        // Only groups have normal cases.
        let (low_max_fen, high_min_fen) = match cell.what {
            What::Group(_) => (cell.low_max_fen, cell.high_min_fen),
            _ => (i64::MAX, i64::MIN),
        };
        let (points_e4, amount_fen) = cell.normal;
        let rule = pack.rule(pack.policy.method.rule);
        Quick { low_max_fen, high_min_fen, points_e4, amount_fen, rule, pool: cell.pool }
    }

    /// Whether a case with this bill is normal.
    #[inline]
    pub(super) fn is_normal(&self, total_fen: i64) -> bool {
        (total_fen > self.low_max_fen) & (total_fen < self.high_min_fen)
    }
}
