//! The invented city of the demonstration year: 120 institutions in five counties, with budgets that fit its claims.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::money::{Fen, Rounding, div_round_i64};
use crate::table::{Table, Values};

const YEAR: &str = "2026";

/// County code, its name, its consortium, and what its total is of the fund its members spend, in percent.
const COUNTIES: [(&str, &str, &str, i64); 5] = [
    ("990101", "城关区", "演示城市医疗集团", 103),
    ("990102", "东河县", "演示东河县医共体", 97),
    ("990103", "南山县", "演示南山县医共体", 108),
    ("990104", "西岭县", "演示西岭县医共体", 102),
    ("990105", "北原县", "演示北原县医共体", 88),
];
const INSTITUTIONS_A_COUNTY: u32 = 24;
/// What is spent by the fund for care elsewhere, in percent of a consortium's total.
const OUTSIDE_PERCENT: i64 = 2;

/// `institutions.csv`. In each county two hospitals of the highest level it has, six of the next, fourteen township
/// hospitals, and two private ones that belong to no consortium.
pub(super) fn institutions() -> String {
    let mut text = "fixmedins_code,fixmedins_name,hosp_lv,county,consortium\n".to_owned();
    for (code, county, consortium, _) in COUNTIES {
        let urban = code == COUNTIES[0].0;
        for number in 1..=INSTITUTIONS_A_COUNTY {
            let (level, kind, name) = match (number, urban) {
                (1..=2, true) => ("三级", "医院", consortium),
                (1..=2, false) | (3..=8, true) => ("二级", "医院", consortium),
                (3..=8, false) => ("二级", "中心医院", consortium),
                (9..=22, _) => ("一级", "卫生院", consortium),
                _ => ("二级", "民营医院", ""),
            };
            writeln!(text, "H{code}{:05},演示{county}第{number}{kind},{level},演示{county},{name}", 100 + number)
                .expect("Invariant: a text takes what is written to it");
        }
    }
    text
}

/// `scores.csv`: a score of 58 to 99 each.
pub(super) fn scores() -> String {
    let mut text = "subject,score,snapshot\n".to_owned();
    for (at, line) in (0u32..).zip(institutions().lines().skip(1)) {
        let code = line.split(',').next().unwrap_or_default();
        let score = 58 + at * 17 % 42;
        writeln!(text, "{code},{score},{YEAR}").expect("Invariant: a text takes what is written to it");
    }
    text
}

/// What the fund paid by item, by pool and consortium, in fen.
#[derive(Default)]
pub(super) struct Spent {
    by_pool: BTreeMap<String, i64>,
    by_consortium: BTreeMap<(String, String), i64>,
}

impl Spent {
    /// Adds a month's claims. Nothing here is checked: it only gives the budgets their size.
    pub(super) fn add(&mut self, claims: &Table) {
        let (Some(Values::Keyword(codes)), Some(Values::Keyword(types)), Some(Values::Money(fund))) =
            (claims.column("fixmedins_code"), claims.column("insutype"), claims.column("hifp_pay"))
        else {
            return;
        };
        for (row, fen) in fund.iter().enumerate().filter_map(|(row, fen)| Some((row, (*fen)?))) {
            let pool = types.get(row);
            if !["310", "390"].contains(&pool) || fen < 0 {
                continue;
            }
            let of_pool = self.by_pool.entry(pool.to_owned()).or_default();
            *of_pool = of_pool.saturating_add(fen);
            let code = codes.get(row);
            let number: u32 = code.get(7..).and_then(|number| number.parse().ok()).unwrap_or_default();
            let county = COUNTIES.iter().find(|(county, ..)| code.get(1..7) == Some(county));
            if let (Some((_, _, consortium, _)), 101..=122) = (county, number) {
                let own = self.by_consortium.entry(((*consortium).to_owned(), pool.to_owned())).or_default();
                *own = own.saturating_add(fen);
            }
        }
    }

    /// `budgets.csv`: the year's budget of each pool, and each consortium's total.
    pub(super) fn budgets(&self) -> String {
        let mut text = "period,pool,consortium,fund_budget\n".to_owned();
        for (pool, fen) in &self.by_pool {
            writeln!(text, "{YEAR},{pool},,{}", Fen(*fen)).expect("Invariant: a text takes what is written to it");
        }
        for ((consortium, pool), total) in self.totals() {
            writeln!(text, "{YEAR},{pool},{consortium},{total}")
                .expect("Invariant: a text takes what is written to it");
        }
        text
    }

    /// `outside.csv`: care outside the area of each consortium.
    pub(super) fn outside(&self) -> String {
        let mut text = "consortium,pool,amount\n".to_owned();
        for ((consortium, pool), total) in self.totals() {
            let amount = percent(total.0, OUTSIDE_PERCENT);
            writeln!(text, "{consortium},{pool},{amount}").expect("Invariant: a text takes what is written to it");
        }
        text
    }

    fn totals(&self) -> impl Iterator<Item = (&(String, String), Fen)> {
        self.by_consortium.iter().map(|(key, fen)| {
            let share = COUNTIES.iter().find(|(_, _, consortium, _)| *consortium == key.0).map_or(100, |own| own.3);
            (key, percent(*fen, share))
        })
    }
}

fn percent(fen: i64, share: i64) -> Fen {
    Fen(div_round_i64(i128::from(fen) * i128::from(share), 100, Rounding::HalfUp).unwrap_or(fen))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_counties_four_consortia_one_group() {
        let text = institutions();
        assert_eq!(text.lines().count(), 121);
        for (_, _, consortium, _) in COUNTIES {
            assert_eq!(text.lines().filter(|line| line.ends_with(consortium)).count(), 22, "{consortium}");
        }
        assert_eq!(text.lines().filter(|line| line.contains(",三级,")).count(), 2);
        assert_eq!(scores().lines().count(), 121);
    }
}
