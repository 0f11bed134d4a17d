//! The results as tables.

use std::collections::BTreeMap;

use super::groups::{Basis, GroupWeight};
use super::plan::{Adjust, AdjustTo, CodeOf, Exclude, Plan, Step};
use super::reasons::problem;
use super::weigh::Weighed;
use crate::claims::Claims;
use crate::grouper::{Grouped, Outcome};
use crate::problem::Lang;
use crate::table::{Table, Values};

/// The tables of a run, by name; the first is the weight table that a policy pack points to.
#[must_use]
pub fn tables(
    weighed: &Weighed,
    plan: &Plan,
    claims: &Claims,
    grouped: &Grouped,
    outcomes: &[Outcome],
    names: &BTreeMap<String, String>,
) -> Vec<(&'static str, Table)> {
    let mut tables = vec![
        ("weights", weights(weighed, plan, names)),
        ("years", years(weighed)),
        ("changes", changes(weighed, plan)),
        ("left_out", left_out(weighed, plan, claims, grouped, outcomes)),
        ("institutions", institutions(weighed)),
        ("summary", summary(weighed, plan)),
    ];
    if plan.level.is_some() || plan.institution.is_some() {
        tables.push(("levels", levels(weighed)));
    }
    if plan.institution.as_ref().is_some_and(|rule| rule.by_group.is_some()) {
        tables.push(("institution_groups", institution_groups(weighed)));
    }
    if let Some(adjustment) = &plan.adjustment {
        tables.push(("adjustments", adjustments(weighed, &adjustment.rows)));
    }
    tables
}

fn e4(values: impl IntoIterator<Item = Option<i64>>) -> Values {
    let units = values.into_iter().map(|value| value.map(i128::from)).collect();
    Values::Decimal { units, scale: 4, wide: false }
}

fn weights(weighed: &Weighed, plan: &Plan, names: &BTreeMap<String, String>) -> Table {
    let groups = &weighed.groups;
    let name = |group: &GroupWeight| names.get(&group.group.drg).map_or("", String::as_str);
    let change = |group: &GroupWeight| Some(group.value_e4? - group.previous_e4?);
    let mut table = Table::new()
        .with("drg", Values::texts(groups.iter().map(|g| &g.group.drg)))
        .with("name", Values::texts(groups.iter().map(name)))
        .with("weight", e4(groups.iter().map(|g| g.weight_e4(&plan.formula))))
        .with("base_points", e4(groups.iter().map(|g| g.base_points_e4(&plan.formula))))
        .with("reference_cost", Values::Money(groups.iter().map(|g| g.reference_fen).collect()))
        .with("cases", Values::ints(groups.iter().map(GroupWeight::cases)))
        .with("trimmed", Values::ints(groups.iter().map(|g| g.before.iter().sum::<i64>() - g.cases())))
        .with("mean_cost", Values::Money(groups.iter().map(|g| g.mean_fen).collect()))
        .with("median_cost", Values::Money(groups.iter().map(|g| g.median_fen).collect()))
        .with("sd_cost", Values::Money(groups.iter().map(|g| g.sd_fen).collect()))
        .with("cv", e4(groups.iter().map(|g| g.cv_e4)))
        .with("stable", Values::Flag(groups.iter().map(|g| Some(g.stable)).collect()))
        .with("basis", Values::keywords(groups.iter().map(|g| g.basis.word())))
        .with("measured", e4(groups.iter().map(|g| g.measured_e4)))
        .with("previous", e4(groups.iter().map(|g| g.previous_e4)))
        .with("change", e4(groups.iter().map(change)));
    if plan.level.as_ref().is_some_and(|rule| rule.by_group.is_some()) {
        for level in &weighed.levels {
            table = table.with(&format!("coefficient_{}", level.level), e4(level.by_group_e4.iter().copied()));
        }
    }
    table
}

impl Basis {
    /// The word in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Basis::Mean => "mean",
            Basis::Median => "median",
            Basis::CarriedOver => "carried_over",
            Basis::Adrg => "adrg",
            Basis::Nothing => "none",
        }
    }
}

/// Each group in each year: what coefficients are measured against.
fn years(weighed: &Weighed) -> Table {
    let rows: Vec<(&GroupWeight, usize)> = (weighed.groups.iter())
        .flat_map(|group| (0..weighed.years.len()).map(move |year| (group, year)))
        .filter(|(group, year)| group.before[*year] > 0)
        .collect();
    Table::new()
        .with("drg", Values::texts(rows.iter().map(|(group, _)| &group.group.drg)))
        .with("year", Values::ints(rows.iter().map(|&(_, year)| i64::from(weighed.years[year]))))
        .with("cases", Values::ints(rows.iter().map(|(group, year)| group.years[*year].cases)))
        .with("trimmed", Values::ints(rows.iter().map(|(g, year)| g.before[*year] - g.years[*year].cases)))
        .with("mean_cost", Values::Money(rows.iter().map(|(group, year)| group.years[*year].mean_fen()).collect()))
}

