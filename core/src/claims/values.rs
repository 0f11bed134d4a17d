//! Texts as numbers, amounts and days.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::UNKNOWN_FEN;
use crate::money::{ParseFenError, Rounding, div_round_i64};

/// Seconds of a day.
const DAY_SECONDS: i64 = 86_400;
const BEIJING_HOURS: i64 = 8;

/// A moment as far as it is known, by the clock in China.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// Days since 1970-01-01.
    pub day: i32,
    /// Seconds of the day, when a time is given.
    pub second: Option<u32>,
}

/// Days from 1900-01-01 to 2200-12-31: a claim has no other dates, they are slips of the pen.
const DAYS: std::ops::RangeInclusive<i64> = -25_567..=84_370;

impl Moment {
    /// A day of which no time is known.
    pub(super) fn of_day(day: i32) -> Option<Moment> {
        DAYS.contains(&i64::from(day)).then_some(Moment { day, second: None })
    }

    pub(super) fn of_microseconds(us: i64) -> Option<Moment> {
        let seconds = us.div_euclid(1_000_000);
        let second = u32::try_from(seconds.rem_euclid(DAY_SECONDS)).ok();
        let day = Some(seconds.div_euclid(DAY_SECONDS)).filter(|day| DAYS.contains(day))?;
        Some(Moment { day: i32::try_from(day).ok()?, second })
    }

    /// Reads `2026-03-15`, `2026/3/15`, `20260315`, each alone or with a time after a blank or `T`: `10:20`,
    /// `10:20:30`, `10:20:30.5`; also `20260315102030`. A zone (`Z`, `+08:00`) is converted to the clock in China.
    pub fn parse(text: &str) -> Option<Moment> {
        if text.len() >= 8 && text.bytes().all(|b| b.is_ascii_digit()) {
            let day = NaiveDate::parse_from_str(&text[..8], "%Y%m%d").ok()?;
            return match text.len() {
                8 => Moment::of_day(day_number(day)?),
                14 => {
                    let at = NaiveTime::parse_from_str(&text[8..], "%H%M%S").ok()?;
                    Moment::of_clock(day.and_time(at), None)
                }
                _ => None,
            };
        }
        let (date, time) = match text.find(['T', ' ']) {
            Some(at) => (&text[..at], Some(text[at + 1..].trim_start())),
            None => (text, None),
        };
        let day = parse_day(date)?;
        let Some(time) = time else { return Moment::of_day(day_number(day)?) };
        let (clock, zone) = split_zone(time)?;
        Moment::of_clock(day.and_time(parse_clock(clock)?), zone)
    }

    /// `zone`: minutes ahead of UTC.
    fn of_clock(at: NaiveDateTime, zone: Option<i64>) -> Option<Moment> {
        let seconds = at.and_utc().timestamp();
        let shift = zone.map_or(0, |minutes| (BEIJING_HOURS * 60 - minutes) * 60);
        Moment::of_microseconds(seconds.checked_add(shift)?.checked_mul(1_000_000)?)
    }
}

/// Days since 1970-01-01.
fn day_number(day: NaiveDate) -> Option<i32> {
    day.signed_duration_since(NaiveDate::default()).num_days().try_into().ok()
}

/// The number of some digits.
fn digits(text: &[u8]) -> Option<u32> {
    text.iter().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
}

fn parse_day(text: &str) -> Option<NaiveDate> {
    if let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = *text.as_bytes() {
        let year = i32::try_from(digits(&[y0, y1, y2, y3])?).ok()?;
        return NaiveDate::from_ymd_opt(year, digits(&[m0, m1])?, digits(&[d0, d1])?);
    }
    let form = if text.contains('/') { "%Y/%m/%d" } else { "%Y-%m-%d" };
    NaiveDate::parse_from_str(text, form).ok()
}

/// `10:20`, `10:20:30` or `10:20:30.5`.
fn parse_clock(text: &str) -> Option<NaiveTime> {
    if let [h0, h1, b':', m0, m1, b':', s0, s1] = *text.as_bytes() {
        return NaiveTime::from_hms_opt(digits(&[h0, h1])?, digits(&[m0, m1])?, digits(&[s0, s1])?);
    }
    ["%H:%M:%S%.f", "%H:%M"].iter().find_map(|form| NaiveTime::parse_from_str(text, form).ok())
}

/// A time without its zone, and the zone in minutes ahead of UTC. `None` when the zone cannot be read.
fn split_zone(time: &str) -> Option<(&str, Option<i64>)> {
    if let Some(clock) = time.strip_suffix('Z') {
        return Some((clock, Some(0)));
    }
    let Some(at) = time.find(['+', '-']) else { return Some((time, None)) };
    let digits: String = time[at + 1..].chars().filter(|&c| c != ':').collect();
    if digits.len() != 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let minutes = digits[..2].parse::<i64>().ok()? * 60 + digits[2..].parse::<i64>().ok()?;
    Some((&time[..at], Some(if time.as_bytes()[at] == b'-' { -minutes } else { minutes })))
}

/// A whole number, also written `55.0`.
pub(super) fn parse_whole(text: &str) -> Option<i64> {
    let whole = match text.split_once('.') {
        Some((whole, zeros)) if zeros.bytes().all(|b| b == b'0') => whole,
        Some(_) => return None,
        None => text,
    };
    whole.parse().ok()
}

/// Whole hours of `days/hours/minutes`; minutes that make no hour are left out.
pub(super) fn parse_duration_hours(text: &str) -> Option<i64> {
    let Some((days, rest)) = text.split_once('/') else { return parse_whole(text) };
    let (hours, minutes) = rest.split_once('/')?;
    let part = |text: &str| text.parse::<u16>().ok().map(i64::from);
    Some(part(days)? * 24 + part(hours)? + part(minutes)? / 60)
}

