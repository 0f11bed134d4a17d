//! Decisions as tables, for books, workbooks and programs; and the tables of earlier runs as what was decided.

use chrono::NaiveDate;

use super::facts::{Origin, PaidFor, Payment};
use super::model::{Level, Policy, SubjectKind};
use super::outcome::{Award, Decided, InPlace, Line, LineKind, Outcome, Prior, Refusal, Step};
use super::readings::Alternative;
use crate::money::Fen;
use crate::problem::{Lang, Problem};
use crate::table::cell::plain;
use crate::table::sums::units;
use crate::table::{Table, Values};

/// Stands between the switches of a cell.
const SEPARATOR: &str = "; ";

fn dates(days: impl Iterator<Item = NaiveDate>) -> Values {
    Values::Date(days.map(|day| Some(day.to_epoch_days())).collect())
}

fn flags(flags: impl Iterator<Item = bool>) -> Values {
    Values::Flag(flags.map(Some).collect())
}

/// The switches that decided something, in one cell.
#[must_use]
pub fn switches_text(decided: &Decided) -> String {
    decided.iter().map(String::as_str).collect::<Vec<_>>().join(SEPARATOR)
}

/// A row an award.
#[must_use]
pub fn award_table(awards: &[Award]) -> Table {
    let keywords = |of: fn(&Award) -> &str| Values::keywords(awards.iter().map(of));
    let texts = |of: fn(&Award) -> &str| Values::texts(awards.iter().map(of));
    Table::new()
        .with("award", texts(|award| &award.id))
        .with("rule", keywords(|award| &award.rule))
        .with("event", texts(|award| &award.event))
        .with("achievement", keywords(|award| &award.achievement))
        .with("grade", keywords(|award| &award.grade))
        .with("item", texts(|award| &award.item))
        .with("subject", texts(|award| &award.subject))
        .with("subject_name", texts(|award| &award.subject_name))
        .with("place", keywords(|award| &award.place))
        .with("named", dates(awards.iter().map(|award| award.named)))
        .with("year", Values::ints(awards.iter().map(|award| award.year.into())))
        .with("gross", Values::money(awards.iter().map(|award| award.gross.0)))
        .with("offset", Values::money(awards.iter().map(|award| award.offset.0)))
        .with("amount", Values::money(awards.iter().map(|award| award.amount.0)))
        .with("switches", Values::keywords(awards.iter().map(|award| switches_text(&award.switches))))
        .with("citation", keywords(|award| &award.citation))
        .with("simulation", flags(awards.iter().map(|award| award.simulation)))
}

/// A row an entry: money from one treasury to one payee, negative when taken back.
#[must_use]
pub fn line_table(lines: &[Line]) -> Table {
    let keywords = |of: fn(&Line) -> &str| Values::keywords(lines.iter().map(of));
    let texts = |of: fn(&Line) -> &str| Values::texts(lines.iter().map(of));
    Table::new()
        .with("entry", texts(|line| &line.id))
        .with("award", texts(|line| &line.award))
        .with("rule", keywords(|line| &line.rule))
        .with("kind", keywords(|line| line.kind.code()))
        .with("phase", Values::ints(lines.iter().map(|line| line.phase.into())))
        .with("payee", texts(|line| &line.payee))
        .with("payee_name", texts(|line| &line.payee_name))
        .with("payee_kind", keywords(|line| line.payee_kind.code()))
        .with("payee_place", keywords(|line| &line.payee_place))
        .with("treasury_level", keywords(|line| line.treasury_level.code()))
        .with("treasury", keywords(|line| &line.treasury))
        .with("amount", Values::money(lines.iter().map(|line| line.amount.0)))
        .with("payable_on", dates(lines.iter().map(|line| line.payable_on)))
        .with("year", Values::ints(lines.iter().map(|line| line.year.into())))
        .with("corrects", texts(|line| &line.corrects))
        .with("switches", Values::keywords(lines.iter().map(|line| switches_text(&line.switches))))
        .with("citation", keywords(|line| &line.citation))
        .with("simulation", flags(lines.iter().map(|line| line.simulation)))
}

