//! A baseline of claims that no book has settled.

use super::StudyFile;
use crate::claims::{Claims, ReadOptions, claims_of};
use crate::frame::Source;
use crate::job::{ClaimFiles, Packs, Scheme};
use crate::ledger::Period;
use crate::policy::Bundle;
use crate::problem::Problems;
use crate::scenario::{InsuranceInput, Unit};
use crate::scheme::DEMO;
use crate::synth::{self, City, Order};

/// Reads and groups the claims. A year is cleared over all its claims as if nothing had been paid yet.
pub(super) fn input(file: &StudyFile) -> Result<InsuranceInput, Problems> {
    let baseline = file.baseline();
    let period = file.period()?;
    let (scheme, _) = Scheme::read(&file.named(baseline.scheme.as_deref(), "scheme")?)?;
    let bundle = file.given_bundle(&scheme)?;
    let (packs, _) = Packs::read(&file.named(baseline.policy.as_deref(), "policy")?, &scheme)?;
    let names = baseline.claims.as_deref().ok_or_else(|| super::missing("claims"))?;
    if names == [DEMO] && !file.path(DEMO).exists() {
        let claims = invented(period, &scheme)?;
        return Ok(grouped(file, &scheme, period, claims, bundle));
    }
    let files = ClaimFiles {
        claims: names.iter().map(|name| file.path(name)).collect(),
        mapping: baseline.mapping.as_deref().map(|name| file.path(name)),
        float_money: None,
    };
    let intake = files.read(&packs)?;
    Ok(grouped(file, &scheme, period, intake.claims.into_whole(), bundle))
}

/// The claims as a unit of their own.
fn grouped(file: &StudyFile, scheme: &Scheme, period: Period, claims: Claims, bundle: Bundle) -> InsuranceInput {
    let grouped = scheme.grouper.group(&claims.stays, file.baseline().clinical);
    let outcomes = scheme.grouper.outcomes().to_vec();
    let unit = Unit { period, claims, grouped, outcomes, past: Vec::new() };
    InsuranceInput::alone(period, vec![unit], bundle)
}

/// Claims of the demonstration city, for examples that need no file.
const INVENTED: u64 = 2_000;
const SEED: u64 = 1;

fn invented(period: Period, scheme: &Scheme) -> Result<Claims, Problems> {
    let days = synth::Period::parse(&period.to_string(), None)?;
    let order = Order { claims: INVENTED, seed: SEED, period: days, bad_per_million: 0 };
    let made = synth::claims(&scheme.grouper, &City::demo(), &order)?;
    let (claims, _, _) = claims_of(DEMO, Source::table(DEMO, &made.table)?, &ReadOptions::default())?;
    Ok(claims)
}
