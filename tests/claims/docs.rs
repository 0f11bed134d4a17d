//! `docs/claims.md` says what the program does.

use dianzhi::claims::{Field, Mapping, ReadOptions};
use dianzhi::problem::{Entry, catalogue};
use dianzhi_tests::root;

use super::{Folder, read_file};

fn page() -> String {
    std::fs::read_to_string(root().join("docs/claims.md")).unwrap()
}

/// The first block of the page fenced with this word.
fn block(fence: &str) -> String {
    let page = page();
    let start = page.find(&format!("{fence}\n")).unwrap() + fence.len() + 1;
    page[start..].split("```").next().unwrap().to_owned()
}

#[test]
fn every_code_and_every_field_is_on_the_page() {
    let page = page();
    // What a command says of its own arguments is no matter of reading.
    let of_reading = |entry: &&&Entry| **entry != &catalogue::claims::NO_SUCH_CLAIM;
    let known = catalogue::claims::ALL.iter().filter(of_reading).map(|entry| entry.code);
    assert_eq!(known.filter(|code| !page.contains(code)).collect::<Vec<_>>(), [""; 0]);
    let missing: Vec<&str> =
        Field::ALL.iter().map(|field| field.name()).filter(|name| !page.contains(&format!("`{name}`"))).collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn the_mapping_of_the_page_is_valid() {
    let mapping = Mapping::parse(&block("```toml"), "docs/claims.md").unwrap();
    assert_eq!(mapping.separator.codes, ";");
    assert_eq!(mapping.sums[&Field::PsnPay], ["acct_pay", "psn_cashpay"]);
}

#[test]
fn the_example_of_the_page_comes_out_as_it_says() {
    let page = page();
    let example = page.split("## Example\n\n```\n").nth(1).unwrap().split("```").next().unwrap();
    let folder = Folder::new();
    let read = read_file(&folder.write("claims.csv", example), &ReadOptions::default()).unwrap();
    assert_eq!(read.accepted(), ["S1", "S2"]);
    let wanted = [(4, "C011", "age"), (4, "C019", "dscg_time"), (4, "C016", "medfee_sumamt")];
    assert_eq!(read.reasons(), wanted);
    assert_eq!(read.report.normalised.get(&Field::DiagCodes), Some(&1));
}
