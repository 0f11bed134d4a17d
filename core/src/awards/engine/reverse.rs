//! Taking money back, by entries that mirror the lines they take back.

use chrono::NaiveDate;

use super::decide::{Deciding, anniversary, remaining_part};
use super::{decided_by, note, too_large};
use crate::awards::facts::{Revocation, RevokedTitle};
use crate::awards::model::{Clawback, ClawbackPart, Rule};
use crate::awards::outcome::{Decided, Line, LineKind, Note};
use crate::awards::switches::ClawbackRule;
use crate::money::{Fen, Rounding, allocate};
use crate::problem::catalogue::awards as a;
use crate::problem::{Problem, Problems};

/// An order to take back an award or a part of it.
pub(super) struct Reversal {
    pub award: String,
    pub kind: LineKind,
    /// `None`: all that is left.
    pub amount: Option<Fen>,
    pub date: NaiveDate,
    pub year: i32,
    pub switches: Decided,
    pub note: Note,
    pub citation: String,
}

/// Claws back what a revocation reaches.
pub(super) fn revoke(deciding: &mut Deciding<'_, '_>, revocation: &Revocation) -> Result<(), Problems> {
    let reached: Vec<usize> = (0..deciding.tally.all.len()).filter(|&at| reaches(deciding, revocation, at)).collect();
    if reached.is_empty() {
        let what = match &revocation.target {
            RevokedTitle::Award(id) | RevokedTitle::Event(id) => id.clone(),
            RevokedTitle::Title { subject, achievement, grade, item } => {
                [subject, achievement, grade, item].map(String::as_str).join(" ").trim_end().to_owned()
            }
        };
        let problem = Problem::new(&a::REVOCATION_FITS_NOTHING).with("what", what);
        deciding.out.warnings.push(revocation.origin.at(problem));
        return Ok(());
    }
    for at in reached {
        let standing = &deciding.tally.all[at];
        let Some(rule) = deciding.policy.rule(&standing.rule) else { continue };
        if standing.clawed_back_before(NaiveDate::MAX) || standing.net() <= Fen::ZERO {
            continue;
        }
        claw_back(deciding, rule, at, revocation)?;
    }
    Ok(())
}

fn reaches(deciding: &Deciding<'_, '_>, revocation: &Revocation, at: usize) -> bool {
    let standing = &deciding.tally.all[at];
    if standing.named > revocation.date {
        return false;
    }
    match &revocation.target {
        RevokedTitle::Award(id) => standing.id == *id,
        RevokedTitle::Event(id) => {
            let event = || deciding.inputs.events.iter().find(|event| event.id == *id);
            standing.event == *id && event().is_none_or(|event| event.is_of(&standing.subject, standing.named))
        }
        RevokedTitle::Title { subject, achievement, grade, item } => {
            let fits = |known_achievement: &str, known_grade: &str, known_item: &str| {
                known_achievement == achievement
                    && (grade.is_empty() || known_grade == grade)
                    && (item.is_empty() || known_item == item)
            };
            let award = || {
                let award = standing.draft.map(|draft| &deciding.out.drafts[draft].award);
                award.or_else(|| deciding.prior.awards.iter().find(|award| award.id == standing.id))
            };
            standing.subject == *subject && award().is_some_and(|a| fits(&a.achievement, &a.grade, &a.item))
        }
    }
}

