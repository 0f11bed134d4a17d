//! Random packs: of every family any of its kinds, with figures that put claims on the edges.

use super::dice::Dice;
use super::packs_year::{consortium, year};
use crate::settlement::world::pack;

const MODES: [&str; 5] = ["half_up", "half_even", "toward_zero", "floor", "ceiling"];
const REFERENCES: [&str; 3] = ["group_mean", "payment_standard", "pool_mean"];
const FROM: [&str; 2] = ["budget", "outside"];

/// A rule under construction.
pub struct Rules {
    pub text: String,
    count: usize,
}

impl Rules {
    pub fn rule(&mut self, name: &str, kind: &str, rest: &str) {
        self.text += &format!("[rules.{name}]\nkind = \"{kind}\"\n{rest}\n");
    }

    fn another(&mut self, name: &str, kind: &str, rest: &str) {
        self.count += 1;
        let name = format!("{name}_{}", self.count);
        self.rule(&name, kind, rest);
    }
}

/// A pack for months and years.
pub fn random(dice: &mut Dice) -> String {
    packed(dice, true)
}

/// A pack whose cases are priced by their group and institution alone.
pub fn plain(dice: &mut Dice) -> String {
    packed(dice, false)
}

fn packed(dice: &mut Dice, all: bool) -> String {
    let mut rules = Rules { text: String::new(), count: 0 };
    let by_rate = dice.one_in(4);
    basics(dice, &mut rules, by_rate);
    let columns = coefficients(dice, &mut rules);
    lines(dice, &mut rules);
    outliers(dice, &mut rules);
    ungrouped(dice, &mut rules);
    let families: [fn(&mut Dice, &mut Rules); 3] = [specials, adjust, linked];
    families.iter().filter(|_| all).for_each(|family| family(dice, &mut rules));
    money(dice, &mut rules, by_rate);
    if all {
        year(dice, &mut rules);
        consortium(dice, &mut rules);
    }
    pack(&weights(dice, columns), &rules.text)
}

fn weights(dice: &mut Dice, columns: bool) -> String {
    let unit = dice.pick(&["weight", "base_points"]);
    let with_mean = dice.below(2) == 0;
    let mut rows = String::new();
    for (at, drg) in ["ES31", "ES35", "BB13", "RE15"].iter().enumerate() {
        let weight = ["1.5", "1", "0.4527", "2.999999", "5", "0.333333"][(dice.below(6) + at) % 6];
        let mean = ["12000", "8000", "3100.07", "9999.99"][(dice.below(4) + at) % 4];
        let mean = if with_mean { format!(", mean = {mean}") } else { String::new() };
        let c = if columns { ", c = 1.0342, d = 0.7697" } else { "" };
        // Columns of lines; one group has none.
        let lines = if *drg == "RE15" { "" } else { ", l = 0.32, l2 = 0.4, k = 2.25" };
        rows += &format!("  {{ drg = \"{drg}\", weight = {weight}{mean}{c}{lines} }},\n");
    }
    let mean = if with_mean { "mean_cost = \"mean\"\n" } else { "" };
    format!("table = [\n{rows}]\nunit = \"{unit}\"\n{mean}")
}

