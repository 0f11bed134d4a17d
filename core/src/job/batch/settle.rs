//! From the sums of all batches to point values, from point values to dues, and the figures of the month.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::Kit;
use super::sums::{Of, Sums};
use crate::claims::{Tally, UNKNOWN_FEN};
use crate::job::corrections::state_of;
use crate::job::month::with_names;
use crate::policy::{PackId, RuleNo};
use crate::pricing::{ReviewCounts, all_rules, check_quotas, pool_names};
use crate::problem::catalogue::batch::NOT_CONSERVED;
use crate::problem::catalogue::files::BROKEN_FILE;
use crate::problem::{Problem, Problems};
use crate::settlement::{
    Carried, Cases, Details, DueSums, Group, MonthCases, MonthTerms, OpenMonth, Sum, Totals, dues_at,
};
use crate::table::cell::decimal;
use crate::table::{Table, Values};
use crate::text::Dictionary;

/// A month of which the claims are elsewhere.
#[derive(Clone, Debug)]
pub struct ClosedMonth {
    /// `institutions`, `pools`, `consortia`, `entries` and `placeholders`, as those of a settled month.
    pub tables: BTreeMap<String, Table>,
    /// Claims in = rejected + left out + paid + unpaid + excluded, by count and by amount; and what is due.
    pub totals: BTreeMap<String, String>,
    /// A draft took part: nothing here may be paid.
    pub simulation: bool,
    pub warnings: Problems,
}

impl Kit {
    /// The point value of each pool, from the sums of all batches: `pool`, `point_value`.
    pub fn values(&self, sums: &Sums) -> Result<Table, Problems> {
        let known = self.known(sums)?;
        let open = OpenMonth::new(known.terms(self, &[]), known.cases(sums)?)?;
        let values = open.pools().iter().map(|pool| pool.point_value_e6.map(i128::from)).collect();
        let table = Table::new()
            .with("pool", Values::keywords(open.pools().iter().map(|pool| pool.pool.as_str())))
            .with("point_value", Values::Decimal { units: values, scale: 6, wide: false });
        check_quotas(&self.packs.set, &known.reviews).or(table).map(|(table, _)| table)
    }

    /// The claims of [`Kit::price`] with standards and dues, and the sums of these.
    pub fn due(&self, claims: Table, values: &Table) -> Result<(Table, Sums), Problems> {
        let pools = words(values, "pool")?;
        let values = units(values, "point_value")?;
        let names: Vec<String> = (0..pools.len()).map(|row| pools.get(row).to_owned()).collect();
        let known: Vec<Option<i64>> = values.iter().map(|e6| Some(*e6).filter(|e6| *e6 != UNKNOWN_FEN)).collect();
        let details = own_pay(&claims)?;
        let cases = cases(&claims, &names, details.as_ref())?;
        let (dues, groups) = dues_at(&cases, &known, &self.packs.set, self.period)?;
        let mut sums = Sums::default();
        sums.add_groups(Of::Due, &groups, &names);
        let mut tally = Tally { rows: claims.rows() as u64, ..Tally::default() };
        dues.due_fen.iter().for_each(|fen| tally.fen += i128::from(*fen));
        sums.add_claims("due", tally);
        let mut claims = claims;
        for column in &mut claims.columns {
            match column.name.as_str() {
                "standard" => column.values = Values::money(dues.standard_fen.iter().copied()),
                "due" => column.values = Values::money(dues.due_fen.iter().copied()),
                _ => {}
            }
        }
        Ok((claims, sums))
    }

    /// The figures, from the sums of all batches, priced and due. `before`: the institutions of the month before, whose
    /// `carried_out` is taken over.
    pub fn close(&self, sums: &Sums, before: Option<&Table>) -> Result<ClosedMonth, Problems> {
        let known = self.known(sums)?;
        let carried = before.map_or_else(|| Ok(Vec::new()), carried)?;
        let due = sums.groups(Of::Due, &known.pools)?;
        let open = OpenMonth::new(known.terms(self, &carried), known.cases(sums)?)?;
        let mut problems = conserved(sums, &sums.groups(Of::Group, &known.pools)?, &due);
        problems.append(check_quotas(&self.packs.set, &known.reviews));
        if problems.has_errors() {
            return Err(problems);
        }
        let due_fen = sums.claims("due").unwrap_or_default().1;
        let (month, warnings) = open.close(DueSums::of_sums(due, due_fen))?;
        let own = month.sum_tables(&self.packs.set).into_iter();
        let mut tables: BTreeMap<String, Table> = own.map(|(name, table)| (name.to_owned(), table)).collect();
        if let Some(table) = tables.remove("institutions") {
            tables.insert("institutions".to_owned(), with_names(table, &self.packs));
        }
        Ok(ClosedMonth { tables, totals: totals(sums, due_fen), simulation: month.simulation, warnings })
    }

