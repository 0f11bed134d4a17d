//! Scenarios over a settled year of a million claims: how many a second, by what they change.
//!
//! Wanted on two cores: 10,000 that move budgets in 30 seconds, 1,000 that move outlier lines in two minutes.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dianzhi::claims::{Claims, UNKNOWN};
use dianzhi::grouper::{Grouped, Outcome, Status};
use dianzhi::policy::{Change, MemoryFiles, Patch, open};
use dianzhi::scenario::{Base, Insurance, InsuranceInput, Point, Unit, run};
use dianzhi_benches::Random;

const CLAIMS: usize = 1_000_000;
const INSTITUTIONS: usize = 150;
const GROUPS: usize = 700;

/// A city with a budget for each pool, three levels of coefficients, and outliers on both sides.
fn pack() -> String {
    // Weights from 0.20 to 7.19.
    let weight = |group: usize| {
        let e2 = 20 + group;
        format!("{{ drg = \"G{group:03}\", weight = {}.{:02} }}", e2 / 100, e2 % 100)
    };
    let weights: Vec<String> = (0..GROUPS).map(weight).collect();
    let levels = "levels = { \"三级\" = 1.1, \"二级\" = 1, \"一级\" = 0.85 }";
    format!(
        "id = \"bench\"\ntitle = \"bench\"\nplace = \"bench\"\nvalid_from = 2020-01-01\nstatus = \"in_force\"\n\
         extends = \"base\"\n[rules.weights]\nkind = \"weights.table\"\nplaceholder = \"b\"\ntable = [{}]\n\
         [rules.budget]\nkind = \"budget.table\"\nplaceholder = \"b\"\ntable = [\
         {{ period = \"2026\", pool = \"310\", fund_budget = 4000000000 }}, \
         {{ period = \"2026\", pool = \"390\", fund_budget = 4000000000 }}]\n\
         [rules.level]\nkind = \"coefficient.level\"\nplaceholder = \"b\"\n{levels}\n\
         [rules.high_line]\nkind = \"high_line.flat\"\nratio = 2.5\nequal = \"normal\"\nplaceholder = \"b\"\n",
        weights.join(", ")
    )
}

/// Claims whose cost lies around what their weight stands for: one in twenty is an outlier on either side.
fn unit() -> Unit {
    let mut random = Random(11);
    let (mut claims, mut grouped) = (Claims::default(), Grouped::default());
    for at in 0..CLAIMS {
        let institution = random.below(INSTITUTIONS);
        let group = random.below(GROUPS.min(120 + institution * 4));
        let spread = match random.below(40) {
            0 => 10 + random.below(20),
            1 => 280 + random.below(300),
            _ => 60 + random.below(120),
        };
        let total = (20 + group as i64) * 10_000 * spread as i64 / 100 + random.below(100) as i64;
        let patient = total * 3 / 10;
        claims.stays.setl_id.push(&format!("S{at:08}"));
        claims.stays.los_days.push(1 + random.below(30) as i32);
        claims.institution.push(&format!("H{institution:03}"));
        claims.hospital_level.push(["三级", "二级", "一级"][institution % 3]);
        claims.insurance_type.push(["310", "390"][random.below(2)]);
        claims.discharged.push(20_500 + random.below(350) as i32);
        claims.settled.push(20_500 + random.below(350) as i32);
        claims.admitted.push(UNKNOWN);
        claims.total_fen.push(total);
        claims.fund_fen.push(total - patient);
        claims.patient_fen.push(patient);
        claims.other_fund_fen.push(0);
        grouped.outcomes.push(group as u16);
    }
    let outcome = |group: usize| {
        let drg = format!("G{group:03}");
        Outcome { status: Status::Grouped, mdc: "MDCG".to_owned(), adrg: drg.clone(), drg }
    };
    let period = "2026".parse().expect("a year is a period");
    Unit { period, claims, grouped, outcomes: (0..GROUPS).map(outcome).collect(), past: Vec::new() }
}

fn base() -> Base {
    let files = MemoryFiles::default().with("bench.toml", &pack());
    let bundle = open(&["bench.toml".to_owned()], &files).expect("the pack is valid");
    let input = InsuranceInput {
        period: "2026".parse().expect("a year is a period"),
        units: vec![unit()],
        bundle,
        carried: Vec::new(),
        corrections: Vec::new(),
        paid: Vec::new(),
        revisions: Vec::new(),
        booked: None,
    };
    let (insurance, _) = Insurance::new(input).expect("the year can be settled");
    Base { insurance: Some(insurance), ..Base::default() }
}

/// Points that multiply a parameter by 1.0001, 1.0002 …
fn points(path: &str, count: i64) -> Vec<Point> {
    let factor = |at: i64| format!("1.{at:04}").parse().expect("a decimal");
    let change = |at: i64| Patch { path: path.to_owned(), change: Change::Times(factor(at)) };
    let point = |at: i64| Point { name: at.to_string(), group: "bench".to_owned(), moves: vec![change(at)] };
    (1..=count).map(point).collect()
}

fn scenarios(criterion: &mut Criterion) {
    let base = base();
    let mut group = criterion.benchmark_group("scenario/1000000 claims");
    group.sample_size(10);
    for (name, path, count) in [
        ("budgets", "rules.budget.table[*].fund_budget", 200),
        ("outlier lines", "rules.high_line.ratio", 20),
        ("weights", "rules.weights.table[*].weight", 20),
    ] {
        let points = points(path, count);
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| black_box(run(&base, &points, &|_| ()).expect("every point can be settled")));
        });
    }
    group.finish();
}

criterion_group!(benches, scenarios);
criterion_main!(benches);
