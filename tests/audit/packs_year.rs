//! The rules of a year in random packs: sharing, deposits, penalties, reserve, consortia.

use super::dice::Dice;
use super::packs::Rules;

const SLICES: [&str; 4] = [
    "{ share = 1 }",
    "{ to = 0.05, share = 1 }, { to = 0.15, share = 0.5 }",
    "{ to = 0.1, share = 0.6 }, { share = 0.333333 }",
    "{ share = 0 }",
];

pub fn year(dice: &mut Dice, rules: &mut Rules) {
    if dice.below(2) == 1 {
        let rest = format!(
            "subject = \"institution\"\nsurplus = [{}]\noverrun = [{}]\nmode = \"{}\"\nedge = \"{}\"",
            SLICES[dice.below(4)],
            SLICES[dice.below(4)],
            dice.pick(&["marginal", "whole"]),
            dice.pick(&["lower", "upper"]),
        );
        // Two halves of the institutions, by level or by name, or all of them.
        match dice.below(3) {
            0 if rules.text.contains("institutions.register") => {
                rules.rule("shared", "sharing.bands", &format!("{rest}\nlevels = [\"二级\", \"三级\"]"));
                let other = "subject = \"institution\"\nsurplus = [{ share = 0.3 }]\noverrun = [{ share = 0.25 }]\n\
                    mode = \"whole\"\nedge = \"upper\"\nlevels = [\"一级\"]";
                rules.rule("shared_low", "sharing.bands", other);
            }
            1 => {
                let gate = "gate = \"g\"\ngates = [{ subject = \"H1\", gate = \"g\", met = true }, \
                    { subject = \"H2\", gate = \"g\", met = false }]\n";
                rules.rule("shared", "sharing.bands", &format!("{rest}\n{gate}"));
                let other = "subject = \"institution\"\nsurplus = [{ share = 0.3 }]\noverrun = [{ share = 0.25 }]\n\
                    mode = \"whole\"\nedge = \"upper\"\nsubjects = [\"H1\", \"H2\", \"H3\"]\ngate_met = false\n";
                rules.rule("shared_rest", "sharing.bands", &format!("{other}{gate}"));
            }
            _ => rules.rule("shared", "sharing.bands", &rest),
        }
    }
    let scores = "snapshot = \"s\"\nscores = [{ subject = \"H1\", score = 85, snapshot = \"s\" }, \
        { subject = \"H2\", score = 90, snapshot = \"s\" }, { subject = \"H3\", score = 120, \
        snapshot = \"s\" }, { subject = \"H4\", score = 59.9, snapshot = \"s\" }, \
        { subject = \"H5\", score = 90, snapshot = \"s\" }]\n";
    let to = dice.pick(&["reserve", "redistribute"]);
    match dice.below(4) {
        0 => {}
        1 => rules.rule("returned", "deposit_return.full", ""),
        2 => rules.rule("returned", "deposit_return.linear", &format!("{scores}forfeited = \"{to}\"")),
        _ => rules.rule(
            "returned",
            "deposit_return.bands",
            &format!(
                "{scores}forfeited = \"{to}\"\n\
            bands = [{{ from = 60, share = 0.6 }}, {{ from = 85, share = 0.9 }}, {{ from = 90, share = 1 }}]"
            ),
        ),
    }
    if dice.below(2) == 1 {
        rules.rule(
            "penalty",
            "penalty.table",
            "table = [{ fixmedins_code = \"H2\", insutype = \"310\", \
            amount = 100.01, reason = \"a\" }, { fixmedins_code = \"H2\", insutype = \"310\", amount = 7, \
            reason = \"b\" }, { fixmedins_code = \"H3\", insutype = \"310\", amount = 50, reason = \"a\" }]",
        );
    }
    if dice.below(2) == 1 {
        rules.rule(
            "ledger",
            "reserve.ledger",
            &format!("opening = {{ \"310\" = 1000, \"*\" = 0 }}\nlimited = {}", dice.pick(&["true", "false"])),
        );
    }
}