    fn known(&self, sums: &Sums) -> Result<Known, Problems> {
        let set = &self.packs.set;
        let pack = |id: &str| set.packs.iter().position(|pack| pack.id == id).ok_or_else(|| broken(id));
        let mut known = Known { rules: all_rules(set), pools: pool_names(set), ..Known::default() };
        for ([id, rule, ..], _) in sums.rows(Of::Rule) {
            let pack = pack(id)?;
            let is_own = |(own, number): &(PackId, RuleNo)| *own == pack && set.packs[pack].rule(*number).name == *rule;
            let number = known.rules.iter().position(is_own).and_then(|number| u16::try_from(number).ok());
            known.met.insert(number.ok_or_else(|| broken(rule))?);
        }
        let small = |number: i128| i64::try_from(number).unwrap_or(i64::MAX);
        for ([id, institution, ..], numbers) in sums.rows(Of::Review) {
            known.reviews.insert((pack(id)?, institution.clone()), (small(numbers[0]), small(numbers[1])));
        }
        known.complete = sums.rows(Of::NoOwnPay).all(|(_, numbers)| numbers[0] == 0);
        Ok(known)
    }
}

/// What is known of the whole month once all sums are here.
#[derive(Default)]
struct Known {
    rules: Vec<(PackId, RuleNo)>,
    pools: Vec<String>,
    /// Numbers among the rules.
    met: BTreeSet<u16>,
    reviews: ReviewCounts,
    /// Every case has what `due = "case"` needs.
    complete: bool,
}

impl Known {
    fn terms<'a>(&'a self, kit: &'a Kit, carried: &'a [Carried]) -> MonthTerms<'a> {
        MonthTerms {
            period: kit.period,
            set: &kit.packs.set,
            rules: &self.rules,
            pools: &self.pools,
            carried,
            past: &[],
            reductions: &[],
            corrections: &[],
            recognised: &[],
        }
    }

    fn cases(&self, sums: &Sums) -> Result<MonthCases, Problems> {
        let small = |number: i128| i64::try_from(number).unwrap_or(i64::MAX);
        let of = |fate: &str| sums.claims(fate).map_or((0, 0), |(count, fen)| (small(count), small(fen)));
        let [paid, unpaid, excluded] = PRICED.map(of);
        let totals = Totals {
            cases_in: paid.0 + unpaid.0 + excluded.0,
            cases_paid: paid.0,
            cases_unpaid: unpaid.0,
            cases_excluded: excluded.0,
            total_in_fen: paid.1.saturating_add(unpaid.1).saturating_add(excluded.1),
            total_paid_fen: paid.1,
            total_unpaid_fen: unpaid.1,
            total_excluded_fen: excluded.1,
        };
        Ok(MonthCases::of_sums(sums.groups(Of::Group, &self.pools)?, totals, self.complete, self.met.clone()))
    }
}

/// What becomes of claims before they are priced, and then.
const UNPRICED: [&str; 2] = ["rejected", "left_out"];
const PRICED: [&str; 3] = ["paid", "unpaid", "excluded"];

/// Claims given = in = rejected + left out + paid + unpaid + excluded; the same cases priced and due; and
/// Σ claims = Σ groups. What is lost on the way between machines is an error.
fn conserved(sums: &Sums, before: &BTreeMap<Group, Sum>, after: &BTreeMap<Group, Sum>) -> Problems {
    let of = |fate: &str| sums.claims(fate).unwrap_or_default();
    let add =
        |fates: &[&str]| fates.iter().map(|fate| of(fate)).fold((0, 0), |sum, own| (sum.0 + own.0, sum.1 + own.1));
    let (came_in, due, priced) = (of("in"), of("due"), add(&PRICED));
    let became = (add(&UNPRICED).0 + priced.0, add(&UNPRICED).1 + priced.1);
    let given = sums.claims("given").unwrap_or(came_in);
    let total = |groups: &BTreeMap<Group, Sum>, number: fn(&Sum) -> i64| {
        groups.values().map(|sum| i128::from(number(sum))).sum::<i128>()
    };
    let points = |sum: &Sum| sum.points_e4;
    let checks = [
        ("claims_given", given.0, came_in.0, 0),
        ("medfee_given", given.1, came_in.1, 2),
        ("claims_in", came_in.0, became.0, 0),
        ("medfee_in", came_in.1, became.1, 2),
        ("claims_due", priced.0, due.0, 0),
        ("points", total(before, points), total(after, points), 4),
        ("due", due.1, total(after, |sum| sum.due_fen), 2),
    ];
    let lost = checks.into_iter().filter(|(_, expected, found, _)| expected != found);
    let told = lost.map(|(what, expected, found, scale)| {
        let problem = Problem::new(&NOT_CONSERVED).with("what", what).with("expected", decimal(expected, scale));
        problem.with("found", decimal(found, scale))
    });
    Problems(told.collect())
}

