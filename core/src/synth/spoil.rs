//! Rows that a reader of claims must refuse, of every kind that the columns can hold.

use super::claim::{Claim, Writing};
use super::random::{Random, mix};
use crate::claims::UNKNOWN;

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    NoSettlementId,
    NoTotal,
    NoInstitution,
    NegativePayment,
    PaymentsDoNotAddUp,
    NoDischarge,
    DischargedBeforeAdmission,
    NegativeDays,
    UnknownSex,
    UnknownInsuranceType,
    UnknownInstitution,
    UnknownLevel,
    OldNewborn,
    ImpossibleAge,
    ImpossibleWeight,
    PrincipalLost,
    ReversalOfNothing,
    /// A sound row whose `setl_id` the row of the next fault takes again: neither can be trusted.
    SharedIdentifier,
    RepeatedIdentifier,
}

const FAULTS: [Fault; 19] = [
    Fault::PaymentsDoNotAddUp,
    Fault::SharedIdentifier,
    Fault::RepeatedIdentifier,
    Fault::DischargedBeforeAdmission,
    Fault::NoTotal,
    Fault::UnknownInstitution,
    Fault::NegativePayment,
    Fault::OldNewborn,
    Fault::UnknownInsuranceType,
    Fault::NoDischarge,
    Fault::PrincipalLost,
    Fault::UnknownSex,
    Fault::NoSettlementId,
    Fault::UnknownLevel,
    Fault::ImpossibleWeight,
    Fault::ReversalOfNothing,
    Fault::NegativeDays,
    Fault::NoInstitution,
    Fault::ImpossibleAge,
];

const MILLION: u64 = 1_000_000;

/// Which rows are bad: of every stretch of rows that holds one bad row by the stated share, one, drawn within it.
#[derive(Clone, Copy, Debug)]
pub(super) struct BadRows {
    pub seed: u64,
    pub per_million: u32,
}

impl BadRows {
    /// First row of the `nth` stretch.
    fn start(self, nth: u64) -> u64 {
        (nth * MILLION).div_ceil(u64::from(self.per_million))
    }

    fn row(self, nth: u64) -> u64 {
        let (start, end) = (self.start(nth), self.start(nth + 1));
        let mut state = self.seed ^ nth.wrapping_mul(0x9E6C_63D0_876A_68DE);
        start + mix(&mut state) % (end - start).max(1)
    }

    /// What is wrong with a row, if anything, and the row whose identifier it repeats.
    pub(super) fn at(self, row: u64) -> Option<(Fault, u64)> {
        if self.per_million == 0 {
            return None;
        }
        let nth = (u128::from(row) * u128::from(self.per_million) / u128::from(MILLION)) as u64;
        let fault = FAULTS[(nth % FAULTS.len() as u64) as usize];
        (self.row(nth) == row).then(|| (fault, nth.checked_sub(1).map_or(row, |before| self.row(before))))
    }

    /// How many of the first `rows` are bad.
    pub(super) fn count(self, rows: u64) -> u64 {
        (0..)
            .take_while(|nth| self.per_million > 0 && self.start(*nth) < rows)
            .filter(|nth| self.row(*nth) < rows)
            .count() as u64
    }
}

impl Fault {
    /// Brings the fault into a claim.
    pub(super) fn spoil(self, claim: &mut Claim<'_>, repeated: u64, random: &mut Random) {
        match self {
            Fault::NoSettlementId => claim.setl = None,
            Fault::NoTotal => claim.bill.total = None,
            Fault::NoInstitution => claim.institution = "",
            Fault::NegativePayment => {
                // The parts still add up, so that the sign alone is wrong.
                claim.bill.fund += claim.bill.patient + 1;
                claim.bill.patient = -1;
            }
            Fault::PaymentsDoNotAddUp => claim.bill.patient += 1 + random.below(100_000) as i64,
            Fault::NoDischarge => claim.discharged = UNKNOWN,
            Fault::DischargedBeforeAdmission => claim.admitted = claim.discharged + 1 + random.below(20) as i32,
            Fault::NegativeDays => claim.los_days = -claim.los_days.max(1),
            Fault::UnknownSex => claim.sex = "3",
            Fault::UnknownInsuranceType => claim.insurance_type = "999",
            Fault::UnknownInstitution => claim.institution = "H00000000000",
            Fault::UnknownLevel => claim.level = "？？",
            Fault::OldNewborn => (claim.age, claim.age_days) = (100, 3),
            Fault::ImpossibleAge => claim.age = 199,
            Fault::ImpossibleWeight => claim.birth_weight_g = 32_000,
            Fault::PrincipalLost => claim.writing = Writing::HeadLost,
            Fault::ReversalOfNothing => claim.reverses = Some(99_999_999),
            Fault::SharedIdentifier => {}
            Fault::RepeatedIdentifier => claim.setl = Some(repeated),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_is_kept_at_every_length() {
        for per_million in [0, 1, 1_000, 10_000, 33_333, 500_000, 1_000_000] {
            let bad = BadRows { seed: 9, per_million };
            let mut found = 0;
            for row in 0..20_000u64 {
                found += u64::from(bad.at(row).is_some());
                let expected = (row + 1) * u64::from(per_million) / MILLION;
                assert!(found.abs_diff(expected) <= 1, "{per_million} per million: {found} of {}", row + 1);
            }
            assert_eq!(bad.count(20_000), found);
        }
    }
}