/// A row a step of the way to a figure.
#[must_use]
pub fn step_table(steps: &[Step]) -> Table {
    Table::new()
        .with("award", Values::texts(steps.iter().map(|step| &step.award)))
        .with("rule", Values::keywords(steps.iter().map(|step| &step.rule)))
        .with("step_zh", Values::texts(steps.iter().map(|step| &step.note.zh)))
        .with("step_en", Values::texts(steps.iter().map(|step| &step.note.en)))
        .with("amount", Values::Money(steps.iter().map(|step| step.amount.map(|fen| fen.0)).collect()))
        .with("citation", Values::keywords(steps.iter().map(|step| &step.citation)))
}

/// A row an event that pays nothing, or nothing more.
#[must_use]
pub fn refusal_table(refusals: &[Refusal]) -> Table {
    let texts = |of: fn(&Refusal) -> &str| Values::texts(refusals.iter().map(of));
    let reason = |lang| Values::texts(refusals.iter().map(|refusal| refusal.reason.message(lang)));
    Table::new()
        .with("event", texts(|refusal| &refusal.event))
        .with("rule", texts(|refusal| &refusal.rule))
        .with("subject", texts(|refusal| &refusal.subject))
        .with("subject_name", texts(|refusal| &refusal.subject_name))
        .with("item", texts(|refusal| &refusal.item))
        .with("place", texts(|refusal| &refusal.place))
        .with("named", dates(refusals.iter().map(|refusal| refusal.named)))
        .with("code", Values::keywords(refusals.iter().map(|refusal| refusal.reason.entry.code)))
        .with("reason_zh", reason(Lang::Zh))
        .with("reason_en", reason(Lang::En))
        .with("switches", Values::keywords(refusals.iter().map(|refusal| switches_text(&refusal.switches))))
}

/// A row an award, or a place and year, whose money the second award waits for.
#[must_use]
pub fn in_place_table(in_place: &[InPlace]) -> Table {
    let missing = |row: &InPlace| row.due.0.saturating_sub(row.paid.0).max(0);
    Table::new()
        .with("scope", Values::texts(in_place.iter().map(|row| &row.scope)))
        .with("place", Values::keywords(in_place.iter().map(|row| &row.place)))
        .with("year", Values::ints(in_place.iter().map(|row| row.year.into())))
        .with("due", Values::money(in_place.iter().map(|row| row.due.0)))
        .with("paid", Values::money(in_place.iter().map(|row| row.paid.0)))
        .with("missing", Values::money(in_place.iter().map(missing)))
        .with("in_place", flags(in_place.iter().map(|row| row.in_place)))
}

/// A row a payment received.
#[must_use]
pub fn payment_table(payments: &[Payment]) -> Table {
    let target = |payment: &Payment| match &payment.paid_for {
        PaidFor::Award(id) => ("award", id.clone(), None),
        PaidFor::Event(id) => ("event", id.clone(), None),
        PaidFor::PlaceYear { place, year } => ("place_year", place.clone(), Some(i64::from(*year))),
    };
    Table::new()
        .with("voucher", Values::texts(payments.iter().map(|payment| &payment.id)))
        .with("paid_for", Values::keywords(payments.iter().map(|payment| target(payment).0)))
        .with("paid_for_id", Values::texts(payments.iter().map(|payment| target(payment).1)))
        .with("paid_for_year", Values::Int(payments.iter().map(|payment| target(payment).2).collect()))
        .with("level", Values::keywords(payments.iter().map(|payment| payment.level.code())))
        .with("treasury", Values::keywords(payments.iter().map(|payment| &payment.place)))
        .with("date", dates(payments.iter().map(|payment| payment.date)))
        .with("amount", Values::money(payments.iter().map(|payment| payment.amount.0)))
}