fn totals(sums: &Sums, due: i128) -> BTreeMap<String, String> {
    let mut totals = BTreeMap::from([("due".to_owned(), decimal(due, 2))]);
    for fate in ["in"].into_iter().chain(UNPRICED).chain(PRICED) {
        let (count, fen) = sums.claims(fate).unwrap_or_default();
        totals.insert(format!("claims_{fate}"), count.to_string());
        totals.insert(format!("medfee_{fate}"), decimal(fen, 2));
    }
    totals
}

/// Priced claims as cases of the pools of these names.
fn cases<'a>(claims: &'a Table, pools: &'a [String], details: Option<&'a Details>) -> Result<Cases<'a>, Problems> {
    let (own, states) = (words(claims, "pool")?, words(claims, "state")?);
    let number = |text: &String| pools.iter().position(|pool| pool == text).and_then(|at| u8::try_from(at).ok());
    let numbers: Vec<u8> = own.texts().iter().map(|text| number(text).unwrap_or(u8::MAX)).collect();
    let codes: Vec<_> = states.texts().iter().map(|text| state_of(text)).collect();
    let known = |name| units(claims, name).map(|units| Cow::Owned(units.into_iter().map(or_zero).collect()));
    let stated = |name| units(claims, name).map(Cow::Owned);
    Ok(Cases {
        institution: words(claims, "fixmedins_code")?,
        insutype: words(claims, "insutype")?,
        consortium: words(claims, "consortium")?,
        pools: Cow::Borrowed(pools),
        pool: Cow::Owned(own.ids().iter().map(|id| numbers[*id as usize]).collect()),
        state: Cow::Owned(states.ids().iter().map(|id| codes[*id as usize]).collect()),
        count: Cow::Owned(vec![1; claims.rows()]),
        points_e4: known("points")?,
        amount_fen: known("by_amount")?,
        outside_fen: known("outside_budget")?,
        total_fen: known("medfee_sumamt")?,
        fund_fen: stated("hifp_pay")?,
        patient_fen: stated("psn_pay")?,
        other_fund_fen: stated("oth_fund_pay")?,
        weight_e6: stated("weight")?,
        details,
    })
}

fn or_zero(units: i64) -> i64 {
    if units == UNKNOWN_FEN { 0 } else { units }
}

/// Own pay and deductible, where the claims have all three.
fn own_pay(claims: &Table) -> Result<Option<Details>, Problems> {
    if ["fulamt_ownpay_amt", "preselfpay_amt", "dedc_std"].iter().any(|name| claims.column(name).is_none()) {
        return Ok(None);
    }
    Ok(Some(Details {
        own_pay_fen: units(claims, "fulamt_ownpay_amt")?,
        first_own_pay_fen: units(claims, "preselfpay_amt")?,
        deductible_fen: units(claims, "dedc_std")?,
    }))
}

/// What the institutions of the month before left to be carried on.
fn carried(institutions: &Table) -> Result<Vec<Carried>, Problems> {
    let (codes, types) = (words(institutions, "fixmedins_code")?, words(institutions, "insutype")?);
    let left = units(institutions, "carried_out")?.into_iter().map(or_zero).enumerate();
    let left = left.filter(|(_, fen)| *fen != 0).map(|(row, fen)| Carried {
        institution: codes.get(row).to_owned(),
        insutype: types.get(row).to_owned(),
        fen,
    });
    Ok(left.collect())
}

/// A column of texts.
fn words<'t>(table: &'t Table, name: &str) -> Result<Cow<'t, Dictionary>, Problem> {
    match table.column(name) {
        Some(Values::Keyword(column)) => Ok(Cow::Borrowed(column)),
        Some(Values::Text(column)) => {
            let mut own = Dictionary::default();
            column.iter().for_each(|text| own.push(text));
            Ok(Cow::Owned(own))
        }
        _ => Err(broken(name)),
    }
}

/// A column of amounts or decimals in its own units, [`UNKNOWN_FEN`] where there is none.
fn units(table: &Table, name: &str) -> Result<Vec<i64>, Problem> {
    match table.column(name) {
        Some(Values::Money(column) | Values::Int(column)) => {
            Ok(column.iter().map(|units| units.unwrap_or(UNKNOWN_FEN)).collect())
        }
        Some(Values::Decimal { units, .. }) => {
            let small = |units: &Option<i128>| units.map_or(Ok(UNKNOWN_FEN), i64::try_from);
            units.iter().map(small).collect::<Result<_, _>>().map_err(|_| broken(name))
        }
        // A column without values has no type.
        Some(values) if values.is_empty() => Ok(Vec::new()),
        _ => Err(broken(name)),
    }
}

fn broken(what: &str) -> Problem {
    Problem::new(&BROKEN_FILE).file("batch").with("reason", what)
}
