//! Scenarios over a settled year of a million claims, and awards of 100,000 events: time and memory of whole runs.
//!
//! Wanted on two cores: 10,000 scenarios that move budgets or rates in 30 seconds, 1,000 that move outlier lines in two
//! minutes, below 2 GiB. Each line says wall and processor seconds and the peak of memory (VmHWM) so far.
//!
//! With `DIANZHI_YEAR=FOLDER` the program itself is measured instead, over a book of 12 × 83,334 claims that is made in
//! the folder where it is not there yet: reading the book counts.

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use dianzhi::awards::{self, Prior, alternatives};
use dianzhi::claims::{Claims, UNKNOWN};
use dianzhi::grouper::{Grouped, Outcome, Status};
use dianzhi::policy::{Change, MemoryFiles, Patch, open};
use dianzhi::scenario::{Base, Insurance, InsuranceInput, Point, Unit, run};
use dianzhi::workbook::Sheet;
use dianzhi_benches::Random;

const CLAIMS: usize = 1_000_000;
const INSTITUTIONS: usize = 150;
const GROUPS: usize = 700;
const EVENTS: usize = 100_000;

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
        openings: std::collections::BTreeMap::new(),
        revisions: Vec::new(),
        recognised: Vec::new(),
        booked: None,
    };
    let (insurance, _) = Insurance::new(input).expect("the year can be settled");
    Base { insurance: Some(insurance), ..Base::default() }
}

/// Points that multiply a parameter by 1.0001, 1.0002 …
fn points(path: &str, count: i64) -> Vec<Point> {
    let factor = |at: i64| format!("1.{at:05}").parse().expect("a decimal");
    let change = |at: i64| Patch { path: path.to_owned(), change: Change::Times(factor(at)) };
    let point = |at: i64| Point { name: at.to_string(), group: "bench".to_owned(), moves: vec![change(at)] };
    (1..=count).map(point).collect()
}

/// Events of many hospitals and persons, and a payment for every other.
fn sheets() -> Vec<(usize, Sheet)> {
    let header = |form: usize| awards::forms::FORMS[form].fields.iter().map(|field| field.key.to_string()).collect();
    let form = |key: &str| awards::forms::FORMS.iter().position(|form| form.key == key).expect("a form of awards");
    let cells = |form: usize, cells: &[(&str, String)]| {
        let fields = awards::forms::FORMS[form].fields.iter();
        let cell =
            |key: &str| cells.iter().find(|(own, _)| *own == key).map_or(String::new(), |(_, text)| text.clone());
        fields.map(|field| cell(&field.key)).collect::<Vec<String>>()
    };
    let (events, payments) = (form("events"), form("payments"));
    let mut sheets = [events, payments].map(|form| (form, Sheet { header: header(form), ..Sheet::default() }));
    for at in 0..EVENTS {
        let (kind, achievement, grade) = match at % 4 {
            0 => ("institution", "hospital_grade", "三级甲等"),
            1 => ("institution", "smart_hospital", ["三星", "四星"][at / 4 % 2]),
            2 => ("person", "provincial_talent", ""),
            _ => ("person", "national_talent", ""),
        };
        let (id, subject) = (format!("E{at:06}"), format!("{}{:06}", &kind[..1], at / 8));
        let place = ["通江县", "南江县", "平昌县", "恩阳区"][at / 8 % 4];
        let named = format!("2025-{:02}-{:02}", 1 + at % 12, 1 + at % 28);
        let own = [
            ("event_id", id.clone()),
            ("achievement", achievement.to_owned()),
            ("grade", grade.to_owned()),
            ("subject_id", subject.clone()),
            ("subject_name", subject),
            ("subject_kind", kind.to_owned()),
            ("place", place.to_owned()),
            ("ownership", "public".to_owned()),
            ("named", named),
        ];
        let row = at as u64 + 2;
        sheets[0].1.rows.push((row, cells(events, &own)));
        if at % 2 == 0 {
            let amount = if at % 4 == 0 { "1000000" } else { "50000" };
            let paid = [
                ("payment_id", format!("V{at:06}")),
                ("place", place.to_owned()),
                ("date", "2025-12-31".to_owned()),
                ("amount", amount.to_owned()),
                ("event_id", id),
            ];
            sheets[1].1.rows.push((row, cells(payments, &paid)));
        }
    }
    sheets.into()
}