fn claw_back(deciding: &mut Deciding<'_, '_>, rule: &Rule, at: usize, by: &Revocation) -> Result<(), Problems> {
    let standing = &deciding.tally.all[at];
    let reading = rule.switches.get("clawback").unwrap_or_default();
    let id = standing.id.clone();
    let mut switches = Decided::new();
    decided_by(&mut switches, "clawback", reading);
    let Clawback { years, part } = rule.clawback;
    let until = years.and_then(|years| anniversary(standing.named, years));
    let in_time = until.is_none_or(|until| by.date <= until);
    let taken_back = rule.switches.clawback == ClawbackRule::WithinYears && in_time;
    let all = standing.net();
    let amount = match (part, until) {
        (ClawbackPart::Remaining, Some(until)) => {
            remaining_part(all, standing.named, until, by.date).ok_or_else(too_large)?
        }
        _ => all,
    };
    // Past the term no reading takes it back.
    if let Some(draft) = deciding.tally.all[at].draft.filter(|_| in_time) {
        decided_by(&mut deciding.out.drafts[draft].award.switches, "clawback", reading);
    }
    let (zh, en) = match (taken_back, until) {
        (true, _) => ("称号撤销，追回", "the title was revoked: taken back"),
        (false, Some(_)) if !in_time => ("称号撤销，已过追回期限，不追回", "revoked after the term: not taken back"),
        (false, _) => ("称号撤销，按开关不追回", "revoked, not taken back under the switch"),
    };
    let document = if by.document.is_empty() { String::new() } else { format!(" {}", by.document) };
    let note = note(format!("{} {zh}{document}", by.date), format!("{}: {en}{document}", by.date));
    let amount = if taken_back { amount } else { Fen::ZERO };
    if taken_back {
        deciding.tally.all[at].taken_back.push((LineKind::ClawBack, by.date, amount));
    }
    deciding.out.reversals.push(Reversal {
        award: id,
        kind: LineKind::ClawBack,
        amount: (amount != all).then_some(amount),
        date: by.date,
        year: chrono::Datelike::year(&by.date),
        switches,
        note,
        citation: rule.citation.to_string(),
    });
    Ok(())
}

/// The lines that carry a reversal out. `lines` are those of its award, of the book and of this run so far.
pub(super) fn lines(reversal: &Reversal, lines: &[&Line]) -> Result<Vec<Line>, Problems> {
    let mut left: Vec<(&Line, Fen)> = Vec::new();
    for &line in lines.iter().filter(|line| matches!(line.kind, LineKind::Award | LineKind::Second)) {
        let corrections = lines.iter().filter(|other| other.corrects == line.id).map(|other| other.amount);
        let left_of_line = Fen::sum(corrections.chain([line.amount])).ok_or_else(too_large)?;
        if left_of_line > Fen::ZERO {
            left.push((line, left_of_line));
        }
    }
    let back = match reversal.amount {
        None => left.iter().map(|(_, fen)| *fen).collect(),
        Some(amount) => partial(amount, &left).ok_or_else(too_large)?,
    };
    let first = lines.len() + 1;
    let taken = left.iter().zip(back).filter(|(_, fen)| *fen > Fen::ZERO).zip(first..);
    Ok(taken
        .map(|(((line, _), fen), number)| Line {
            id: format!("{}/{number}", reversal.award),
            kind: reversal.kind,
            amount: Fen(-fen.0),
            payable_on: reversal.date,
            year: reversal.year,
            corrects: line.id.clone(),
            switches: reversal.switches.clone(),
            citation: reversal.citation.clone(),
            ..(*line).clone()
        })
        .collect())
}

/// A part of the award, and the same part of its second award.
fn partial(amount: Fen, left: &[(&Line, Fen)]) -> Option<Vec<Fen>> {
    let sum = |kind| Fen::sum(left.iter().filter(|(line, _)| line.kind == kind).map(|(_, fen)| *fen));
    let (award, second) = (sum(LineKind::Award)?, sum(LineKind::Second)?);
    let amount = amount.min(award);
    let of_second = if award == Fen::ZERO {
        Fen::ZERO
    } else {
        let product = i128::from(second.0).checked_mul(amount.0.into())?;
        Fen(crate::money::div_round_i64(product, award.0.into(), Rounding::HalfUp)?)
    };
    let part = |kind, whole| -> Option<Vec<Fen>> {
        let weight = |(line, fen): &(&Line, Fen)| if line.kind == kind { i128::from(fen.0) } else { 0 };
        allocate(whole, &left.iter().map(weight).collect::<Vec<_>>())
    };
    let (award, second) = (part(LineKind::Award, amount)?, part(LineKind::Second, of_second)?);
    award.into_iter().zip(second).map(|(one, other)| one.checked_add(other)).collect()
}
