//! Whether two rules can apply to the same case. Only what is stated apart in both keeps them apart; a doubt is a
//! meeting.

use chrono::NaiveDate;

use super::rules::When;
use super::spec::{Codes, Whole};

/// Whether some case could satisfy both conditions.
pub(super) fn can_meet(first: &When, second: &When) -> bool {
    let sets = [
        (codes(&first.drgs), codes(&second.drgs)),
        (codes(&first.adrgs), codes(&second.adrgs)),
        (codes(&first.mdcs), codes(&second.mdcs)),
        (first.departments.as_ref(), second.departments.as_ref()),
        (first.med_types.as_ref(), second.med_types.as_ref()),
        (first.discharge_ways.as_ref(), second.discharge_ways.as_ref()),
        (first.institutions.as_ref(), second.institutions.as_ref()),
        (first.levels.as_ref(), second.levels.as_ref()),
        (first.insutypes.as_ref(), second.insutypes.as_ref()),
    ];
    let apart = sets.into_iter().any(|pair| match pair {
        (Some(a), Some(b)) => !a.iter().any(|value| b.contains(value)),
        _ => false,
    });
    let days = (range(&first.days_from, &first.days_to), range(&second.days_from, &second.days_to));
    let dates = (
        (from(first.discharged_from), to(first.discharged_to)),
        (from(second.discharged_from), to(second.discharged_to)),
    );
    let settled =
        ((from(first.settled_from), to(first.settled_to)), (from(second.settled_from), to(second.settled_to)));
    let same_care = first.icu.is_none() || second.icu.is_none() || first.icu == second.icu;
    let ages = (range(&first.age_from, &first.age_to), range(&second.age_from, &second.age_to));
    let prefixes = match (&first.diagnoses, &second.diagnoses) {
        (Some(a), Some(b)) => {
            a.iter().any(|x| b.iter().any(|y| x.starts_with(y.as_str()) || y.starts_with(x.as_str())))
        }
        _ => true,
    };
    !apart && same_care && meets(dates) && meets(settled) && meets(days) && meets(ages) && prefixes
}

fn codes(codes: &Option<Codes>) -> Option<&Vec<String>> {
    codes.as_ref().map(|codes| &codes.0)
}

type Range = (i64, i64);

fn range<const A: i64, const B: i64>(from: &Option<Whole<A, B>>, to: &Option<Whole<A, B>>) -> Range {
    (from.map_or(i64::MIN, |w| w.0), to.map_or(i64::MAX, |w| w.0))
}

fn from(day: Option<NaiveDate>) -> i64 {
    day.map_or(i64::MIN, |day| day.to_epoch_days().into())
}

fn to(day: Option<NaiveDate>) -> i64 {
    day.map_or(i64::MAX, |day| day.to_epoch_days().into())
}

fn meets((a, b): (Range, Range)) -> bool {
    a.0 <= b.1 && b.0 <= a.1
}
