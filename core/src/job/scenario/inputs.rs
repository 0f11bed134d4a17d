//! A baseline of claims that no book has settled.

use super::StudyFile;
use crate::job::{ClaimFiles, Packs, Scheme};
use crate::problem::Problems;
use crate::scenario::{InsuranceInput, Unit};

/// Reads and groups the claims. A year is cleared over all its claims as if nothing had been paid yet.
pub(super) fn input(file: &StudyFile) -> Result<InsuranceInput, Problems> {
    let baseline = file.baseline();
    let period = file.period()?;
    let (scheme, _) = Scheme::read(&file.named(baseline.scheme.as_deref(), "scheme")?)?;
    let bundle = file.given_bundle(&scheme)?;
    let (packs, _) = Packs::read(&file.named(baseline.policy.as_deref(), "policy")?, &scheme)?;
    let names = baseline.claims.as_deref().ok_or_else(|| super::missing("claims"))?;
    let files = ClaimFiles {
        claims: names.iter().map(|name| file.path(name)).collect(),
        mapping: baseline.mapping.as_deref().map(|name| file.path(name)),
        float_money: None,
    };
    let intake = files.read(&packs)?;
    let claims = intake.claims.into_whole();
    let grouped = scheme.grouper.group(&claims.stays, baseline.clinical);
    let outcomes = scheme.grouper.outcomes().to_vec();
    let unit = Unit { period, claims, grouped, outcomes, past: Vec::new() };
    Ok(InsuranceInput::alone(period, vec![unit], bundle))
}
