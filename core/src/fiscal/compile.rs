//! A pack of floors → [`Policy`].

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::model::{Account, Floor, FloorKind, Government, Policy, Shares};
use crate::awards::{Citation, Level};
use crate::policy::fiscal::{self as spec, FiscalPack};
use crate::policy::{RuleNo, Share, Status};
use crate::problem::catalogue::awards as a;
use crate::problem::{Problem, Problems};
use crate::text::closest;

/// The floors among the packs of fiscal money: exactly one must have some.
///
/// # Errors
/// No such pack, several, or one whose rules do not fit together.
pub fn compile(packs: &[FiscalPack]) -> Result<(Policy, Problems), Problems> {
    let with_floors: Vec<&FiscalPack> = packs.iter().filter(|pack| !pack.book.floor.is_empty()).collect();
    match with_floors.as_slice() {
        [pack] => compile_pack(pack),
        [] => Err(Problem::new(&a::NO_FLOOR_PACK).into()),
        several => {
            let known: Vec<&str> = several.iter().map(|pack| pack.header.id.as_str()).collect();
            Err(Problem::new(&a::SEVERAL_FLOOR_PACKS).with("packs", known.join(", ")).into())
        }
    }
}

fn compile_pack(pack: &FiscalPack) -> Result<(Policy, Problems), Problems> {
    let governments = pack.book.government.iter().flat_map(|ruled| {
        let spec::Governments::List { list } = &ruled.value;
        list.0.iter().map(|(row, _)| Government { name: row.name.clone(), level: row.level })
    });
    let accounts = pack.book.account.iter().flat_map(|ruled| {
        let spec::Accounts::List { list } = &ruled.value;
        list.0.iter().map(|(row, _)| Account {
            code: row.code.clone(),
            name: row.name.clone(),
            unit: row.unit,
            signed: row.signed,
            note: row.note.clone().unwrap_or_default(),
        })
    });
    let told = |rule: &crate::policy::RuleRef| Some(format!("{}：{}", rule.name, rule.placeholder.as_deref()?));
    let mut policy = Policy {
        id: pack.header.id.clone(),
        title: pack.header.title.clone(),
        simulation: pack.header.status == Status::Draft,
        from: pack.header.valid_from.unwrap_or(chrono::NaiveDate::MIN),
        to: pack.header.valid_to,
        governments: governments.collect(),
        accounts: accounts.collect(),
        floors: Vec::new(),
        placeholders: pack.rules.iter().filter_map(told).collect(),
    };
    let mut compiling = Compiling { pack, policy: &policy, problems: Problems::new() };
    let floors = pack.book.floor.iter().map(|ruled| compiling.floor(ruled.rule, &ruled.value)).collect();
    let problems = compiling.problems;
    policy.floors = floors;
    problems.or(policy)
}

struct Compiling<'p> {
    pack: &'p FiscalPack,
    policy: &'p Policy,
    problems: Problems,
}

fn decimal(share: Share) -> Decimal {
    Decimal::new(share.0, 6).normalize()
}

