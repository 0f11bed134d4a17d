//! The steps to the price of a claim: reckoned anew by the packs that the book kept, and held against its figures.

use super::claim::Row;
use super::rules::Rules;
use super::step::Step;
use super::symbols::{formula, symbol, value};
use crate::audit::{Told, ToldClaim, ToldStep, told, told_chain};
use crate::claims::Claims;
use crate::grouper::{Grouped, Outcome};
use crate::job::{claims_of, kept_set};
use crate::ledger::{Book, Period};
use crate::policy::rules::{Readmission, Reduces, SameGroup, SamePlace, Transfer};
use crate::policy::{Policy, PolicySet};
use crate::problem::{Lang, Problems};
use crate::table::cell::{date, plain};
use crate::table::{Table, Values};

/// Days that a stay may lie before another of the same person that it belongs to.
const LOOKED_BACK_DAYS: i64 = 400;

/// A stay of a person, as a book has it.
#[derive(Clone, Debug)]
struct Stay {
    month: Period,
    id: String,
    admitted: i32,
    discharged: i32,
    way: String,
    institution: String,
    consortium: String,
    groups: [String; 3],
}

/// Steps, and a note.
type Explained = (Vec<Step>, Option<String>);

/// The steps to the price, and a note where they do not give what the book has; nothing where the book kept no packs.
pub(super) fn steps(
    book: &Book,
    month: Period,
    row: &Row,
    rules: &Rules,
    clearing: bool,
    lang: Lang,
) -> Result<Option<Explained>, Problems> {
    let Some(set) = kept_set(book, month)? else { return Ok(None) };
    let pack = row.text("pack");
    let Some(policy) = set.packs.iter().find(|policy| policy.id == pack) else { return Ok(None) };
    let (id, adjusted) = (row.text("setl_id"), row.text("adjusted_by"));
    let by = |rule: Option<&str>| rule.is_some_and(|rule| adjusted.split('+').any(|own| own == rule));
    let name = |rule| policy.rule(rule).name.as_str();
    let readmitted = by(policy.readmission.as_ref().map(|rule| name(rule.rule)));
    let chained = by(policy.transfer.as_ref().map(|rule| name(rule.rule)));
    let stays = if readmitted || chained { stays_of_person(book, month, &id)? } else { Vec::new() };
    let other = readmitted.then(|| readmission(policy, &stays, &id));
    let Some(own) = reckoned(book, &set, month, &id, other.as_deref(), clearing)? else { return Ok(None) };
    let mut steps: Vec<Step> = own.steps.iter().map(|told| step(told, rules, &pack, lang)).collect();
    let columns = match clearing {
        false => ["points", "by_amount", "outside_budget"],
        true => ["clearing_points", "clearing_by_amount", "clearing_outside"],
    };
    let given = columns.map(|column| row.text(column));
    let mut found = own.figures();
    if chained && let Some((last, whole)) = chain(book, &stays, &id, policy, &own, &given)? {
        let transfer = policy.transfer.as_ref().map(|rule| name(rule.rule).to_owned());
        let told = ToldStep { rules: transfer.into_iter().collect(), ..last };
        steps.push(step(&told, rules, &pack, lang));
        found = if whole { given.clone() } else { found };
    }
    let note = (found != given).then(|| match lang {
        Lang::Zh => format!("以上步骤得出 {}，账册为 {}：请核对。", found.join(" / "), given.join(" / ")),
        Lang::En => {
            format!("These steps give {}; the book has {}: look into it.", found.join(" / "), given.join(" / "))
        }
    });
    Ok(Some((steps, note)))
}