pub fn consortium(dice: &mut Dice, rules: &mut Rules) {
    match dice.below(3) {
        0 => return,
        1 => rules.rule("total", "consortium_total.budget", ""),
        _ => rules.rule(
            "total",
            "consortium_total.per_head",
            "table = [{ consortium = \"甲\", pool = \"310\", \
            heads = 997, per_head = 20.5, risk = 1.020001, reserve = 500 }, \
            { consortium = \"甲\", pool = \"390\", heads = 1000, per_head = 12 }, \
            { consortium = \"乙\", pool = \"310\", heads = 500, per_head = 30, kept_outside = 12.34 }]",
        ),
    }
    if dice.below(2) == 1 {
        rules.rule(
            "elsewhere",
            "outside_care.table",
            "table = [{ consortium = \"甲\", pool = \"310\", \
            amount = 1234.56 }, { consortium = \"乙\", pool = \"310\", amount = -5 }]",
        );
    }
    if dice.below(2) == 1 {
        let rest = "beta = 1.5\ntarget = 0.1\nrates = [{ consortium = \"甲\", actual = 0.13 }, \
            { consortium = \"乙\", actual = 0.099999 }]\nfloor = 0.97\nceiling = 1.03";
        rules.rule("referred", "referral.linear", rest);
    }
    let gate = dice.pick(&["", "gate = \"五统一\"\ngates = [{ subject = \"甲\", gate = \"五统一\", met = true }]\n"]);
    let rest = format!(
        "subject = \"consortium\"\nsurplus = [{}]\noverrun = [{}]\nmode = \"{}\"\nedge = \"{}\"\n{gate}",
        SLICES[dice.below(4)],
        SLICES[dice.below(4)],
        dice.pick(&["marginal", "whole"]),
        dice.pick(&["lower", "upper"]),
    );
    rules.rule("shared_by", "sharing.bands", &rest);
    let mix = "points = 0.5\nscore = 0.2\npoints_score = 0.1\nfixed = 0.2\nsnapshot = \"q\"\n\
        scores = [{ subject = \"H1\", score = 80, snapshot = \"q\" }, \
        { subject = \"H2\", score = 60.5, snapshot = \"q\" }, { subject = \"H3\", score = 99, \
        snapshot = \"q\" }, { subject = \"H4\", score = 70, snapshot = \"q\" }]\n\
        weights = [{ fixmedins_code = \"H1\", weight = 3 }, { fixmedins_code = \"H2\", weight = 1.5 }, \
        { fixmedins_code = \"H3\", weight = 1 }, { fixmedins_code = \"H4\", weight = 1 }]";
    for family in ["distribution", "overrun_split"] {
        match dice.below(3) {
            0 => {}
            1 => rules.rule(family, &format!("{family}.mix"), &format!("[rules.{family}.mix]\n{mix}")),
            _ => {
                let by = dice.pick(&["", ", by = \"points_score\"", ", by = \"fixed\""]);
                let classes = format!(
                    "[rules.{family}.split]\nempty = \"others\"\nclasses = [{{ class = \"县\", share = 0.6{by} }}, \
                     {{ class = \"乡\", share = 0.3 }}, {{ class = \"村\", share = 0.1 }}]\n\
                     members = [{{ fixmedins_code = \"H1\", class = \"县\" }}, {{ fixmedins_code = \"H2\", \
                     class = \"乡\" }}, {{ fixmedins_code = \"H3\", class = \"县\" }}, \
                     {{ fixmedins_code = \"H4\", class = \"乡\" }}]\n[rules.{family}.split.mix]\n{mix}"
                );
                rules.rule(family, &format!("{family}.classes"), &classes);
            }
        }
    }
    if dice.below(2) == 1 {
        let rest = format!(
            "to = \"{}\"\nunlisted = \"{}\"\ntable = [{}, {}, {}]",
            dice.pick(&["part", "cap", "pro_rata"]),
            dice.pick(&["none", "all"]),
            approved("甲", "310", "2026", "12345.67"),
            approved("H3", "310", "2026", "1000"),
            approved("H1", "310", "2025", "99999"),
        );
        rules.rule("reasonable", "reasonable_overrun.list", &rest);
    }
}

fn approved(subject: &str, insutype: &str, year: &str, amount: &str) -> String {
    format!(
        "{{ subject = \"{subject}\", insutype = \"{insutype}\", year = \"{year}\", reason = \"a\", \
         amount = {amount}, approved_by = \"b\", document = \"c\" }}"
    )
}
