//! Which kind of thing a code is, and what the tables say of it.

use super::cards::{
    AdrgCard, Card, CodeCard, DrgCard, DrgLine, ListLine, MdcCard, Named, RuleLine, SeverityLine, Use, Words,
};
use crate::problem::Problem;
use crate::problem::catalogue::scheme as codes;
use crate::scheme::condition::{Atom, Codes, Condition, Kind};
use crate::scheme::{AdrgRule, Definition, Drg, Level, NoDrg, RuleKind};
use crate::text::closest;

/// What the scheme says of an MDC, ADRG, DRG, diagnosis or procedure; letters may be small or capital.
pub fn show(definition: &Definition, asked: &str) -> Result<Card, Problem> {
    let asked = asked.trim();
    let cards = Cards { definition };
    for same in [str::eq as fn(&str, &str) -> bool, str::eq_ignore_ascii_case] {
        if let Some(card) = cards.find(asked, same) {
            return Ok(card);
        }
    }
    let name = &definition.options.name;
    Err(match closest(asked, cards.known()) {
        Some(hint) => {
            Problem::new(&codes::NO_SUCH_CODE_BUT).with("scheme", name).with("code", asked).with("hint", hint)
        }
        None => Problem::new(&codes::NO_SUCH_CODE).with("scheme", name).with("code", asked),
    })
}

struct Cards<'a> {
    definition: &'a Definition,
}

impl<'a> Cards<'a> {
    fn find(&self, asked: &str, same: fn(&str, &str) -> bool) -> Option<Card> {
        let definition = self.definition;
        if let Some(at) = definition.mdcs.iter().position(|mdc| same(&mdc.code, asked)) {
            return Some(Card::Mdc(self.mdc(at)));
        }
        if let Some(rule) = definition.rules.iter().find(|rule| same(&rule.adrg, asked)) {
            return Some(Card::Adrg(self.adrg(rule)));
        }
        if let Some(drg) = definition.drgs.iter().find(|drg| same(&drg.code, asked)) {
            return Some(Card::Drg(self.drg(drg)));
        }
        let kinds = [Kind::Diagnosis, Kind::Procedure];
        if let Some((kind, code)) =
            kinds.iter().find_map(|kind| Some((*kind, self.codes(*kind).find(|code| same(code, asked))?)))
        {
            return Some(Card::Code(self.code(kind, code, None)));
        }
        let maps = [(Kind::Diagnosis, &definition.diagnosis_map), (Kind::Procedure, &definition.procedure_map)];
        maps.into_iter().find_map(|(kind, map)| {
            let (clinical, code) = map.iter().find(|(clinical, _)| same(clinical, asked))?;
            Some(Card::Code(self.code(kind, code, Some(clinical.clone()))))
        })
    }