/// A row a switch in force: the question, the reading, the default, what the source leaves open, and how much the
/// reading decided in this run.
#[must_use]
pub fn switch_table(policy: &Policy, outcome: &Outcome) -> Table {
    let all = policy.in_force();
    let of = |reading: &str, rule: &str| {
        let decided = |switches: &Decided, own: &str| switches.contains(reading) && (rule.is_empty() || rule == own);
        let lines: Vec<&Line> = outcome.lines.iter().filter(|line| decided(&line.switches, &line.rule)).collect();
        let fen: i128 = lines.iter().map(|line| i128::from(line.amount.0)).sum();
        let refused = outcome.refusals.iter().filter(|refusal| decided(&refusal.switches, &refusal.rule)).count();
        (lines.len() as i64, i64::try_from(fen).ok(), refused as i64)
    };
    let sums: Vec<_> = all.iter().map(|one| of(&format!("{}={}", one.switch, one.reading), &one.rule)).collect();
    let source = |switch: &str| {
        let stated = policy.placeholders.iter().find_map(|text| text.strip_prefix(switch)?.strip_prefix('：'));
        stated.unwrap_or_default().to_owned()
    };
    Table::new()
        .with("switch", Values::keywords(all.iter().map(|one| &one.switch)))
        .with("rule", Values::keywords(all.iter().map(|one| &one.rule)))
        .with("question_zh", Values::texts(all.iter().map(|one| &one.question.zh)))
        .with("question_en", Values::texts(all.iter().map(|one| &one.question.en)))
        .with("reading", Values::keywords(all.iter().map(|one| &one.reading)))
        .with("meaning_zh", Values::texts(all.iter().map(|one| &one.meaning.zh)))
        .with("meaning_en", Values::texts(all.iter().map(|one| &one.meaning.en)))
        .with("default", Values::keywords(all.iter().map(|one| &one.default)))
        .with("entries", Values::ints(sums.iter().map(|sum| sum.0)))
        .with("amount", Values::Money(sums.iter().map(|sum| sum.1).collect()))
        .with("refused", Values::ints(sums.iter().map(|sum| sum.2)))
        .with("source", Values::texts(all.iter().map(|one| source(&one.switch))))
}

/// A row another reading: what the run would come to under it, and by how much that differs.
#[must_use]
pub fn alternative_table(outcome: &Outcome, others: &[Alternative], lang: Lang) -> Table {
    let now = Fen::sum(outcome.lines.iter().map(|line| line.amount)).unwrap_or_default();
    let total = |other: &Alternative| other.total.as_ref().ok().map(|fen| fen.0);
    let change = |other: &Alternative| Some(other.total.as_ref().ok()?.0.saturating_sub(now.0));
    let note = |other: &Alternative| match &other.total {
        Ok(_) => String::new(),
        Err(problems) => problems.0.first().map_or_else(String::new, |problem| problem.message(lang)),
    };
    Table::new()
        .with("switch", Values::keywords(others.iter().map(|other| &other.switch)))
        .with("reading", Values::keywords(others.iter().map(|other| &other.reading)))
        .with("meaning", Values::texts(others.iter().map(|other| other.meaning.get(lang))))
        .with("total", Values::Money(others.iter().map(total).collect()))
        .with("change", Values::Money(others.iter().map(change).collect()))
        .with("note", Values::texts(others.iter().map(note)))
}

/// A row an entry or refusal and switch that decided it.
#[must_use]
pub fn decided_table(outcome: &Outcome) -> Table {
    let mut rows: Vec<(&str, &str, &str, &str, Option<i64>)> = Vec::new();
    for line in &outcome.lines {
        let decided = line.switches.iter().map(|switch| switch.as_str());
        rows.extend(decided.map(|s| (s, line.id.as_str(), line.kind.code(), line.payee.as_str(), Some(line.amount.0))));
    }
    for refusal in &outcome.refusals {
        let decided = refusal.switches.iter().map(|switch| switch.as_str());
        rows.extend(decided.map(|s| (s, refusal.event.as_str(), "refused", refusal.subject.as_str(), None)));
    }
    rows.sort();
    Table::new()
        .with("switch", Values::keywords(rows.iter().map(|row| row.0)))
        .with("entry", Values::texts(rows.iter().map(|row| row.1)))
        .with("kind", Values::keywords(rows.iter().map(|row| row.2)))
        .with("payee", Values::texts(rows.iter().map(|row| row.3)))
        .with("amount", Values::Money(rows.iter().map(|row| row.4).collect()))
}

/// A table read row by row. What cannot be read is the error.
struct Cells<'t> {
    table: &'t Table,
    row: usize,
}