/// A decimal column's amount in fen, when no digit is lost.
pub(super) fn decimal_fen(units: i128, scale: i8) -> Result<i64, ParseFenError> {
    if scale == 2 {
        return i64::try_from(units).ok().filter(|&fen| fen != UNKNOWN_FEN).ok_or(ParseFenError::TooLarge);
    }
    let shift = 2 - i32::from(scale);
    let power = 10i128.checked_pow(shift.unsigned_abs()).ok_or(ParseFenError::TooLarge)?;
    let fen = if shift >= 0 {
        units.checked_mul(power).ok_or(ParseFenError::TooLarge)?
    } else if units % power == 0 {
        units / power
    } else {
        return Err(ParseFenError::TooManyDecimals);
    };
    // The smallest number stands for an amount that is not given.
    i64::try_from(fen).ok().filter(|&fen| fen != UNKNOWN_FEN).ok_or(ParseFenError::TooLarge)
}

/// A float column's amount in fen: the shortest decimal that stands for the float, rounded as told, and whether the
/// rounding changed it.
pub(super) fn float_fen(yuan: f64, rounding: Rounding) -> Option<(i64, bool)> {
    let text = format!("{yuan}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let units: i128 = format!("{whole}{fraction}").parse().ok()?;
    let digits = u32::try_from(fraction.len()).ok()?;
    if digits <= 2 {
        return Some((i64::try_from(units.checked_mul(10i128.pow(2 - digits))?).ok()?, false));
    }
    Some((div_round_i64(units, 10i128.checked_pow(digits - 2)?, rounding)?, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i32, second: u32) -> Option<Moment> {
        Some(Moment { day, second: Some(second) })
    }

    #[test]
    fn dates_as_systems_write_them() {
        let day = Some(Moment { day: 20_527, second: None });
        for text in ["2026-03-15", "20260315", "2026/3/15", "2026/03/15", "2026-3-15"] {
            assert_eq!(Moment::parse(text), day, "{text}");
        }
        for text in ["2026-03-15 10:20:30", "2026-03-15T10:20:30", "20260315102030", "2026-03-15T10:20:30.250"] {
            assert_eq!(Moment::parse(text), at(20_527, 37_230), "{text}");
        }
        assert_eq!(Moment::parse("2026/3/15 10:20"), at(20_527, 37_200));
        assert_eq!(Moment::parse("2026-03-15T10:20:30+08:00"), at(20_527, 37_230));
        assert_eq!(Moment::parse("2026-03-14T16:00:00Z"), at(20_527, 0), "midnight in Beijing");
        assert_eq!(Moment::parse("2026-03-14T23:30:00-0830"), at(20_527, 16 * 3600));
        for bad in [
            "",
            "2026-02-30",
            "2026-13-01",
            "15.03.2026",
            "2026-03-15 25:00:00",
            "2026031",
            "0001-01-01",
            "2026-03-15T10:20:30+8",
            "3026-03-15",
            "46096",
            "2026年3月15日",
            "2026-03-15x",
        ] {
            assert_eq!(Moment::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn days_that_no_claim_has() {
        let number = |text: &str| day_number(text.parse().unwrap()).unwrap();
        assert_eq!(DAYS, number("1900-01-01").into()..=number("2200-12-31").into());
        assert!(Moment::parse("1900-01-01").is_some() && Moment::parse("2200-12-31 23:59").is_some());
        assert!(Moment::parse("1899-12-31").is_none() && Moment::parse("22010101").is_none());
        assert!(Moment::of_day(i32::MAX).is_none() && Moment::of_microseconds(i64::MIN).is_none());
    }

    #[test]
    fn whole_numbers_and_durations() {
        assert_eq!(parse_whole("55"), Some(55));
        assert_eq!(parse_whole("55.0"), Some(55));
        assert_eq!(parse_whole("-3"), Some(-3));
        for bad in ["", "abc", "5.5", "1e3", ".", "5 5", "五"] {
            assert_eq!(parse_whole(bad), None, "{bad}");
        }
        assert_eq!(parse_duration_hours("1/13/24"), Some(37));
        assert_eq!(parse_duration_hours("0/0/59"), Some(0));
        assert_eq!(parse_duration_hours("96"), Some(96));
        assert_eq!(parse_duration_hours("1/13"), None);
    }

    #[test]
    fn decimals_lose_nothing() {
        assert_eq!(decimal_fen(123_450, 2), Ok(123_450));
        assert_eq!(decimal_fen(123_450, 3), Ok(12_345));
        assert_eq!(decimal_fen(123_456, 3), Err(ParseFenError::TooManyDecimals));
        assert_eq!(decimal_fen(12, 0), Ok(1_200));
        assert_eq!(decimal_fen(12, -1), Ok(12_000));
        assert_eq!(decimal_fen(i128::MAX, 2), Err(ParseFenError::TooLarge));
        assert_eq!(decimal_fen(i64::MIN.into(), 2), Err(ParseFenError::TooLarge));
    }

    #[test]
    fn floats_are_rounded_as_the_decimal_they_show() {
        assert_eq!(float_fen(1234.5, Rounding::HalfUp), Some((123_450, false)));
        assert_eq!(float_fen(0.1 + 0.2, Rounding::HalfUp), Some((30, true)));
        assert_eq!(float_fen(2.675, Rounding::HalfUp), Some((268, true)), "not the binary value just below");
        assert_eq!(float_fen(-2.675, Rounding::HalfEven), Some((-268, true)));
        assert_eq!(float_fen(f64::NAN, Rounding::HalfUp), None);
        assert_eq!(float_fen(f64::INFINITY, Rounding::HalfUp), None);
        assert_eq!(float_fen(1e300, Rounding::HalfUp), None);
    }
}
