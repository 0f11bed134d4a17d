//! What one record is worth.

use std::collections::BTreeMap;

use super::reason::Reason;
use super::record::{Part, Record};
use super::rules::Rules;
use crate::money::{Fen, Rounding, allocate, div_round_i64};
use crate::policy::rules::{
    RecognitionBooking, RecognitionFee, RecognitionPatient, RecognitionPayee, RecognitionShare,
};
use crate::problem::catalogue::recognition as r;
use crate::problem::{Problem, Problems};
use crate::table::cell::date;

/// Shares are in millionths.
const MILLION: i64 = 1_000_000;

/// Fee and award of a record, before any cap, in fen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Worth {
    pub fee_fen: i64,
    pub share_e6: i64,
    pub fund_share_e6: i64,
    pub award_fen: i64,
}

/// Prices that were looked for in vain: item, level, day → records.
#[derive(Clone, Debug, Default)]
pub struct Missing(BTreeMap<(String, String, i32), u64>);

impl Missing {
    pub fn into_problems(self) -> Problems {
        let problem = |((item, level, day), cases): ((String, String, i32), u64)| {
            let problem = Problem::new(&r::NO_PRICE).with("item", item).with("level", level);
            problem.with("day", super::reason::shown(day)).with("cases", cases)
        };
        Problems(self.0.into_iter().map(problem).collect())
    }
}

/// The worth of a record that no guard refused. `Ok(None)` for a price that is missing, which is noted.
pub fn worth(record: &Record, rules: &Rules<'_>, missing: &mut Missing) -> Result<Option<Worth>, Reason> {
    let Some(fee_fen) = fee(record, rules, missing)? else { return Ok(None) };
    let RecognitionShare::Fixed { share } = rules.share.value;
    let fund_share_e6 = match &rules.patient.value {
        RecognitionPatient::FullPrice {} => MILLION,
        RecognitionPatient::FundShare { shares } => {
            let share = shares.get(&record.insutype).or_else(|| shares.get("*"));
            share.ok_or_else(|| Reason::NoFundShare(record.insutype.clone()))?.0
        }
    };
    let product = i128::from(fee_fen) * i128::from(share.0) * i128::from(fund_share_e6);
    let award_fen = div_round_i64(product, i128::from(MILLION) * i128::from(MILLION), Rounding::HalfUp)
        .expect("Invariant: a share of a fee is no more than the fee");
    Ok(Some(Worth { fee_fen, share_e6: share.0, fund_share_e6, award_fen }))
}

/// Whose price is taken: the institution, its level on the day, and the day. Nothing for an actual fee.
pub fn priced_at<'a>(record: &'a Record, rules: &'a Rules<'_>) -> Option<(&'a str, &'a str, i32)> {
    let (code, written, day) = match rules.fee.value {
        RecognitionFee::Actual {} => return None,
        RecognitionFee::RecogniserList {} => (&record.recogniser, &record.recogniser_level, record.recognised.day),
        RecognitionFee::IssuerList {} => (&record.issuer, &record.issuer_level, record.reported.day),
    };
    let level = date(day).and_then(|on| rules.parties.find(code, written, on)).map_or("", |party| party.level);
    Some((code, level, day))
}

fn fee(record: &Record, rules: &Rules<'_>, missing: &mut Missing) -> Result<Option<i64>, Reason> {
    let Some((code, level, day)) = priced_at(record, rules) else {
        return record.fee_fen.map(Some).ok_or(Reason::NoFee);
    };
    let price = |level: &str| rules.prices.on(&(record.item.clone(), level.to_owned()), date(day)?);
    match price(level).or_else(|| price("")) {
        Some(fen) => Ok(Some(fen)),
        None if level.is_empty() => Err(Reason::NoLevel(code.to_owned())),
        None => {
            *missing.0.entry((record.item.clone(), level.to_owned(), day)).or_default() += 1;
            Ok(None)
        }
    }
}

/// What the recogniser and the issuer get of an amount.
pub fn parts(amount_fen: i64, rules: &Rules<'_>) -> Result<[Part; 2], Problems> {
    let share_e6 = match &rules.payee.value {
        RecognitionPayee::Recogniser {} => MILLION,
        RecognitionPayee::Issuer {} => 0,
        RecognitionPayee::Split { recogniser } => recogniser.0,
    };
    let weights = [share_e6, MILLION - share_e6].map(i128::from);
    let fen = allocate(Fen(amount_fen), &weights).expect("Invariant: two shares of a whole");
    Ok([part(fen[0].0, rules)?, part(fen[1].0, rules)?])
}

/// Money, or the points that stand for it, half up to four decimals.
fn part(fen: i64, rules: &Rules<'_>) -> Result<Part, Problems> {
    let RecognitionBooking::Points { value } = &rules.booking.value else { return Ok(Part { fen, points_e4: 0 }) };
    // fen ÷ 100 ÷ (millionths of a yuan a point), in ten-thousandths of a point.
    let units = div_round_i64(i128::from(fen) * 100_000_000, i128::from(value.0), Rounding::HalfUp);
    let points_e4 = units.ok_or_else(|| Problem::new(&r::OVERFLOW).with("what", "points"))?;
    Ok(Part { fen: 0, points_e4 })
}