/// Against last year's table, with the groups that it alone has.
fn changes(weighed: &Weighed, plan: &Plan) -> Table {
    let mut rows: BTreeMap<&str, (Option<i64>, Option<i64>, i64)> = BTreeMap::new();
    for (drg, value) in plan.previous.iter().flatten() {
        rows.insert(drg, (Some(*value), None, 0));
    }
    for group in weighed.groups.iter().filter(|group| group.value_e4.is_some()) {
        let row = rows.entry(&group.group.drg).or_default();
        (row.1, row.2) = (group.value_e4, group.cases());
    }
    let kind = |(before, after): (Option<i64>, Option<i64>)| match (before, after) {
        (Some(before), Some(after)) if before == after => "same",
        (Some(before), Some(after)) if before < after => "up",
        (Some(_), Some(_)) => "down",
        (None, _) => "new",
        (Some(_), None) => "gone",
    };
    // In hundredths of a percent, half up.
    let percent = |before: Option<i64>, after: Option<i64>| {
        let (before, after) = (before.filter(|b| *b != 0)?, after?);
        super::Ratio::new(i128::from(after - before) * 10_000, before)?.half_up(0).map(i128::from)
    };
    let percents = rows.values().map(|&(before, after, _)| percent(before, after)).collect();
    Table::new()
        .with("drg", Values::texts(rows.keys()))
        .with("kind", Values::keywords(rows.values().map(|&(before, after, _)| kind((before, after)))))
        .with("previous", e4(rows.values().map(|row| row.0)))
        .with("value", e4(rows.values().map(|row| row.1)))
        .with("change", e4(rows.values().map(|row| Some(row.1? - row.0?))))
        .with("percent", Values::Decimal { units: percents, scale: 2, wide: false })
        .with("cases", Values::ints(rows.values().map(|row| row.2)))
}

fn left_out(weighed: &Weighed, plan: &Plan, claims: &Claims, grouped: &Grouped, outcomes: &[Outcome]) -> Table {
    let rows = || weighed.left_out.iter().map(|left| left.row as usize);
    let outcome = |row: usize| &outcomes[usize::from(grouped.outcomes[row])];
    let reasons: Vec<_> =
        (weighed.left_out.iter()).map(|left| problem(left, plan, claims, outcome(left.row as usize))).collect();
    Table::new()
        .with("setl_id", Values::texts(rows().map(|row| claims.stays.setl_id.get(row))))
        .with("fixmedins_code", Values::keywords(rows().map(|row| claims.institution.get(row))))
        .with("drg", Values::keywords(rows().map(|row| outcome(row).drg.as_str())))
        .with("cost", Values::money(rows().map(|row| claims.total_fen[row])))
        .with("rule", Values::keywords(reasons.iter().map(|p| p.place.rule.as_deref().unwrap_or_default())))
        .with("code", Values::keywords(reasons.iter().map(|p| p.entry.code)))
        .with("reason_zh", Values::texts(reasons.iter().map(|p| p.message(Lang::Zh))))
        .with("reason_en", Values::texts(reasons.iter().map(|p| p.message(Lang::En))))
}

/// Benchmarks, with the coefficients where there is a rule for them.
fn institutions(weighed: &Weighed) -> Table {
    let all = &weighed.benchmarks;
    let weights = all.iter().map(|b| Some(b.weights_e4)).collect();
    let mut table = Table::new()
        .with("fixmedins_code", Values::texts(all.iter().map(|b| &b.institution)))
        .with("cases", Values::ints(all.iter().map(|b| b.cases)))
        .with("groups", Values::ints(all.iter().map(|b| b.groups)))
        .with("cost", Values::Money(all.iter().map(|b| i64::try_from(b.cost_fen).ok()).collect()))
        .with("weighted_cases", Values::ints(all.iter().map(|b| b.weighted)))
        .with("weights", Values::Decimal { units: weights, scale: 4, wide: true })
        .with("cmi", e4(all.iter().map(|b| b.cmi_e4)))
        .with("cost_index", e4(all.iter().map(|b| b.cost_index_e4)))
        .with("time_index", e4(all.iter().map(|b| b.time_index_e4)))
        .with("cost_per_weight", Values::Money(all.iter().map(|b| b.cost_per_weight_fen).collect()))
        .with("days_per_weight", e4(all.iter().map(|b| b.days_per_weight_e4)));
    if !weighed.institutions.is_empty() {
        let own = &weighed.institutions;
        table = table
            .with("level", Values::keywords(own.iter().map(|i| &i.level)))
            .with("own", e4(own.iter().map(|i| i.own_e4)))
            .with("coefficient", e4(own.iter().map(|i| i.coefficient_e4)))
            .with("too_few", Values::Flag(own.iter().map(|i| Some(i.too_few)).collect()));
    }
    table
}

