//! Insurance types and institutions that rows name must be there.

use std::collections::BTreeSet;

use super::check::rule;
use super::rules::{OtherTypes, Penalty, Pools};
use super::{Policy, RuleNo};
use crate::problem::catalogue::policy as p;
use crate::problem::{Problem, Problems};

pub(super) fn check(policy: &Policy, problems: &mut Problems) {
    let pools = policy.pools.value.pools();
    let types: BTreeSet<&str> = pools.iter().flat_map(|(_, types)| types.iter().copied()).collect();
    let mut unknown: BTreeSet<(RuleNo, &str)> = BTreeSet::new();
    let (Pools::ByInsuranceType { others, .. } | Pools::Merged { others, .. }) = &policy.pools.value;
    // Where other types are left out, a condition may name them: the claims have them.
    if *others == OtherTypes::Refuse {
        for (number, when) in policy.conditions() {
            let named = when.insutypes.iter().flatten().map(String::as_str);
            unknown.extend(named.filter(|own| !types.contains(own)).map(|own| (number, own)));
        }
    }
    let registered: BTreeSet<&str> = policy.register().map(|row| row.fixmedins_code.as_str()).collect();
    for penalty in &policy.penalties {
        let Penalty::Table { table } = &penalty.value;
        for (row, origin) in &table.0 {
            if !types.contains(row.insutype.as_str()) {
                unknown.insert((penalty.rule, &row.insutype));
            }
            if !registered.is_empty() && !registered.contains(row.fixmedins_code.as_str()) {
                let problem = Problem::new(&p::NOT_REGISTERED).with("institution", &row.fixmedins_code);
                problems.push(rule(policy, penalty.rule, problem).file(origin.file.clone()).row(origin.line));
            }
        }
    }
    for (number, insutype) in unknown {
        let known = types.iter().copied().collect::<Vec<_>>().join(", ");
        let problem = Problem::new(&p::UNKNOWN_TYPE).with("insutype", insutype).with("known", known);
        problems.push(rule(policy, number, problem));
    }
}
