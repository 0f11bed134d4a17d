//! Figures of a settled month or a cleared year.

use std::collections::BTreeMap;

use super::place::Place;
use crate::problem::catalogue::settlement::OVERFLOW;
use crate::problem::{Problem, Problems};
use crate::scenario::figures::{Figures, Key, Kind, Purse};
use crate::scenario::measure::Measure;
use crate::settlement::{MonthFigures, PoolMonth, YearFigures};

type Places = BTreeMap<String, Place>;

struct Adding<'a> {
    figures: Figures,
    /// Nearly all figures: put into order once, and not looked for one by one.
    institutions: Vec<(Key, i64)>,
    places: &'a Places,
    fits: bool,
}

impl Adding<'_> {
    fn new(places: &Places) -> Adding<'_> {
        Adding { figures: Figures::default(), institutions: Vec::new(), places, fits: true }
    }

    fn add(&mut self, kind: Kind, subject: &str, part: &str, measure: Measure, units: i64) {
        if kind == Kind::Institution {
            let (subject, part) = (subject.to_owned(), part.to_owned());
            self.institutions.push((Key { purse: Purse::Insurance, kind, subject, part, measure }, units));
            return;
        }
        let added = self.figures.add((Purse::Insurance, kind), subject, part, measure, units);
        self.fits &= added.is_some();
    }

    /// A figure of an institution, and of its level, its place and all.
    fn add_up(&mut self, institution: &str, insutype: &str, measure: Measure, units: i64) {
        self.add(Kind::Institution, institution, insutype, measure, units);
        if let Some(Place { level, county }) = self.places.get(institution) {
            self.add(Kind::Level, level, insutype, measure, units);
            self.add(Kind::Place, county, insutype, measure, units);
        }
        self.add(Kind::Total, "", "", measure, units);
    }

    fn pool(&mut self, pool: &PoolMonth) {
        let name = &pool.pool;
        let figures = [
            (Measure::Budget, pool.budget_fen),
            (Measure::Balance, pool.balance_fen),
            (Measure::PointValue, pool.point_value_e6),
            (Measure::Due, Some(pool.sum.due_fen)),
            (Measure::Points, Some(pool.sum.points_e4)),
            (Measure::Cases, Some(pool.sum.cases)),
            (Measure::Unpaid, Some(pool.sum.unpaid)),
        ];
        for (measure, units) in figures {
            if let Some(units) = units {
                self.add(Kind::Pool, name, "", measure, units);
            }
        }
    }

    fn done(mut self) -> Result<Figures, Problems> {
        self.institutions.sort_by(|one, other| one.0.cmp(&other.0));
        let mut sums: Vec<(Key, i64)> = Vec::with_capacity(self.institutions.len());
        for (key, units) in self.institutions {
            match sums.last_mut().filter(|last| last.0 == key) {
                Some((_, sum)) => match sum.checked_add(units) {
                    Some(more) => *sum = more,
                    None => self.fits = false,
                },
                None => sums.push((key, units)),
            }
        }
        self.figures.0.append(&mut sums.into_iter().collect());
        if self.fits { Ok(self.figures) } else { Err(Problem::new(&OVERFLOW).with("what", "Σ").into()) }
    }
}

pub(super) fn of_month(month: &MonthFigures, places: &Places) -> Result<Figures, Problems> {
    let mut adding = Adding::new(places);
    month.pools.iter().for_each(|pool| adding.pool(pool));
    for row in &month.institutions {
        let figures = [
            (Measure::Due, row.sum.due_fen),
            (Measure::Payable, row.payable_fen),
            (Measure::Points, row.sum.points_e4),
            (Measure::Unpaid, row.sum.unpaid),
        ];
        for (measure, units) in figures {
            adding.add_up(&row.institution, &row.insutype, measure, units);
        }
        adding.add(Kind::Institution, &row.institution, &row.insutype, Measure::Prepaid, row.prepaid_fen);
        adding.add(Kind::Institution, &row.institution, &row.insutype, Measure::Withheld, row.withheld_fen);
    }
    for row in &month.consortia {
        adding.add(Kind::Consortium, &row.consortium, &row.pool, Measure::Due, row.sum.due_fen);
        if let (Some(total), Some(balance)) = (row.total_fen, row.balance_fen) {
            adding.add(Kind::Consortium, &row.consortium, &row.pool, Measure::Total, total);
            adding.add(Kind::Consortium, &row.consortium, &row.pool, Measure::Balance, balance);
        }
    }
    adding.done()
}

pub(super) fn of_year(year: &YearFigures, places: &Places) -> Result<Figures, Problems> {
    let mut adding = Adding::new(places);
    for pool in &year.pools {
        adding.pool(pool);
        let shared = year.institutions.iter().filter(|row| row.pool == pool.pool).map(|row| row.adjustment_fen);
        let shared = shared.chain(year.consortia.iter().filter(|r| r.pool == pool.pool).map(|row| row.adjustment_fen));
        let shared: Option<i64> = shared.into_iter().try_fold(0i64, i64::checked_add);
        match (pool.balance_fen, shared) {
            (Some(balance), Some(shared)) => {
                adding.add(Kind::Pool, &pool.pool, "", Measure::AfterSharing, balance.saturating_sub(shared));
            }
            (_, None) => adding.fits = false,
            _ => {}
        }
    }
    for row in &year.institutions {
        let figures = [
            (Measure::Due, row.sum.due_fen),
            (Measure::Adjustment, row.adjustment_fen),
            (Measure::MemberShare, row.member_share_fen),
            // What the year brings, whenever it is paid.
            (Measure::Net, row.final_fen.saturating_add(row.paid_fen)),
            (Measure::Final, row.final_fen),
            (Measure::Points, row.sum.points_e4),
        ];
        for (measure, units) in figures {
            adding.add_up(&row.institution, &row.insutype, measure, units);
        }
    }
    for row in &year.consortia {
        let figures = [
            (Measure::Due, Some(row.sum.due_fen)),
            (Measure::Total, row.total_fen),
            (Measure::Balance, row.balance_fen),
            (Measure::Kept, Some(row.kept_fen)),
            (Measure::Borne, Some(row.borne_fen)),
            (Measure::Adjustment, Some(row.adjustment_fen)),
        ];
        for (measure, units) in figures {
            if let Some(units) = units {
                adding.add(Kind::Consortium, &row.consortium, &row.pool, measure, units);
            }
        }
    }
    for row in &year.reserves {
        if let Some(closing) = row.closing_fen() {
            adding.add(Kind::Pool, &row.pool, "", Measure::Reserve, closing);
        }
    }
    adding.done()
}