/// A claim of a month priced by itself.
fn reckoned(
    book: &Book,
    set: &PolicySet,
    month: Period,
    id: &str,
    readmission: Option<&[(&'static str, String)]>,
    clearing: bool,
) -> Result<Option<Told>, Problems> {
    let row = |name: &str| -> Result<Table, Problems> {
        let table = book.table(month, name)?;
        Ok(table.take(&table.find("setl_id", id)))
    };
    let (claims, stays) = (row("claims")?, row("stays")?);
    if claims.rows() != 1 || stays.rows() != 1 {
        return Ok(None);
    }
    let pool_mean = claims.column("pool_mean").map_or_else(String::new, |values| plain(values, 0));
    let (claims, outcomes, grouped) = claims_of(claims, stays);
    let (claims, grouped, outcomes) = (&claims, &grouped, &outcomes[..]);
    let claim = ToldClaim { claims, row: 0, grouped, outcomes, pool_mean: &pool_mean, readmission, clearing };
    Ok(told(set, &claim).ok())
}

/// The steps to the price of a claim by itself, before a chain of transfers divides it, and what they
/// come to: points, yuan paid by amount out of the pool, yuan paid outside the budget. `pool_mean` is M as it was found
/// (empty for none); `readmitted`: a readmission reduces the claim; `clearing`: the share of TCM is looked at.
///
/// # Errors
/// What a formula needs and the pack or the claim does not have.
pub fn priced(
    set: &PolicySet,
    (claims, grouped, outcomes): (&Claims, &Grouped, &[Outcome]),
    row: usize,
    pool_mean: &str,
    (readmitted, clearing): (bool, bool),
    (rules, lang): (&Rules, Lang),
) -> Result<(Vec<Step>, [String; 3]), String> {
    let readmission = readmitted.then_some(&[][..]);
    let told = told(set, &ToldClaim { claims, row, grouped, outcomes, pool_mean, readmission, clearing })?;
    let day = claims.discharged.get(row).and_then(|day| date(*day));
    let pack = day.and_then(|day| set.on(day)).map_or("", |pack| set.packs[pack].id.as_str());
    Ok((told.steps.iter().map(|one| step(one, rules, pack, lang)).collect(), told.figures()))
}

fn step(told: &ToldStep, rules: &Rules, pack: &str, lang: Lang) -> Step {
    let mut step = Step::new(lang.pick(&told.zh, &told.en), told.value.clone())
        .formula(formula(&told.formula, lang))
        .rules(told.rules.iter().filter_map(|rule| rules.get(pack, rule)));
    for (name, number) in &told.numbers {
        step = step.number(&symbol(name, lang), value(name, number, lang));
    }
    step.own_formula = true;
    step
}

/// The stays of the person of a claim in the month and those before it, in the order of time.
fn stays_of_person(book: &Book, month: Period, id: &str) -> Result<Vec<Stay>, Problems> {
    let text =
        |table: &Table, column: &str, row: usize| table.column(column).map_or_else(String::new, |v| plain(v, row));
    let day = |table: &Table, column: &str, row: usize| match table.column(column) {
        Some(Values::Date(days)) => days[row],
        _ => None,
    };
    let own = book.columns(month, "stays", &["setl_id", "psn_no"])?;
    let person = own.find("setl_id", id).first().map_or_else(String::new, |row| text(&own, "psn_no", *row));
    let mut stays = Vec::new();
    if person.is_empty() {
        return Ok(stays);
    }
    let near = |other: &Period| {
        *other <= month && (month.first_day() - other.last_day()).num_days() <= LOOKED_BACK_DAYS && !other.is_year()
    };
    for other in book.periods_with("stays")?.into_iter().filter(near) {
        let names = ["setl_id", "psn_no", "adm_time", "dscg_time", "dscg_way", "adrg", "mdc"];
        let seen = book.columns(other, "stays", &names)?;
        let rows = seen.find("psn_no", &person);
        if rows.is_empty() {
            continue;
        }
        let names = ["setl_id", "fixmedins_code", "consortium", "drg", "state"];
        let claims = book.columns(other, "claims", &names)?;
        for row in rows {
            let id = text(&seen, "setl_id", row);
            let Some(claim) = claims.find("setl_id", &id).first().copied() else { continue };
            let days = (day(&seen, "adm_time", row), day(&seen, "dscg_time", row));
            let (Some(admitted), Some(discharged)) = days else { continue };
            if text(&claims, "state", claim) == "excluded" {
                continue;
            }
            stays.push(Stay {
                month: other,
                admitted,
                discharged,
                way: text(&seen, "dscg_way", row),
                institution: text(&claims, "fixmedins_code", claim),
                consortium: text(&claims, "consortium", claim),
                groups: [text(&claims, "drg", claim), text(&seen, "adrg", row), text(&seen, "mdc", row)],
                id,
            });
        }
    }
    stays.sort_by(|a, b| (a.admitted, a.discharged, &a.id).cmp(&(b.admitted, b.discharged, &b.id)));
    Ok(stays)
}

/// The stay that a readmission is of, and the days between.
fn readmission(policy: &Policy, stays: &[Stay], id: &str) -> Vec<(&'static str, String)> {
    let rule = policy.readmission.as_ref().map(|rule| &rule.value);
    let Some(Readmission::Within { days, same, place, reduces, .. }) = rule else { return Vec::new() };
    let Some(own) = stays.iter().find(|stay| stay.id == id) else { return Vec::new() };
    let gap = |earlier: &Stay, later: &Stay| i64::from(later.admitted) - i64::from(earlier.discharged);
    let fits = |earlier: &Stay, later: &Stay| {
        let group = match same {
            SameGroup::Drg => earlier.groups[0] == later.groups[0],
            SameGroup::Adrg => earlier.groups[1] == later.groups[1],
            SameGroup::Mdc => earlier.groups[2] == later.groups[2],
            SameGroup::Any => true,
        };
        let house = earlier.institution == later.institution;
        let family = !later.consortium.is_empty() && earlier.consortium == later.consortium;
        let here = match place {
            SamePlace::Institution => house,
            SamePlace::Consortium => house || family,
            SamePlace::Anywhere => true,
        };
        earlier.id != later.id && group && here && (0..=days.0).contains(&gap(earlier, later))
    };
    let (name, other) = match reduces {
        Reduces::Earlier => ("later_stay", stays.iter().find(|other| fits(own, other))),
        Reduces::Later => ("earlier_stay", stays.iter().rev().find(|other| fits(other, own))),
    };
    let Some(other) = other else { return Vec::new() };
    let between = if name == "later_stay" { gap(own, other) } else { gap(other, own) };
    vec![(name, other.id.clone()), ("days_between", between.to_string())]
}

/// How the price of the chain that a stay is in was divided, and whether it is known.
fn chain(
    book: &Book,
    stays: &[Stay],
    id: &str,
    policy: &Policy,
    own_price: &Told,
    given: &[String; 3],
) -> Result<Option<(ToldStep, bool)>, Problems> {
    let rule = policy.transfer.as_ref().map(|rule| &rule.value);
    let Some(Transfer::CountOnce { days, ways, counts }) = rule else { return Ok(None) };
    let Some(own) = stays.iter().position(|stay| stay.id == id) else { return Ok(None) };
    let passed_on = |pair: &[Stay]| {
        let (from, to) = (&pair[0], &pair[1]);
        let gap = i64::from(to.admitted) - i64::from(from.discharged);
        let inside = !from.consortium.is_empty() && from.consortium == to.consortium;
        inside && from.institution != to.institution && ways.contains(&from.way) && (0..=days.0).contains(&gap)
    };
    let (mut first, mut last) = (own, own);
    while first > 0 && passed_on(&stays[first - 1..=first]) {
        first -= 1;
    }
    while last + 1 < stays.len() && passed_on(&stays[last..last + 2]) {
        last += 1;
    }
    let mut prices = Vec::new();
    for stay in &stays[first..=last] {
        let price = match stay.id == id {
            true => Some(own_price.clone()),
            false => match kept_set(book, stay.month)? {
                Some(set) => reckoned(book, &set, stay.month, &stay.id, None, false)?,
                None => None,
            },
        };
        let Some(price) = price else { return Ok(None) };
        prices.push((stay.id.as_str(), price));
    }
    let chain: Vec<(&str, &Told)> = prices.iter().map(|(id, told)| (*id, told)).collect();
    let given = [&given[0], &given[1], &given[2]].map(String::as_str);
    Ok(told_chain(&chain, own - first, *counts, given))
}