impl Cells<'_> {
    fn text(&self, column: &str) -> String {
        self.table.column(column).map_or_else(String::new, |values| plain(values, self.row))
    }

    fn day(&self, column: &str) -> Option<NaiveDate> {
        self.text(column).parse().ok()
    }

    fn fen(&self, column: &str) -> Option<Fen> {
        i64::try_from(units(self.table.column(column)?, self.row)).ok().map(Fen)
    }

    fn year(&self, column: &str) -> Option<i32> {
        self.text(column).parse().ok()
    }

    fn switches(&self) -> Decided {
        let text = self.text("switches");
        text.split(SEPARATOR).filter(|switch| !switch.is_empty()).map(str::to_owned).collect()
    }

    fn award(&self) -> Option<Award> {
        Some(Award {
            id: self.text("award"),
            rule: self.text("rule"),
            event: self.text("event"),
            achievement: self.text("achievement"),
            grade: self.text("grade"),
            item: self.text("item"),
            subject: self.text("subject"),
            subject_name: self.text("subject_name"),
            place: self.text("place"),
            named: self.day("named")?,
            year: self.year("year")?,
            gross: self.fen("gross")?,
            offset: self.fen("offset")?,
            amount: self.fen("amount")?,
            switches: self.switches(),
            citation: self.text("citation"),
            simulation: self.text("simulation") == "true",
        })
    }

    fn line(&self) -> Option<Line> {
        let (kind, payee_kind, level) = (self.text("kind"), self.text("payee_kind"), self.text("treasury_level"));
        Some(Line {
            id: self.text("entry"),
            award: self.text("award"),
            rule: self.text("rule"),
            kind: LineKind::ALL.into_iter().find(|known| known.code() == kind)?,
            phase: self.text("phase").parse().ok()?,
            payee: self.text("payee"),
            payee_name: self.text("payee_name"),
            payee_kind: SubjectKind::ALL.into_iter().find(|known| known.code() == payee_kind)?,
            payee_place: self.text("payee_place"),
            treasury_level: Level::ALL.into_iter().find(|known| known.code() == level)?,
            treasury: self.text("treasury"),
            amount: self.fen("amount")?,
            payable_on: self.day("payable_on")?,
            year: self.year("year")?,
            corrects: self.text("corrects"),
            switches: self.switches(),
            citation: self.text("citation"),
            simulation: self.text("simulation") == "true",
        })
    }

    fn payment(&self) -> Option<Payment> {
        let (id, level) = (self.text("paid_for_id"), self.text("level"));
        let paid_for = match self.text("paid_for").as_str() {
            "award" => PaidFor::Award(id),
            "event" => PaidFor::Event(id),
            _ => PaidFor::PlaceYear { place: id, year: self.year("paid_for_year")? },
        };
        Some(Payment {
            id: self.text("voucher"),
            paid_for,
            level: Level::ALL.into_iter().find(|known| known.code() == level)?,
            place: self.text("treasury"),
            date: self.day("date")?,
            amount: self.fen("amount")?,
            origin: Origin::default(),
        })
    }
}

fn all<T>(table: &Table, read: impl Fn(&Cells<'_>) -> Option<T>) -> Option<Vec<T>> {
    (0..table.rows()).map(|row| read(&Cells { table, row })).collect()
}

impl Prior {
    /// Adds the tables of an earlier run: awards, entries and payments. A row that is none is told.
    ///
    /// # Errors
    /// A table of another form.
    pub fn add_tables(&mut self, awards: &Table, lines: &Table, payments: &Table) -> Result<(), Problem> {
        use crate::problem::catalogue::files::BROKEN_FILE;
        let broken = |name: &str| Problem::new(&BROKEN_FILE).with("reason", name);
        self.awards.extend(all(awards, |cells| cells.award()).ok_or_else(|| broken("awards"))?);
        self.lines.extend(all(lines, |cells| cells.line()).ok_or_else(|| broken("award_entries"))?);
        self.payments.extend(all(payments, |cells| cells.payment()).ok_or_else(|| broken("award_payments"))?);
        Ok(())
    }
}
