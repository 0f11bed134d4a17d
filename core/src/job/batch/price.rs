//! A batch of claims read, grouped and priced.

use std::collections::BTreeMap;

use super::Kit;
use super::sums::{Of, Sums};
use crate::claims::{Claims, ReadReport, Tally, UNKNOWN_FEN, accepted_of, claims_of, keys_of};
use crate::frame::Source;
use crate::grouper::Grouped;
use crate::job::month_claims::{Tcm, asks_clearing, details, with_parts};
use crate::pricing::{Chunk, Means, Priced, State, measure, price_part, review_counts, rules_met};
use crate::problem::catalogue::batch::{NEEDS_MEANS, NEEDS_PERSONS};
use crate::problem::catalogue::claims::UNKNOWN_COLUMN;
use crate::problem::{Problem, Problems};
use crate::settlement::{Cases, ClaimColumns, Dues, group_sums};
use crate::table::{Table, Values};

/// What rows are called in messages.
const ROWS: &str = "frame";

/// Rows that may belong to others, decided among themselves.
#[derive(Clone, Debug)]
pub struct Decided {
    /// The numbers, in the order read, of the rows that are to be priced.
    pub accepted: Vec<u32>,
    /// As the table `rejects` of a month.
    pub rejects: Table,
    /// Of the rows that are not.
    pub sums: Sums,
    pub warnings: Problems,
}

/// A batch priced.
#[derive(Clone, Debug)]
pub struct PricedPart {
    /// As the table `claims` of a month, by `setl_id`, without standards and dues.
    pub claims: Table,
    /// As the table `rejects` of a month.
    pub rejects: Table,
    pub sums: Sums,
    pub warnings: Problems,
}

impl Kit {
    /// What may relate each row to others: `id`, `reverses`, `stay` (nothing where a row has none) and `person`; rows
    /// that share a number of the first three (`id` and `reverses` are numbers of one kind) must be decided together.
    /// The sums count the rows as given.
    pub fn keys(&self, rows: Source) -> Result<(Table, Sums), Problems> {
        let keys = keys_of(ROWS, rows, &self.read)?;
        let mut sums = Sums::default();
        sums.add_claims("given", keys.input);
        let table = Table::new()
            .with("id", Values::Int(keys.id))
            .with("reverses", Values::Int(keys.reverses))
            .with("stay", Values::Int(keys.stay))
            .with("person", Values::ints(keys.person));
        Ok((table, sums))
    }

    /// Decides on rows that may belong together: copies, reversals, several settlements of one stay.
    pub fn decide(&self, rows: Source) -> Result<Decided, Problems> {
        let (accepted, rejects, report) = accepted_of(ROWS, rows, &self.read)?;
        let mut sums = Sums::default();
        add_left_out(&mut sums, &report);
        Ok(Decided { accepted, rejects: rejects.table(), sums, warnings: warnings(report) })
    }

    /// Σ C and cases by pool of a batch, for [`Kit::price`] of all batches where a rule measures a pool's mean.
    pub fn measure(&self, rows: Source) -> Result<Sums, Problems> {
        let (claims, _, _) = claims_of(ROWS, rows, &self.read)?;
        let grouper = &self.scheme.grouper;
        let grouped = grouper.group(&claims.stays, self.clinical);
        let found = measure(&chunk(&claims, &grouped), grouper.outcomes(), &self.packs.set, self.period);
        let mut sums = Sums::default();
        for (pool, (fen, cases)) in &found {
            sums.add(Of::Mean, [pool], &[*fen, *cases]);
        }
        Ok(sums)
    }

    /// Prices a batch. `measured`: the sums of [`Kit::measure`] over all batches. `persons_together`: all stays of a
    /// person are in one batch, which rules on readmissions and transfers need.
    pub fn price(&self, rows: Source, measured: Option<&Sums>, persons_together: bool) -> Result<PricedPart, Problems> {
        if let (Some(rule), false) = (&self.across.persons, persons_together) {
            return Err(Problem::new(&NEEDS_PERSONS).with("rule", rule).into());
        }
        let means = self.means(measured)?;
        let (claims, rejects, report) = claims_of(ROWS, rows, &self.read)?;
        let grouped = self.scheme.grouper.group(&claims.stays, self.clinical);
        let priced = self.price_chunk(&chunk(&claims, &grouped), &means)?;
        let sums = self.sums(&claims, &priced, &report)?;
        let table = self.claims_table(&claims, &grouped, &priced, &means)?;
        Ok(PricedPart { claims: table, rejects: rejects.table(), sums, warnings: warnings(report) })
    }