/// Runs once, and says what it took.
fn measured<T>(name: &str, job: impl FnOnce() -> T) -> T {
    let (wall, cpu) = (Instant::now(), cpu_seconds());
    let done = black_box(job());
    println!(
        "{name:44} {:8.1} s   {:8.1} s of processor   peak {:5} MiB",
        wall.elapsed().as_secs_f64(),
        cpu_seconds() - cpu,
        peak_mib()
    );
    done
}

/// Processor seconds of this process, in hundredths as Linux counts them.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks = |at: usize| fields.get(at).and_then(|text| text.parse::<f64>().ok()).unwrap_or_default();
    (ticks(11) + ticks(12)) / 100.0
}

fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default() / 1024
}

/// The program itself over a settled year of the demonstration city, made in `folder` where it is not there yet.
fn program(folder: &Path) {
    let run = |words: &[&str]| {
        let code = dianzhi::cli::run(std::iter::once("dianzhi").chain(words.iter().copied()));
        assert_eq!(code, 0, "{words:?}");
    };
    let text = |path: &Path| path.to_string_lossy().into_owned();
    if !folder.join("book").exists() {
        let words = ["demo", "--year", "--claims", "83334", "--out", &text(folder)];
        measured("12 × 83,334 claims: made, settled, cleared", || run(&words));
    }
    for (name, path, step, to) in [
        ("program: 10,000 budgets", "rules.budget.table[*].fund_budget", "0.00002", "1.09998"),
        ("program: 1,000 outlier lines", "rules.high_line.bands[*].ratio", "0.0002", "1.0998"),
    ] {
        let file = folder.join("study.toml");
        let axis = format!("{{ path = \"{path}\", change = \"times\", from = 0.9, to = {to}, step = {step} }}");
        let study =
            format!("[baseline]\nbook = \"book\"\nperiod = \"2026\"\n[[grid]]\nname = \"g\"\naxis = [{axis}]\n");
        std::fs::write(&file, study).expect("the folder can be written to");
        let words = ["--json", "scenario", "run", &text(&file), "-o", &text(&folder.join("results"))];
        measured(name, || run(&words));
    }
}

fn main() {
    if let Some(folder) = std::env::var_os("DIANZHI_YEAR") {
        return program(Path::new(&folder));
    }
    let base = measured("a year of 1,000,000 claims, priced", base);
    for (name, path, count) in [
        ("10,000 scenarios: budgets", "rules.budget.table[*].fund_budget", 10_000),
        ("1,000 scenarios: outlier lines", "rules.high_line.ratio", 1_000),
        ("200 scenarios: every weight", "rules.weights.table[*].weight", 200),
    ] {
        let points = points(path, count);
        let done = measured(name, || run(&base, &points, &|_| ()).expect("every point can be settled"));
        assert_eq!(done.points.len(), points.len());
    }
    drop(base);
    let bundle = open(&["seeds:bazhong_awards.toml".to_owned()], &MemoryFiles::default()).expect("a seed");
    let (policy, _) = awards::compile(&bundle.fiscal(&[]).expect("a pack of fiscal money")).expect("award rules");
    let sheets = sheets();
    let (inputs, _) = measured("100,000 events: read", || awards::read(&policy, &sheets).expect("good rows"));
    let outcome =
        measured("100,000 events: decided", || awards::run(&policy, &inputs, &Prior::default()).expect("amounts"));
    println!("{} awards, {} lines, {} refused", outcome.awards.len(), outcome.lines.len(), outcome.refusals.len());
    let others =
        measured("100,000 events: under every other reading", || alternatives(&policy, &inputs, &Prior::default()));
    println!("{} readings", others.len());
}