fn basics(dice: &mut Dice, rules: &mut Rules, by_rate: bool) {
    let digits = format!(
        "points_digits = {}\npoints = \"{}\"\npoint_value_digits = {}\npoint_value = \"{}\"\nmoney = \"{}\"",
        [4, 2, 0, 3][dice.below(4)],
        dice.pick(&MODES),
        [4, 2, 6, 0][dice.below(4)],
        dice.pick(&MODES),
        dice.pick(&MODES),
    );
    rules.rule("rounding", "rounding.digits", &digits);
    let scale = [100, 1, 1000, 7][dice.below(4)];
    if by_rate {
        let due = dice.pick(&["gross", "fund", "case"]);
        let share = if due == "case" { "fund_share = 0.83\n" } else { "" };
        let rates = "rates = { \"310\" = 9575.25, \"*\" = 8000 }";
        rules.rule("method", "method.rate", &format!("{rates}\ndue = \"{due}\"\nscale = {scale}\n{share}"));
    } else {
        rules.rule("method", "method.points", &format!("scale = {scale}"));
    }
    let scope = format!(
        "date = \"{}\"\nearlier = \"{}\"\nout_of_area = \"{}\"\nlocal_places = [\"511900\"]\n{}{}",
        dice.pick(&["settlement", "discharge"]),
        dice.pick(&["include", "include", "exclude"]),
        dice.pick(&["include", "include", "exclude"]),
        dice.pick(&["", "min_days = 1\nmax_days = 60\n", "min_days = 2\n"]),
        dice.pick(&["", "min_total = 4000\n", "med_types = [\"21\", \"28\"]\n"]),
    );
    rules.rule("scope", "scope.inpatient", &scope);
    let pools = [
        ("pools.by_insurance_type", "types = [\"310\", \"390\"]\nothers = \"exclude\""),
        ("pools.by_insurance_type", "types = [\"310\", \"390\", \"392\"]"),
        ("pools.merged", "pools = { \"310\" = [\"310\", \"392\"], \"390\" = [\"390\"] }"),
        ("pools.merged", "pools = { \"310\" = [\"310\", \"390\", \"392\"], \"390\" = [\"999\"] }"),
    ][dice.below(4)];
    rules.rule("pools", pools.0, pools.1);
    rules.rule("missing_weight", dice.pick(&["missing_weight.exclude", "missing_weight.as_ungrouped"]), "");
    let means = ["values = { \"310\" = 8000, \"*\" = 9999.99 }", ""];
    let at = dice.below(2);
    rules.rule("pool_mean", ["pool_mean.fixed", "pool_mean.current"][at], means[at]);
}