fn levels(weighed: &Weighed) -> Table {
    Table::new()
        .with("level", Values::texts(weighed.levels.iter().map(|l| &l.level)))
        .with("cases", Values::ints(weighed.levels.iter().map(|l| l.cases)))
        .with("coefficient", e4(weighed.levels.iter().map(|l| l.overall_e4)))
}

/// Coefficients by group and institution, in the columns of a `coefficient.drg_institution` rule.
fn institution_groups(weighed: &Weighed) -> Table {
    let rows: Vec<(&str, &str, i64)> = (weighed.institutions.iter())
        .flat_map(|i| i.by_group_e4.iter().map(move |&(group, units)| (i.institution.as_str(), group, units)))
        .map(|(code, group, units)| (weighed.groups[usize::from(group)].group.drg.as_str(), code, units))
        .collect();
    Table::new()
        .with("drg", Values::keywords(rows.iter().map(|row| row.0)))
        .with("fixmedins_code", Values::keywords(rows.iter().map(|row| row.1)))
        .with("coefficient", e4(rows.iter().map(|row| Some(row.2))))
}

/// Who changed what, and why.
fn adjustments(weighed: &Weighed, decisions: &[Adjust]) -> Table {
    let rows: Vec<&Adjust> = weighed.adjusted.iter().map(|adjusted| &decisions[adjusted.row]).collect();
    let published = |drg: &str| {
        let place = weighed.groups.binary_search_by(|group| group.group.drg.as_str().cmp(drg)).ok()?;
        weighed.groups[place].value_e4
    };
    let what = |to: AdjustTo| match to {
        AdjustTo::Value { e4 } => format!("= {}", crate::table::cell::decimal(e4.into(), 4)),
        AdjustTo::Factor { e6 } => format!("× {}", crate::table::cell::decimal(e6.into(), 6)),
    };
    Table::new()
        .with("drg", Values::texts(rows.iter().map(|row| &row.drg)))
        .with("step", Values::keywords(rows.iter().map(|row| row.step.word())))
        .with("what", Values::texts(rows.iter().map(|row| what(row.to))))
        .with("before", e4(weighed.adjusted.iter().map(|a| Some(a.before_e4))))
        .with("after", e4(weighed.adjusted.iter().map(|a| Some(a.after_e4))))
        .with("published", e4(rows.iter().map(|row| published(&row.drg))))
        .with("who", Values::texts(rows.iter().map(|row| &row.who)))
        .with("why", Values::texts(rows.iter().map(|row| &row.why)))
        .with("decided", Values::texts(rows.iter().map(|row| &row.decided)))
}

impl Step {
    /// The word in tables and packs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Step::Resource => "resource",
            Step::Clinical => "clinical",
            Step::Policy => "policy",
        }
    }
}

/// The figures of the whole run.
fn summary(weighed: &Weighed, plan: &Plan) -> Table {
    let decimal = |units: i128| crate::table::cell::decimal(units, 4);
    let with_weight = weighed.groups.iter().filter(|g| g.value_e4.is_some()).count();
    let stable = weighed.groups.iter().filter(|g| g.stable).count();
    let mut rows: Vec<(&str, String)> = vec![
        ("claims", weighed.claims.to_string()),
        ("kept", weighed.kept.to_string()),
        ("left_out", weighed.left_out.len().to_string()),
        ("groups", weighed.groups.len().to_string()),
        ("groups_with_weight", with_weight.to_string()),
        ("groups_stable", stable.to_string()),
        ("scale", plan.formula.scale.to_string()),
        ("pool_mean", weighed.pool.mean.half_up(0).map_or_else(String::new, |fen| crate::money::Fen(fen).to_string())),
        ("riv", weighed.riv_e4.map_or_else(String::new, |units| decimal(units.into()))),
    ];
    if let Some(balance) = &weighed.balance {
        rows.push(("sum_before_adjustment", decimal(balance.before)));
        rows.push(("sum_decided", decimal(balance.decided)));
        rows.push(("sum_published", decimal(balance.after)));
        rows.push(("adjustment_factor", crate::table::cell::decimal(balance.factor_e6.into(), 6)));
    }
    Table::new()
        .with("key", Values::texts(rows.iter().map(|row| row.0)))
        .with("value", Values::texts(rows.iter().map(|row| &row.1)))
}

impl Exclude {
    /// The field that is looked at, for messages.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Exclude::Stay { .. } => "act_ipt_days",
            Exclude::Cost { .. } => "medfee_sumamt",
            Exclude::Codes { of, .. } => of.field(),
        }
    }
}

impl CodeOf {
    /// The name of the field.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            CodeOf::Drg => "drg",
            CodeOf::Adrg => "adrg",
            CodeOf::Mdc => "mdc",
            CodeOf::Department => "dscg_caty",
            CodeOf::MedType => "med_type",
            CodeOf::DischargeWay => "dscg_way",
            CodeOf::Institution => "fixmedins_code",
            CodeOf::InsuranceType => "insutype",
        }
    }
}