    /// Everything that can be asked for.
    fn known(&self) -> impl Iterator<Item = &'a str> {
        let definition = self.definition;
        let mdcs = definition.mdcs.iter().map(|mdc| mdc.code.as_str());
        let rules = definition.rules.iter().map(|rule| rule.adrg.as_str());
        let drgs = definition.drgs.iter().map(|drg| drg.code.as_str());
        let codes = [Kind::Diagnosis, Kind::Procedure].into_iter().flat_map(|kind| self.codes(kind));
        mdcs.chain(rules).chain(drgs).chain(codes)
    }

    /// Every code of a kind in any table. A code may come several times.
    fn codes(&self, kind: Kind) -> Box<dyn Iterator<Item = &'a str> + 'a> {
        let definition = self.definition;
        // Published schemes give lists of diagnoses names with D; codes tell by their first character.
        let listed = definition.lists.values().flatten();
        let listed = listed.filter(move |code| code.starts_with(char::is_alphabetic) == (kind == Kind::Diagnosis));
        let listed = listed.map(String::as_str);
        match kind {
            Kind::Diagnosis => {
                let names = definition.diagnosis_names.keys().map(String::as_str);
                let mdcs = definition.mdcs.iter().flat_map(|mdc| mdc.lists.values().flatten()).map(String::as_str);
                let severe = definition.cc.iter().map(|entry| entry.code.as_str());
                let excluding = definition.exclusions.keys().map(String::as_str);
                Box::new(names.chain(mdcs).chain(listed).chain(severe).chain(excluding))
            }
            Kind::Procedure => {
                let names = definition.procedure_names.keys().map(String::as_str);
                let valid = definition.valid_procedures.iter().map(String::as_str);
                Box::new(names.chain(valid).chain(listed))
            }
        }
    }

    fn mdc(&self, at: usize) -> MdcCard {
        let mdc = &self.definition.mdcs[at];
        MdcCard {
            code: mdc.code.clone(),
            name: mdc.name.clone(),
            order: at + 1,
            row: mdc.line,
            condition: Words::of(&mdc.condition),
            lists: mdc.lists.iter().map(|(list, codes)| (list.clone(), codes.len())).collect(),
            rules: self.definition.rules.iter().filter(|rule| rule.mdc == at).map(rule_line).collect(),
        }
    }

    fn adrg(&self, rule: &AdrgRule) -> AdrgCard {
        let definition = self.definition;
        let of_adrg = definition.lists.iter().filter(|((adrg, _), _)| *adrg == rule.adrg);
        let lists = of_adrg.map(|((_, list), codes)| {
            let codes = codes.iter().map(|code| self.named(code)).collect();
            ListLine { list: list.clone(), codes }
        });
        AdrgCard {
            code: rule.adrg.clone(),
            name: rule.name.clone(),
            mdc: self.named_mdc(rule.mdc),
            rules: definition.rules_of(&rule.adrg).map(rule_line).collect(),
            lists: lists.collect(),
            drgs: definition.drgs_of(&rule.adrg).map(|drg| self.drg_line(drg)).collect(),
        }
    }

    fn drg(&self, drg: &Drg) -> DrgCard {
        let definition = self.definition;
        let rule = definition.rules_of(&drg.adrg).next();
        let earlier = definition.drgs_of(&drg.adrg).take_while(|other| other.code != drg.code);
        DrgCard {
            drg: self.drg_line(drg),
            adrg: Named { code: drg.adrg.clone(), name: rule.map_or_else(String::new, |rule| rule.name.clone()) },
            mdc: rule.map_or_else(|| Named { code: String::new(), name: String::new() }, |r| self.named_mdc(r.mdc)),
            earlier: earlier.map(|other| self.drg_line(other)).collect(),
            rules: definition.rules_of(&drg.adrg).map(rule_line).collect(),
        }
    }

    fn drg_line(&self, drg: &Drg) -> DrgLine {
        let weights = self.definition.weights.as_ref().and_then(|table| {
            let key = table.column("drg")?;
            let row = table.rows.iter().find(|row| row.cells[key] == drg.code)?;
            let columns =
                table.header.iter().zip(&row.cells).filter(|(head, _)| !matches!(head.as_str(), "drg" | "name"));
            Some(columns.map(|(head, cell)| (head.clone(), cell.clone())).collect())
        });
        DrgLine {
            code: drg.code.clone(),
            name: drg.name.clone(),
            row: drg.line,
            condition: Words::of(&drg.condition),
            weights: weights.unwrap_or_default(),
        }
    }

    fn code(&self, kind: Kind, code: &str, translated_from: Option<String>) -> CodeCard {
        let definition = self.definition;
        let (names, map) = match kind {
            Kind::Diagnosis => (&definition.diagnosis_names, &definition.diagnosis_map),
            Kind::Procedure => (&definition.procedure_names, &definition.procedure_map),
        };
        let is_diagnosis = kind == Kind::Diagnosis;
        let mdcs = definition.mdcs.iter().enumerate().filter(|_| is_diagnosis).flat_map(|(at, mdc)| {
            let lists = mdc.lists.iter().filter(|(_, codes)| codes.iter().any(|listed| listed == code));
            lists.map(move |(list, _)| (self.named_mdc(at), list.clone()))
        });
        let severity = definition.cc.iter().filter(|entry| is_diagnosis && entry.code == code).map(|entry| {
            let excluding = definition.exclusions.values().filter(|groups| groups.contains(&entry.group));
            SeverityLine {
                level: if entry.level == Level::Mcc { "MCC" } else { "CC" },
                group: entry.group.clone(),
                excluded_by: excluding.count(),
            }
        });
        let groups = definition.exclusions.get(code).into_iter().flatten().filter(|_| is_diagnosis);
        let excludes =
            groups.map(|group| (group.clone(), definition.cc.iter().filter(|entry| entry.group == *group).count()));
        CodeCard {
            code: code.to_owned(),
            name: names.get(code).cloned().unwrap_or_default(),
            of: kind,
            translated_from,
            clinical: map.iter().filter(|(_, to)| *to == code).map(|(from, _)| from.clone()).collect(),
            mdcs: mdcs.collect(),
            valid: (!is_diagnosis).then(|| definition.valid_procedures.iter().any(|valid| valid == code)),
            uses: self.uses(kind, code),
            severity: severity.collect(),
            exclusions_heeded: definition.options.cc_exclusion,
            excludes: excludes.collect(),
        }
    }

    /// Conditions that ask for a code by a list, by itself or by its beginning.
    fn uses(&self, kind: Kind, code: &str) -> Vec<Use> {
        let definition = self.definition;
        let mut uses = Vec::new();
        let mut look = |of: Named, adrg: &str, table: &'static str, row: u64, condition: &Condition| {
            for atom in condition.atoms() {
                let Atom::Codes(reference, codes) = atom else { continue };
                let (list, found) = match codes {
                    Codes::List(list) => {
                        let listed = definition.list(adrg, list).is_some_and(|codes| codes.iter().any(|c| c == code));
                        (Some(list.clone()), listed)
                    }
                    Codes::These(codes) => (None, codes.iter().any(|c| c == code)),
                    Codes::StartsWith(prefix) => (None, code.starts_with(prefix.as_str())),
                    Codes::Mdc | Codes::Valid => (None, false),
                };
                if found && reference.kind == kind {
                    uses.push(Use { of: of.clone(), list, table, row, condition: Words::of(condition) });
                }
            }
        };
        for (at, mdc) in definition.mdcs.iter().enumerate() {
            look(self.named_mdc(at), "", "mdc", mdc.line, &mdc.condition);
        }
        for rule in &definition.rules {
            let of = Named { code: rule.adrg.clone(), name: rule.name.clone() };
            look(of, &rule.adrg, "adrg", rule.line, &rule.condition);
        }
        for drg in &definition.drgs {
            let of = Named { code: drg.code.clone(), name: drg.name.clone() };
            look(of, &drg.adrg, "drg", drg.line, &drg.condition);
        }
        uses
    }

    fn named(&self, code: &str) -> Named {
        let definition = self.definition;
        let name = definition.diagnosis_names.get(code).or_else(|| definition.procedure_names.get(code));
        Named { code: code.to_owned(), name: name.cloned().unwrap_or_default() }
    }

    fn named_mdc(&self, at: usize) -> Named {
        let mdc = &self.definition.mdcs[at];
        Named { code: mdc.code.clone(), name: mdc.name.clone() }
    }
}

fn rule_line(rule: &AdrgRule) -> RuleLine {
    let care = match rule.kind {
        RuleKind::Surgical => "surgical",
        RuleKind::Procedure => "procedure",
        RuleKind::Medical => "medical",
        RuleKind::Ambiguous => "ambiguous",
    };
    let no_drg = match (rule.kind, rule.no_drg) {
        (RuleKind::Ambiguous, _) => None,
        (_, NoDrg::Adrg) => Some("adrg"),
        (_, NoDrg::Next) => Some("next"),
    };
    RuleLine {
        adrg: rule.adrg.clone(),
        name: rule.name.clone(),
        row: rule.line,
        care,
        condition: Words::of(&rule.condition),
        no_drg,
    }
}
