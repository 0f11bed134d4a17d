//! 4,000 cases priced by Python's decimal and fractions (`make_golden.py`).

use std::collections::BTreeMap;
use std::fmt::Write;

use dianzhi::money::Fen;
use dianzhi::table::cell::decimal;

use crate::settlement::world::{World, case, compile, pack};

type Row = BTreeMap<String, String>;

fn rows() -> Vec<Row> {
    let path = dianzhi_tests::root().join("tests/worked/golden.csv");
    csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect()
}

/// One pack a block of forty cases, one group a case.
fn rules(block: &[&Row]) -> (String, String) {
    let first = block[0];
    let low_case = match first["low_case"].as_str() {
        "stay_ratio_f" => "stay_ratio\"\ncoefficient = true".to_owned(),
        "stay_ratio" => "stay_ratio\"\ncoefficient = false".to_owned(),
        other => format!("{other}\""),
    };
    let high_case = match first["high_case"].as_str() {
        "linear_add_f" => "linear_add\"\ncoefficient = true".to_owned(),
        "excess_cost" => "excess_cost\"\nshare = 0.7".to_owned(),
        other => format!("{other}\""),
    };
    let mut weights = String::from("mean_cost = \"mean\"\ntable = [\n");
    for (at, row) in block.iter().enumerate() {
        let (weight, mean, f) = (&row["weight"], &row["mean"], &row["coefficient"]);
        writeln!(weights, "{{ drg = \"G{at}\", weight = {weight}, mean = {mean}, f = {f} }},").unwrap();
    }
    weights.push(']');
    let (mode, digits) = (&first["mode"], &first["digits"]);
    let rules = format!(
        "[rules.rounding]\nkind = \"rounding.digits\"\npoints_digits = {digits}\npoints = \"{mode}\"\n\
             money = \"{mode}\"\n\
         [rules.method]\nkind = \"method.points\"\nscale = {}\n\
         [rules.pool_mean]\nkind = \"pool_mean.fixed\"\nvalues = {{ \"*\" = {} }}\n\
         [rules.level]\nkind = \"coefficient.level\"\ncolumns = {{ \"三级\" = \"f\" }}\n\
         [rules.low_line]\nkind = \"low_line.flat\"\nratio = {}\nequal = \"normal\"\n\
         [rules.high_line]\nkind = \"high_line.flat\"\nratio = {}\nequal = \"normal\"\n\
         [rules.low_case]\nkind = \"low_case.{low_case}\n[rules.high_case]\nkind = \"high_case.{high_case}\n",
        first["scale"], first["pool_mean"], first["low"], first["high"]
    );
    (weights, rules)
}

#[test]
fn agrees_with_python_to_the_last_digit() {
    let rows = rows();
    let mut blocks: BTreeMap<u32, Vec<&Row>> = BTreeMap::new();
    rows.iter().for_each(|row| blocks.entry(row["block"].parse().unwrap()).or_default().push(row));
    let mut compared = 0;
    for block in blocks.values() {
        let (weights, rules) = rules(block);
        let set = compile(&pack(&weights, &rules));
        let cases: Vec<_> = block.iter().enumerate().map(|(at, row)| case(&format!("G{at}"), &row["cost"])).collect();
        let priced = World::new(&cases).price(&set, None).unwrap();
        for (at, row) in block.iter().enumerate() {
            assert_eq!(priced.case_kind[at].code(), row["kind"], "{row:?}");
            assert_eq!(decimal(priced.points_e4[at].into(), 4), row["points"], "{row:?}");
            assert_eq!(Fen(priced.amount_fen[at]).to_string(), row["amount"], "{row:?}");
            compared += 1;
        }
    }
    assert_eq!(compared, 4_000);
}
