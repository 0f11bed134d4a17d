//! Sums by institution.

use std::collections::BTreeMap;

use super::award::{Line, Refused};
use super::record::{Part, Record};
use super::take_back::TakenBack;
use crate::problem::catalogue::recognition as r;
use crate::problem::{Problem, Problems};

/// An institution's line, for one insurance type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InstitutionSum {
    pub institution: String,
    pub insutype: String,
    /// Paid cases in which it has a part, as recogniser or as issuer.
    pub cases: i64,
    pub amount_fen: i64,
    /// What is taken back, as an amount above zero.
    pub taken_back_fen: i64,
    pub points_e4: i64,
    /// Records it sent that are not paid.
    pub refused: i64,
}

impl InstitutionSum {
    /// What it is due.
    #[must_use]
    pub fn due_fen(&self) -> i64 {
        self.amount_fen - self.taken_back_fen
    }
}

/// The sums in the order of institutions, and the whole: Σ lines = Σ institutions.
pub(super) fn sums(
    paid: &[Line<'_>],
    refused: &[Refused<'_>],
    taken_back: &[TakenBack<'_>],
) -> Result<(Vec<InstitutionSum>, i64), Problems> {
    let overflow = || Problems::from(Problem::new(&r::OVERFLOW).with("what", "Σ"));
    let mut book = Book::default();
    for line in paid {
        let record = line.record;
        for (code, part) in with_part(record, line.recogniser, line.issuer) {
            let sum = book.of(code, &record.insutype);
            sum.cases += 1;
            sum.amount_fen = sum.amount_fen.checked_add(part.fen).ok_or_else(overflow)?;
            sum.points_e4 = sum.points_e4.checked_add(part.points_e4).ok_or_else(overflow)?;
        }
    }
    for entry in refused {
        book.of(&entry.record.recogniser, &entry.record.insutype).refused += 1;
    }
    for TakenBack { award, .. } in taken_back {
        let record = &award.record;
        for (code, part) in with_part(record, award.recogniser, award.issuer) {
            let sum = book.of(code, &record.insutype);
            sum.taken_back_fen = sum.taken_back_fen.checked_add(part.fen).ok_or_else(overflow)?;
            sum.points_e4 = sum.points_e4.checked_sub(part.points_e4).ok_or_else(overflow)?;
        }
    }
    let institutions: Vec<InstitutionSum> = book.0.into_values().collect();
    let whole: i128 = institutions.iter().map(|sum| i128::from(sum.due_fen())).sum();
    let both = |recogniser: Part, issuer: Part| i128::from(recogniser.fen) + i128::from(issuer.fen);
    let lines = paid.iter().map(|line| both(line.recogniser, line.issuer)).sum::<i128>()
        - taken_back.iter().map(|t| both(t.award.recogniser, t.award.issuer)).sum::<i128>();
    assert_eq!(whole, lines, "Invariant: Σ lines = Σ institutions");
    Ok((institutions, i64::try_from(whole).map_err(|_| overflow())?))
}

#[derive(Default)]
struct Book(BTreeMap<(String, String), InstitutionSum>);

impl Book {
    fn of(&mut self, institution: &str, insutype: &str) -> &mut InstitutionSum {
        self.0.entry((institution.to_owned(), insutype.to_owned())).or_insert_with(|| InstitutionSum {
            institution: institution.to_owned(),
            insutype: insutype.to_owned(),
            ..InstitutionSum::default()
        })
    }
}

/// Who has a part in a line: who gets something, and of a line of nothing its recogniser.
fn with_part(record: &Record, recogniser: Part, issuer: Part) -> Vec<(&str, Part)> {
    let both = [(record.recogniser.as_str(), recogniser), (record.issuer.as_str(), issuer)];
    if both.iter().all(|(_, part)| *part == Part::default()) {
        return vec![both[0]];
    }
    both.into_iter().filter(|(_, part)| *part != Part::default()).collect()
}