    fn means(&self, measured: Option<&Sums>) -> Result<Means, Problems> {
        match (&self.across.means, measured) {
            (Some(rule), None) => Err(Problem::new(&NEEDS_MEANS).with("rule", rule).into()),
            (_, None) => Ok(Means::new()),
            (_, Some(sums)) => Ok(sums.rows(Of::Mean).map(|(of, sum)| (of[0].clone(), (sum[0], sum[1]))).collect()),
        }
    }

    fn price_chunk(&self, chunk: &Chunk<'_>, means: &Means) -> Result<Priced, Problems> {
        price_part(chunk, self.scheme.grouper.outcomes(), &self.packs.set, self.period, means)
    }

    /// The table `claims` with standards and dues of zero.
    fn claims_table(
        &self,
        claims: &Claims,
        grouped: &Grouped,
        priced: &Priced,
        means: &Means,
    ) -> Result<Table, Problems> {
        let columns = ClaimColumns::new(self.scheme.grouper.outcomes(), priced, &self.packs.set);
        let nothing = vec![0; claims.len()];
        let dues = Dues { standard_fen: nothing.clone(), due_fen: nothing };
        let table = columns.table(claims, grouped, priced, &dues).with("pool", columns.pools(priced));
        let table = with_parts(table, claims, claims.parts.columns().map(|column| !column.is_empty()));
        if !asks_clearing(&self.packs.set) {
            return Ok(table);
        }
        let tcm = Tcm::of(claims);
        let then = self.price_chunk(&Chunk { tcm: Some(tcm.costs()), ..chunk(claims, grouped) }, means)?;
        let columns = tcm.at_clearing(priced, &then);
        Ok(columns.into_iter().fold(table, |table, (name, values)| table.with(name, values)))
    }

    fn sums(&self, claims: &Claims, priced: &Priced, report: &ReadReport) -> Result<Sums, Problems> {
        let set = &self.packs.set;
        let mut sums = Sums::default();
        add_left_out(&mut sums, report);
        sums.add_claims("in", report.accepted);
        let mut states: BTreeMap<State, Tally> = BTreeMap::new();
        for (state, fen) in priced.state.iter().zip(&claims.total_fen) {
            let tally = states.entry(*state).or_default();
            tally.rows += 1;
            tally.fen += i128::from(*fen);
        }
        states.into_iter().for_each(|(state, tally)| sums.add_claims(state.code(), tally));
        let details = details(claims);
        sums.add_groups(Of::Group, &group_sums(&Cases::of(claims, priced, details.as_ref()))?, &priced.pools);
        for (pack, rule) in rules_met(priced) {
            let pack = &set.packs[pack];
            sums.add(Of::Rule, [pack.id.as_str(), pack.rule(rule).name.as_str()], &[1]);
        }
        for ((pack, institution), (cases, reviews)) in review_counts(priced, claims, set) {
            let names = [set.packs[pack].id.as_str(), institution.as_str()];
            sums.add(Of::Review, names, &[cases.into(), reviews.into()]);
        }
        let unknown = (0..claims.len()).filter(|row| match &details {
            None => true,
            Some(own) => {
                let columns = [&own.own_pay_fen, &own.first_own_pay_fen, &own.deductible_fen];
                columns.iter().any(|column| column.get(*row).is_none_or(|fen| *fen == UNKNOWN_FEN))
            }
        });
        sums.add(Of::NoOwnPay, [], &[unknown.count() as i128]);
        Ok(sums)
    }
}

/// The claims of a batch as a run of their own.
fn chunk<'a>(claims: &'a Claims, grouped: &'a Grouped) -> Chunk<'a> {
    Chunk { first: 0, claims, grouped, tcm: None }
}

/// Counts what is not priced.
fn add_left_out(sums: &mut Sums, report: &ReadReport) {
    for (fate, tally) in [("rejected", report.rejected), ("left_out", report.excluded)] {
        sums.add_claims("in", tally);
        sums.add_claims(fate, tally);
    }
}

/// What the reader warns of; columns that nothing reads are the same in every batch.
fn warnings(report: ReadReport) -> Problems {
    let mut found = report.warnings;
    found.0.retain(|problem| problem.entry != &UNKNOWN_COLUMN);
    found
}
