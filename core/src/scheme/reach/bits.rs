//! Sets of small numbers.

/// A set of numbers below a fixed limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bits(Box<[u64]>);

impl Bits {
    #[must_use]
    pub fn none(limit: usize) -> Bits {
        Bits(vec![0; limit.div_ceil(64)].into())
    }

    #[must_use]
    pub fn all(limit: usize) -> Bits {
        Bits::of(limit, 0..limit)
    }

    /// The set of `members`, each below `limit`.
    #[must_use]
    pub fn of(limit: usize, members: impl IntoIterator<Item = usize>) -> Bits {
        let mut bits = Bits::none(limit);
        members.into_iter().for_each(|member| bits.0[member / 64] |= 1 << (member % 64));
        bits
    }

    #[must_use]
    pub fn and(&self, other: &Bits) -> Bits {
        Bits(self.0.iter().zip(&other.0).map(|(a, b)| a & b).collect())
    }

    #[must_use]
    pub fn or(&self, other: &Bits) -> Bits {
        Bits(self.0.iter().zip(&other.0).map(|(a, b)| a | b).collect())
    }

    #[must_use]
    pub fn minus(&self, other: &Bits) -> Bits {
        Bits(self.0.iter().zip(&other.0).map(|(a, b)| a & !b).collect())
    }

    /// Everything else, with no heed to the limit.
    #[must_use]
    pub fn opposite(&self) -> Bits {
        Bits(self.0.iter().map(|word| !word).collect())
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    #[must_use]
    pub fn within(&self, other: &Bits) -> bool {
        self.0.iter().zip(&other.0).all(|(a, b)| a & !b == 0)
    }

    #[must_use]
    pub fn meets(&self, other: &Bits) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| a & b != 0)
    }

    #[must_use]
    pub fn has(&self, member: usize) -> bool {
        self.0[member / 64] >> (member % 64) & 1 == 1
    }

    /// The members, in order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(at, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                (left != 0).then(|| {
                    let bit = left.trailing_zeros() as usize;
                    left &= left - 1;
                    at * 64 + bit
                })
            })
        })
    }
}
