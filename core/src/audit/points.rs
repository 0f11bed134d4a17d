//! Points of recognised exams, a second time.

use super::Found;
use super::compare::{Row, Sheet};
use super::place::pool_of;
use super::ratio::Ratio;
use super::sums::{Line, PoolMoney};
use crate::policy::rules::{Institutions, Method};
use crate::policy::{Policy, PolicySet};
use crate::pricing::State;
use crate::settlement::PointLine;

/// Each as a line that counts no case. Its consortium is that of the register on the last day of its month.
pub(super) fn point_lines(policy: &Policy, set: &PolicySet, points: &[PointLine]) -> Found<Vec<Line>> {
    let mut lines = Vec::new();
    for own in points {
        if !matches!(policy.method.value, Method::Points { .. }) {
            return Err("recognition by rate".to_owned());
        }
        let day = own.period.last_day();
        let valid = |pack: &&Policy| pack.valid_from <= day && pack.valid_to.is_none_or(|to| day <= to);
        let pack = set.packs.iter().find(valid).unwrap_or(policy);
        let mut consortium = Some(String::new());
        if let Institutions::Register { .. } = pack.institutions.value {
            consortium = None;
            for row in pack.register().filter(|row| row.fixmedins_code == own.institution) {
                if row.valid_from.is_none_or(|from| from <= day) && row.valid_to.is_none_or(|to| day <= to) {
                    consortium = Some(row.consortium.clone().unwrap_or_default());
                }
            }
        }
        let zero = Ratio::zero;
        lines.push(Line {
            institution: own.institution.clone(),
            insutype: own.insutype.clone(),
            consortium: consortium.ok_or_else(|| format!("institution {}", own.institution))?,
            pool: pool_of(&policy.pools.value, &own.insutype).ok_or_else(|| format!("pool {}", own.insutype))?,
            state: State::Paid,
            count: 0,
            points: Ratio::scaled(own.points_e4, 4),
            amount: zero(),
            outside: zero(),
            total: zero(),
            fund: Some(zero()),
            patient: Some(zero()),
            other: Some(zero()),
            weight: None,
            own: None,
            standard: zero(),
            due: zero(),
            recognised: true,
        });
    }
    Ok(lines)
}

/// The point value of a line's pool, with all its decimals.
pub(super) fn value_of(pools: &[PoolMoney], line: &Line) -> Option<String> {
    let pool = pools.iter().find(|pool| pool.name == line.pool)?;
    pool.value.as_ref().map(|value| value.text(6))
}

/// What the table of lines must say.
pub(super) fn point_sheet(pools: &[PoolMoney], points: &[PointLine], lines: &[Line]) -> Sheet {
    let row = |(own, line): (&PointLine, &Line)| {
        let value = pools.iter().find(|pool| pool.name == line.pool).and_then(|pool| pool.value.as_ref());
        Row::new(&[&own.institution, &own.insutype, &own.period.to_string(), &own.pack])
            .number("records", Some(&Ratio::whole(own.records)), 0)
            .number("points", Some(&line.points), 4)
            .number("point_value", value, 6)
            .money("due", &line.due)
            .text("consortium", &line.consortium)
            .text("pool", &line.pool)
            .text("rule", &own.rule.name)
            .money("monthly_due", &Ratio::yuan(own.monthly_due_fen))
    };
    let rows = points.iter().zip(lines).map(row).collect();
    Sheet::new("recognition_points", &["fixmedins_code", "insutype", "period", "pack"], rows)
}
