//! Numbers, texts and their lists. Each number type says its scale; none is ever rounded.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::super::node::{Node, Raw, plain_decimal};
use super::{Context, Param, Shape, Words};
use crate::money::{Fen, scaled};
use crate::problem::Problem;
use crate::problem::catalogue::policy as p;

/// A ratio, share, weight, coefficient or multiple, in millionths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Factor(pub i64);

impl Factor {
    pub const DIGITS: u32 = 6;
    pub const ONE: Factor = Factor(1_000_000);
}

/// A [`Factor`] of at most one: a share of a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Share(pub i64);

impl Share {
    pub const ONE: Share = Share(1_000_000);
}

/// An amount of at least nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Yuan(pub Fen);

/// An amount of either sign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SignedYuan(pub Fen);

/// Points, in ten-thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Points(pub i64);

/// A price of one point, in millionths of a yuan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Price(pub i64);

/// A whole number from `MIN` to `MAX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Whole<const MIN: i64, const MAX: i64>(pub i64);

/// A number of decimals.
pub type Digits<const MAX: i64> = Whole<0, MAX>;

/// A text that is not empty.
pub type Text = String;

/// A number with at most `digits` decimals within its range, scaled to an integer.
fn number(node: &Node, min: &str, max: Option<&str>, digits: u32, context: &mut Context<'_>) -> Option<i64> {
    let Some(written) = node.as_written() else {
        return context.wrong_type(node, "number");
    };
    let Some(value) = plain_decimal(written.trim()) else {
        return context.refuse(&node.origin, Problem::new(&p::NOT_A_NUMBER).with("value", written));
    };
    let range = || format!("{min} … {}", max.unwrap_or("∞"));
    let bound = |text: &str| plain_decimal(text).unwrap_or(Decimal::ZERO);
    let outside = value < bound(min) || max.is_some_and(|max| value > bound(max));
    if outside {
        let problem = Problem::new(&p::OUT_OF_RANGE).with("value", written).with("range", range());
        return context.refuse(&node.origin, problem);
    }
    let Some(units) = scaled(value, digits) else {
        let problem = Problem::new(&p::TOO_MANY_DIGITS).with("value", written).with("digits", digits);
        return context.refuse(&node.origin, problem);
    };
    let Some(units) = i64::try_from(units).ok() else {
        let problem = Problem::new(&p::OUT_OF_RANGE).with("value", written).with("range", range());
        return context.refuse(&node.origin, problem);
    };
    Some(units)
}

macro_rules! number_param {
    ($($name:ident, $wrap:expr, $min:literal, $max:expr, $digits:literal, $zh:literal, $en:literal;)*) => {$(
        impl Param for $name {
            const SHAPE: &'static Shape =
                &Shape::Number { min: $min, max: $max, digits: $digits, unit: Words { zh: $zh, en: $en } };
            fn read(node: &Node, context: &mut Context<'_>) -> Option<$name> {
                number(node, $min, $max, $digits, context).map($wrap)
            }
        }
    )*};
}

number_param! {
    Factor, Factor, "0", Some("1000000"), 6, "倍数", "factor";
    Share, Share, "0", Some("1"), 6, "份额（1 = 100%）", "share (1 = 100 %)";
    Yuan, |fen| Yuan(Fen(fen)), "0", Some("10000000000000"), 2, "元", "yuan";
    SignedYuan, |fen| SignedYuan(Fen(fen)), "-10000000000000", Some("10000000000000"), 2,
        "元（可为负）", "yuan, of either sign";
    Points, Points, "0", Some("1000000000"), 4, "点", "points";
    Price, Price, "0", Some("1000000000"), 6, "元/点", "yuan a point";
}

impl<const MIN: i64, const MAX: i64> Param for Whole<MIN, MAX> {
    const SHAPE: &'static Shape = &Shape::Whole { min: MIN, max: MAX };
    fn read(node: &Node, context: &mut Context<'_>) -> Option<Self> {
        let Some(written) = node.as_written() else {
            return context.wrong_type(node, "whole number");
        };
        let digits = written.trim();
        let Some(value) = plain_decimal(digits).filter(|v| v.is_integer()) else {
            return context.refuse(&node.origin, Problem::new(&p::NOT_A_NUMBER).with("value", written));
        };
        match i64::try_from(value).ok().filter(|v| (MIN..=MAX).contains(v)) {
            Some(value) => Some(Whole(value)),
            None => {
                let range = format!("{MIN} … {MAX}");
                let problem = Problem::new(&p::OUT_OF_RANGE).with("value", written).with("range", range);
                context.refuse(&node.origin, problem)
            }
        }
    }
}

impl Param for bool {
    const SHAPE: &'static Shape = &Shape::Flag;
    fn read(node: &Node, context: &mut Context<'_>) -> Option<bool> {
        match &node.raw {
            Raw::Flag(flag) => Some(*flag),
            // A cell of a CSV table has no type of its own.
            Raw::Text(text) if matches!(&**text, "true" | "yes" | "是") => Some(true),
            Raw::Text(text) if matches!(&**text, "false" | "no" | "否") => Some(false),
            _ => context.wrong_type(node, "true/false"),
        }
    }
}

impl Param for String {
    const SHAPE: &'static Shape = &Shape::Text;
    fn read(node: &Node, context: &mut Context<'_>) -> Option<String> {
        match &node.raw {
            Raw::Text(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            _ => context.wrong_type(node, "text"),
        }
    }
}

impl Param for NaiveDate {
    const SHAPE: &'static Shape = &Shape::Date;
    fn read(node: &Node, context: &mut Context<'_>) -> Option<NaiveDate> {
        match &node.raw {
            Raw::Date(date) => Some(*date),
            Raw::Text(text) => text.trim().parse().ok().or_else(|| context.wrong_type(node, "date")),
            _ => context.wrong_type(node, "date"),
        }
    }
}

impl<T: Param> Param for Vec<T> {
    const SHAPE: &'static Shape = &Shape::List(T::SHAPE);
    fn read(node: &Node, context: &mut Context<'_>) -> Option<Vec<T>> {
        let Some(items) = node.as_list() else {
            return context.wrong_type(node, "list");
        };
        let read: Vec<Option<T>> =
            items.iter().enumerate().map(|(at, item)| context.within(at, |context| T::read(item, context))).collect();
        read.into_iter().collect()
    }
}

impl<T: Param> Param for BTreeMap<String, T> {
    const SHAPE: &'static Shape = &Shape::Map(T::SHAPE);
    fn read(node: &Node, context: &mut Context<'_>) -> Option<BTreeMap<String, T>> {
        let Some(keys) = node.as_table() else {
            return context.wrong_type(node, "table");
        };
        let read: Vec<Option<(String, T)>> = keys
            .iter()
            .map(|(key, value)| context.within(key, |context| Some((key.clone(), T::read(value, context)?))))
            .collect();
        read.into_iter().collect()
    }
}