fn coefficients(dice: &mut Dice, rules: &mut Rules) -> bool {
    let register = "table = [
  { fixmedins_code = \"H1\", hosp_lv = \"三级\", consortium = \"甲\", coefficient = 1.1, valid_to = 2026-03-10 },
  { fixmedins_code = \"H1\", hosp_lv = \"二级\", valid_from = 2026-03-11 },
  { fixmedins_code = \"H2\", hosp_lv = \"二级\", consortium = \"甲\", coefficient = 0.85 },
  { fixmedins_code = \"H3\", hosp_lv = \"一级\", consortium = \"甲\" },
  { fixmedins_code = \"H4\", hosp_lv = \"二级\", consortium = \"乙\" },
]";
    match dice.below(3) {
        0 => rules.rule("institutions", "institutions.register", register),
        1 => rules.rule(
            "institutions",
            "institutions.register",
            &register.replace(", valid_to = 2026-03-10", ", valid_to = 2026-03-14").replace("2026-03-11", "2026-03-15"),
        ),
        _ => rules.rule("institutions", "institutions.from_claims", "levels = { \"一级\" = \"二级\" }"),
    }
    let columns = dice.one_in(3);
    let named = if columns { "columns = { \"三级\" = \"c\", \"二级\" = \"d\" }\n" } else { "" };
    if dice.below(2) == 1 || columns {
        rules.rule(
            "level",
            "coefficient.level",
            &format!("{named}levels = {{ \"三级\" = 1.05, \"二级\" = 0.93 }}\ndefault = 0.85"),
        );
    }
    if dice.one_in(3) {
        rules.rule("own", "coefficient.institution", "default = 0.999999");
    }
    if dice.one_in(3) {
        let table = "table = [{ drg = \"ES31\", fixmedins_code = \"H1\", coefficient = 1.25 }]\ndefault = 1";
        rules.rule("cost_coefficient", "coefficient.drg_institution", table);
    }
    if dice.one_in(3) {
        rules.rule("fixed", "coefficient.fixed", "value = 0.9");
    }
    if dice.one_in(3) {
        rules.rule(
            "same",
            "same_price.groups",
            dice.pick(&["drgs = [\"ES35\"]\nlevels = [\"二级\"]", "drgs = [\"ES31\"]"]),
        );
    }
    columns
}

fn lines(dice: &mut Dice, rules: &mut Rules) {
    for (family, options) in [
        (
            "low_line",
            [
                "ratio = 0.35",
                "bands = [{ below = 1, ratio = 0.4 }, { below = 3, ratio = 0.35 }, { ratio = 0.315 }]",
                "levels = { \"三级\" = 0.4, \"二级\" = 0.35, \"一级\" = 0.315 }",
                "bands = [{ level = \"三级\", below = 1, ratio = 0.4 }, { level = \"三级\", ratio = 0.35 }, \
                    { below = 3, ratio = 0.315 }, { ratio = 0.4 }]",
                "table = [{ drg = \"ES31\", ratio = 0.4 }, { drg = \"ES31\", level = \"三级\", ratio = 0.35 }]\n\
                    others = \"bands\"\nbands = [{ level = \"二级\", ratio = 0.4 }, { ratio = 0.315 }]",
                "column = \"l\"\ncolumns = { \"三级\" = \"l2\" }\nothers = \"no_line\"",
            ],
        ),
        (
            "high_line",
            [
                "ratio = 2",
                "bands = [{ below = 1.5, ratio = 3 }, { below = 3, ratio = 2.5 }, { ratio = 1.3 }]",
                "levels = { \"三级\" = 3, \"二级\" = 2, \"一级\" = 1.5 }",
                "bands = [{ level = \"二级\", below = 1.5, ratio = 3 }, { level = \"二级\", ratio = 2.5 }, { ratio = 2 }]",
                "table = [{ drg = \"ES35\", ratio = 2.5 }, { drg = \"BB13\", level = \"二级\", ratio = 1.5 }]\n\
                    column = \"k\"\nothers = \"bands\"\nbands = [{ below = 2, ratio = 3 }, { ratio = 1.3 }]",
                "table = [{ drg = \"ES31\", level = \"三级\", ratio = 2 }]\nothers = \"no_line\"",
            ],
        ),
    ] {
        let at = dice.below(7);
        if at == 6 {
            rules.rule(family, &format!("{family}.none"), "");
            continue;
        }
        let kind =
            format!("{family}.{}", ["flat", "by_weight", "by_level", "by_level_weight", "by_group", "by_group"][at]);
        let lower = if family == "low_line" && dice.one_in(3) { "lower_of = true\n" } else { "" };
        let equal = dice.pick(&["normal", "outlier"]);
        let reference = dice.pick(&REFERENCES);
        rules.rule(
            family,
            &kind,
            &format!("{}\nequal = \"{equal}\"\nreference = \"{reference}\"\n{lower}", options[at]),
        );
    }
}

fn outliers(dice: &mut Dice, rules: &mut Rules) {
    let from = format!("from = \"{}\"", dice.pick(&FROM));
    let share = format!("share = {}", dice.pick(&["1", "0.7", "0.333333"]));
    let flag = format!("coefficient = {}", dice.pick(&["true", "false"]));
    let (kind, rest) = [
        ("as_normal", String::new()),
        ("cost", from.clone()),
        ("pool_ratio", share.clone()),
        ("stay_ratio", flag.clone()),
        ("review", String::new()),
    ][dice.below(5)]
    .clone();
    rules.rule("low_case", &format!("low_case.{kind}"), &rest);
    let (kind, rest) = [
        ("as_normal", String::new()),
        ("linear_add", format!("{share}\n{flag}")),
        ("excess_points", format!("{share}\n{flag}")),
        ("deduct", String::new()),
        ("cap", String::new()),
        ("excess_cost", format!("{share}\n{from}")),
        ("cost", from),
        ("review", String::new()),
    ][dice.below(8)]
    .clone();
    rules.rule("high_case", &format!("high_case.{kind}"), &rest);
}

fn ungrouped(dice: &mut Dice, rules: &mut Rules) {
    for (name, statuses) in [
        ("ungrouped", "\"ungroupable\", \"ambiguous\""),
        ("uncorrected", "\"invalid\", \"dx_unmapped\", \"proc_unmapped\""),
    ] {
        let (kind, rest) = [
            ("pool_ratio", "share = 0.7".to_owned()),
            ("cost", format!("share = 0.9\nfrom = \"{}\"", dice.pick(&FROM))),
            ("unpaid", String::new()),
        ][dice.below(3)]
        .clone();
        rules.rule(name, &format!("ungrouped.{kind}"), &format!("statuses = [{statuses}]\n{rest}"));
    }
}

fn when(dice: &mut Dice) -> &'static str {
    dice.pick(&[
        "departments = [\"A15\"]",
        "med_types = [\"28\"], adrgs = [\"ES3\"]",
        "drgs = [\"ES31\", \"BB13\"]",
        "mdcs = [\"MDCE\"], days_from = 2, days_to = 30",
        "diagnoses = [\"M\"], levels = [\"二级\"]",
        "procedure_classes = [[\"38\"], [\"17\"], [\"35\"]], procedure_classes_from = 2",
        "procedure_classes = [[\"38\", \"35\"], [\"17\", \"35\"]]",
        "procedures = [\"17.4\", \"35\"]",
        "discharge_ways = [\"4\"], institutions = [\"H1\", \"H2\"]",
        "age_from = 7, age_to = 80",
        "age_days_to = 28",
        "birth_weight_below = 2500",
        "insutypes = [\"390\", \"392\"], admission_weight_below = 1500",
        "any_diagnoses = [\"Z51\", \"E11\"], icu = true",
        "icu = false, any_diagnoses = [\"J96.0\"]",
        "icu_hours_from = 24",
        "vent_hours_from = 96",
        "insutypes = [\"310\"], settled_from = 2026-03-12, settled_to = 2026-03-18",
        "discharged_from = 2026-03-10, discharged_to = 2026-03-15",
    ])
}

fn specials(dice: &mut Dice, rules: &mut Rules) {
    for order in 1..=dice.below(4) {
        let when = when(dice);
        let from = dice.pick(&FROM);
        let bands = dice.pick(&["", "bands = [{ to = 30, share = 1 }, { to = 60, share = 0.8 }, { share = 0.5 }]\n"]);
        let daily = dice.pick(&["daily = 3.25\n", "daily = 2.8\ndaily_by_level = { \"三级\" = 3.1 }\n"]);
        let share = dice.pick(&["share = 1\n", "share = 0.9\n", "share = 0.333333\n"]);
        let (kind, rest) = [
            ("exclude", String::new()),
            ("per_diem_points", format!("{daily}{bands}")),
            ("per_diem_amount", format!("{daily}{bands}from = \"{from}\"\n")),
            ("day_surgery", format!("{share}coefficient = {}\n", dice.pick(&["true", "false"]))),
            (
                "unstable",
                format!(
                    "{share}pay = \"{}\"\nfrom = \"{from}\"\n",
                    dice.pick(&["as_normal", "pool_ratio", "cost", "review"])
                ),
            ),
            ("new_technology", format!("{share}from = \"{from}\"\n")),
            ("tcm_advantage", "weight = 1.1\ngate = 0.6\nfallback = \"ES35\"\n".to_owned()),
            ("cost", format!("{share}from = \"{from}\"\n")),
        ][dice.below(8)]
        .clone();
        rules.another(
            "special",
            &format!("special.{kind}"),
            &format!(
                "when = {{ {when} }}\norder = {order}\n\
            {rest}"
            ),
        );
    }
}

fn adjust(dice: &mut Dice, rules: &mut Rules) {
    const KINDS: [&str; 3] = [
        "",
        "kinds = [\"normal\", \"low\", \"high\", \"ungrouped\", \"tcm\"]\n",
        "kinds = [\"day_surgery\", \"per_diem\", \"unstable\", \"normal\"]\n",
    ];
    for order in 1..=dice.below(4) {
        let when = when(dice);
        let last = dice.pick(&["", "last = true\n"]);
        let kinds = KINDS[dice.below(3)];
        let (kind, rest) =
            [("uplift", "factor = 1.1"), ("extra_points", "points = 12.3457"), ("uplift", "factor = 0.333333")]
                [dice.below(3)];
        rules.another(
            "adjust",
            &format!("adjust.{kind}"),
            &format!("when = {{ {when} }}\norder = {order}\n{last}{kinds}{rest}"),
        );
    }
}

fn linked(dice: &mut Dice, rules: &mut Rules) {
    if dice.below(2) == 1 {
        let rest = format!(
            "days = {}\nsame = \"{}\"\nplace = \"{}\"\nreduces = \"{}\"\nshare = 0.5\n\
                exempt = [{{ diagnoses = [\"Z51\"] }}]",
            [15, 5, 40][dice.below(3)],
            dice.pick(&["any", "drg", "adrg", "mdc"]),
            dice.pick(&["anywhere", "institution", "consortium"]),
            dice.pick(&["earlier", "later"]),
        );
        rules.rule("again", "readmission.within", &rest);
    }
    if dice.one_in(3) {
        let rest = format!(
            "days = {}\nways = [\"2\"]\ncounts = \"{}\"",
            [5, 0, 30][dice.below(3)],
            dice.pick(&["highest", "first", "last"])
        );
        rules.rule("moved", "transfer.count_once", &rest);
    }
    if dice.one_in(3) {
        let row = |id: &str| {
            format!(
                "{{ setl_id = \"{id}\", reviewer_1 = \"甲\", institution_1 = \"H8\", amount_1 = 20000.05, \
                    reviewer_2 = \"乙\", institution_2 = \"H9\", amount_2 = 20000.05 }}"
            )
        };
        let rest = format!(
            "share = 1\npay = \"{}\"\nfrom = \"{}\"\ntable = [{}, {}]",
            dice.pick(&["amount", "points"]),
            dice.pick(&FROM),
            row("2026-03-000"),
            row("2026-03-002")
        );
        rules.rule("reviewed", "special_review.quota", &rest);
    }
}

fn money(dice: &mut Dice, rules: &mut Rules, by_rate: bool) {
    let yearly = "table = [{ period = \"2026\", pool = \"310\", fund_budget = 1200000.07 }, \
        { period = \"2026\", pool = \"390\", fund_budget = 700000 }, \
        { period = \"2026\", pool = \"392\", fund_budget = 100000 }, \
        { period = \"2026\", pool = \"310\", consortium = \"甲\", fund_budget = 500000.01 }]";
    // Merged pools are named like types, and a pool that is not there must not be named.
    let named_392 = rules.text.contains("types = [\"310\", \"390\", \"392\"]");
    let yearly = if named_392 {
        yearly.to_owned()
    } else {
        yearly.replace("{ period = \"2026\", pool = \"392\", fund_budget = 100000 }, ", "")
    };
    match dice.below(3) {
        0 => rules.rule("budget", "budget.table", &yearly),
        1 => rules.rule(
            "budget",
            "budget.table",
            &format!("{yearly}\nmonth_weights = [9, 8, 7, 10, 9, 9, 9, 9, 9, 9, 9, 3]"),
        ),
        _ => rules.rule("budget", "budget.as_paid", ""),
    }
    for order in 1..=dice.below(3) {
        let to = dice.pick(&["reserve", "spent"]);
        let (kind, rest) = [
            ("share", "share = 0.05\nof = \"rest\""),
            ("amount", "amounts = { \"310\" = 2500.01, \"*\" = 1000 }"),
            ("share", "share = 0.033333\nof = \"budget\""),
        ][dice.below(3)];
        rules.another("deduction", &format!("deduction.{kind}"), &format!("order = {order}\nto = \"{to}\"\n{rest}"));
    }
    if !by_rate {
        let (kind, rest) = [
            ("gross", ""),
            ("fund", ""),
            ("fixed", "values = { \"310\" = 95.1234, \"*\" = 88 }\ndue = \"gross\""),
            ("fixed", "values = { \"*\" = 88.000001 }\ndue = \"fund\""),
        ][dice.below(4)];
        rules.rule("point_value", &format!("point_value.{kind}"), rest);
        if dice.below(2) == 1 {
            let bounds = dice.pick(&["floor = 0.9\nceiling = 1.1", "floor = 0.95", "ceiling = 1.000001"]);
            rules.rule(
                "point_value_limit",
                "point_value_limit.band",
                &format!("reference = {{ \"310\" = 96.123456, \"*\" = 100 }}\n{bounds}"),
            );
        }
    }
    let by_level = rules.text.contains("institutions.register");
    let shares = match by_level {
        true => {
            "table = [{ fixmedins_code = \"H1\", share = 0.9 }, { fixmedins_code = \"H1\", level = \"二级\", \
                share = 0.85 }, { level = \"二级\", share = 0.333333 }, { share = 0.03 }]"
        }
        false => "table = [{ fixmedins_code = \"H2\", share = 0.85 }, { share = 0.95 }]",
    };
    match dice.one_in(3) {
        true => rules.rule("prepay", "prepay.table", shares),
        false => {
            let share = dice.pick(&["1", "0.95", "0.333333"]);
            rules.rule("prepay", "prepay.share", &format!("share = {share}"));
        }
    }
    if dice.one_in(3) {
        let of = dice.pick(&["prepaid", "due"]);
        rules.rule("deposit", "deposit.table", &format!("{shares}\nof = \"{of}\""));
    } else if dice.below(2) == 1 {
        rules.rule("deposit", "deposit.share", &format!("share = 0.05\nof = \"{}\"", dice.pick(&["prepaid", "due"])));
    }
}
