//! The codes of groups that rules name.

use std::collections::{BTreeMap, BTreeSet};

use super::rules::{Coefficient, Readmission, SamePrice, Special, When};
use super::{Policy, RuleNo};
use crate::problem::catalogue::policy as p;
use crate::problem::{Problem, Problems};

impl Policy {
    /// Codes that rules name and no group of the scheme has, a warning a rule: a mistyped code would do nothing.
    #[must_use]
    pub fn unknown_groups(&self, drgs: &BTreeSet<&str>, adrgs: &BTreeSet<&str>, mdcs: &BTreeSet<&str>) -> Problems {
        let mut unknown: BTreeMap<RuleNo, BTreeSet<String>> = BTreeMap::new();
        let mut note = |rule: RuleNo, known: &BTreeSet<&str>, code: &str| {
            if !known.contains(code) {
                unknown.entry(rule).or_default().insert(code.to_owned());
            }
        };
        for (rule, code) in self.groups() {
            note(rule, drgs, code);
        }
        for (rule, when) in self.conditions() {
            let lists = [(&when.drgs, drgs), (&when.adrgs, adrgs), (&when.mdcs, mdcs)];
            for (codes, known) in lists {
                codes.iter().flat_map(|codes| &codes.0).for_each(|code| note(rule, known, code));
            }
        }
        let problem = |(rule, codes): (RuleNo, BTreeSet<String>)| {
            let rule = self.rule(rule);
            let listed = codes.into_iter().collect::<Vec<_>>().join(", ");
            let problem = Problem::new(&p::UNKNOWN_GROUPS).with("codes", listed);
            problem.file(rule.pack.as_str()).rule(format!("rules.{}", rule.name))
        };
        Problems(unknown.into_iter().map(problem).collect())
    }

    /// Groups that tables and lists of rules name.
    fn groups(&self) -> Vec<(RuleNo, &str)> {
        let mut out: Vec<(RuleNo, &str)> = Vec::new();
        out.extend(self.weight_table.rows.keys().map(|drg| (self.weights.rule, drg.as_str())));
        for rule in &self.same_price {
            let SamePrice::Groups { drgs, .. } = &rule.value;
            out.extend(drgs.0.iter().map(|drg| (rule.rule, drg.as_str())));
        }
        for rule in &self.coefficients {
            if let Coefficient::DrgInstitution { table, .. } = &rule.value {
                out.extend(table.0.iter().map(|(row, _)| (rule.rule, row.drg.as_str())));
            }
        }
        for (rule, line) in
            [(self.low_line.rule, self.low_line.value.line()), (self.high_line.rule, self.high_line.value.line())]
        {
            let table = line.and_then(|line| line.groups().and_then(|groups| groups.table));
            out.extend(table.into_iter().flat_map(|table| &table.0).map(|(row, _)| (rule, row.drg.as_str())));
        }
        for rule in &self.special {
            if let Special::TcmAdvantage { fallback, .. } = &rule.value {
                out.push((rule.rule, fallback.as_str()));
            }
        }
        out
    }

    /// Every condition of a rule.
    pub(super) fn conditions(&self) -> Vec<(RuleNo, &When)> {
        let special = self.special.iter().map(|rule| (rule.rule, rule.value.when()));
        let mut out: Vec<(RuleNo, &When)> = special.collect();
        out.extend(self.adjust.iter().map(|rule| (rule.rule, rule.value.when())));
        if let Some(own) = &self.readmission
            && let Readmission::Within { exempt: Some(exempt), .. } = &own.value
        {
            out.extend(exempt.iter().map(|when| (own.rule, when)));
        }
        out
    }
}
