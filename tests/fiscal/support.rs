//! The Bazhong floors, and short ways to write accounts.

use dianzhi::fiscal::{Figure, FloorLine, Policy, Standing, Year, check, compile};
use dianzhi::money::Fen;
use dianzhi::policy::{MemoryFiles, Patch, open};

pub const fn yuan(yuan: i64) -> Fen {
    Fen(yuan * 100)
}

/// The Bazhong pack with parameters changed, `("B14-2.bound", "exact")`.
pub fn policy(parameters: &[(&str, &str)]) -> Policy {
    let patches: Vec<Patch> =
        parameters.iter().map(|(name, value)| Patch::new(&format!("rules.{name}"), value)).collect();
    let bundle = open(&["seeds:bazhong_fiscal.toml".to_owned()], &MemoryFiles::default()).unwrap();
    compile(&bundle.fiscal(&patches).unwrap()).unwrap().0
}

/// Accounts of a government and year; amounts in yuan with up to two decimals, rates and counts as they are.
pub fn year(government: &str, year: i32, figures: &[(&str, &str)]) -> Year {
    const NUMBERS: [&str; 3] = ["growth_index", "posts", "platform_share"];
    let figure = |(code, text): &(&str, &str)| {
        let figure = match NUMBERS.contains(code) {
            true => Figure::Number(text.parse().unwrap()),
            false => Figure::Money(text.parse().unwrap()),
        };
        ((*code).to_owned(), figure)
    };
    Year { government: government.to_owned(), year, figures: figures.iter().map(figure).collect() }
}

/// The line of a floor.
pub fn line(policy: &Policy, years: &[Year], government: &str, at: i32, floor: &str) -> FloorLine {
    let lines = check(policy, years).unwrap();
    lines.into_iter().find(|l| l.government == government && l.year == at && l.floor == floor).unwrap()
}

/// Standing, required, gap and cost of a floor of 通江县 in 2025.
pub fn county(policy: &Policy, floor: &str, figures: &[(&str, &str)]) -> (Standing, Option<Fen>, Fen, Fen) {
    let line = line(policy, &[year("通江县", 2025, figures)], "通江县", 2025, floor);
    (line.standing, line.required, line.gap, line.cost)
}