impl Compiling<'_> {
    fn tell(&mut self, rule: RuleNo, problem: Problem) {
        let reference = self.pack.rule(rule);
        let place = problem.file(reference.pack.as_str()).rule(format!("rules.{}", reference.name));
        self.problems.push(place);
    }

    /// An account that must be in the list, with figures of the right unit.
    fn account(&mut self, rule: RuleNo, code: &str, units: &[spec::Unit]) -> String {
        match self.policy.account(code) {
            None => {
                let near = closest(code, self.policy.accounts.iter().map(|known| known.code.as_str())).unwrap_or("-");
                self.tell(rule, Problem::new(&a::UNKNOWN_ACCOUNT).with("account", code).with("closest", near));
            }
            Some(account) if !units.contains(&account.unit) => {
                let name = account.name.clone();
                self.tell(rule, Problem::new(&a::WRONG_UNIT).with("account", name));
            }
            Some(_) => {}
        }
        code.to_owned()
    }

    fn floor(&mut self, rule: RuleNo, floor: &spec::Floor) -> Floor {
        use spec::Unit::{Count, Rate, Yuan};
        let (title, levels, amount, kind) = match floor {
            spec::Floor::Share { title, levels, amount, base, share, bound, closing } => {
                let base = self.account(rule, base, &[Yuan]);
                if decimal(*share) >= Decimal::ONE {
                    self.tell(rule, Problem::new(&a::SHARE_NOT_BELOW_ONE).with("share", decimal(*share)));
                }
                let kind = FloorKind::Share { base, share: decimal(*share), bound: *bound, closing: *closing };
                (title, levels, amount, kind)
            }
            spec::Floor::Amount { title, levels, amount, yuan } => (title, levels, amount, FloorKind::Amount(yuan.0)),
            spec::Floor::PerHead { title, levels, amount, heads, yuan } => {
                let heads = self.account(rule, heads, &[Count]);
                (title, levels, amount, FloorKind::PerHead { heads, each: yuan.0 })
            }
            spec::Floor::Growth { title, levels, amount, index, cap_at_zero } => {
                let index = self.account(rule, index, &[Rate]);
                (title, levels, amount, FloorKind::Growth { index, cap_at_zero: *cap_at_zero })
            }
            spec::Floor::InFull { title, levels, amount, needed } => {
                let needed = self.account(rule, needed, &[Yuan]);
                (title, levels, amount, FloorKind::InFull { needed })
            }
            spec::Floor::Decrease { title, levels, amount, fall } => {
                (title, levels, amount, FloorKind::Decrease { fall: decimal(*fall) })
            }
            spec::Floor::CoFunding { title, levels, amount, total, shares, share_account } => {
                let total = self.account(rule, total, &[Yuan]);
                let shares = self.shares(rule, shares.as_ref(), share_account.as_deref());
                (title, levels, amount, FloorKind::CoFunding { total, shares })
            }
        };
        let reference = self.pack.rule(rule);
        let citation = match &reference.citation {
            Some(found) => {
                let number = found.number.as_deref().map(|number| format!("（{number}）")).unwrap_or_default();
                Citation { document: format!("《{}》{number}", found.document), article: found.article.clone() }
            }
            None => Citation {
                document: "无文件依据".to_owned(),
                article: reference.placeholder.clone().unwrap_or_default(),
            },
        };
        let id = reference.name.clone();
        let amount = self.account(rule, amount, &[Yuan]);
        let levels: Vec<Level> = levels.clone();
        Floor { id, title: title.clone(), citation, levels, amount, kind }
    }

    fn shares(&mut self, rule: RuleNo, stated: Option<&BTreeMap<String, Share>>, account: Option<&str>) -> Shares {
        match (stated, account) {
            (Some(stated), None) => {
                let shares: BTreeMap<String, Decimal> =
                    stated.iter().map(|(name, share)| (name.clone(), decimal(*share))).collect();
                let unknown: Vec<&String> =
                    shares.keys().filter(|name| self.policy.government(name).is_none()).collect();
                if let Some(name) = unknown.first() {
                    let names = self.policy.governments.iter().map(|known| known.name.as_str());
                    let near = closest(name, names).unwrap_or("-");
                    let problem = Problem::new(&a::UNKNOWN_GOVERNMENT).with("government", name);
                    self.tell(rule, problem.with("closest", near));
                }
                let sum: Decimal = shares.values().sum();
                if sum != Decimal::ONE {
                    let problem = Problem::new(&a::SHARES_NOT_WHOLE).with("what", "shares");
                    self.tell(rule, problem.with("sum", sum.normalize()));
                }
                Shares::Stated(shares)
            }
            (None, Some(account)) => Shares::Account(self.account(rule, account, &[spec::Unit::Rate])),
            _ => {
                self.tell(rule, Problem::new(&a::ONE_OF_KEYS).with("keys", "shares | share_account"));
                Shares::Stated(BTreeMap::new())
            }
        }
    }
}
