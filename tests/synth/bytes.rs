//! The same seed gives the same bytes.

use dianzhi::frame::write_table;
use dianzhi::synth::{Order, Period};

use super::{demo, order};

fn bytes(order: &Order, threads: usize, name: &str) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| write_table(&path, &demo(order).table)).unwrap();
    std::fs::read(path).unwrap()
}

#[test]
fn of_any_number_of_threads() {
    for name in ["claims.csv", "claims.parquet"] {
        let one = bytes(&order(10_000, 5), 1, name);
        assert!(one == bytes(&order(10_000, 5), 3, name), "{name}: threads");
        assert!(one != bytes(&order(10_000, 6), 3, name), "{name}: seed");
    }
}

#[test]
fn a_smaller_number_is_the_beginning_of_a_larger_one() {
    let (few, many) = (bytes(&order(3_000, 5), 2, "claims.csv"), bytes(&order(9_000, 5), 2, "claims.csv"));
    assert!(many.starts_with(&few));
}

#[test]
fn months_have_nothing_in_common() {
    let april = Order { period: Period::parse("2026-04", None).unwrap(), ..order(500, 5) };
    let text = |order: &Order| String::from_utf8(bytes(order, 1, "claims.csv")).unwrap();
    let codes = |text: &str| text.lines().skip(1).map(|line| line.split(',').nth(19).unwrap().to_owned()).collect();
    let (march, april) = (text(&order(500, 5)), text(&april));
    let (march, april): (Vec<String>, Vec<String>) = (codes(&march), codes(&april));
    assert!(march.iter().zip(&april).filter(|(a, b)| a == b).count() < 50);
}

/// Pins the values themselves, so that a change of the generator or another machine is noticed.
#[test]
fn the_first_rows() {
    insta::assert_snapshot!(
        String::from_utf8(bytes(&order(12, 1), 1, "claims.csv")).unwrap().trim_start_matches('\u{FEFF}')
    );
}
