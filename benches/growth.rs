//! The time a claim takes as what surrounds it grows: claims in a run, institutions, rules of a scheme. Prints the
//! figures and draws them: `cargo bench --bench growth -- picture.svg`. `GROWTH_CLAIMS` sets the largest run.

use std::fmt::Write;
use std::hint::black_box;
use std::time::Instant;

use dianzhi::grouper::Grouper;
use dianzhi::pricing::{Options, price};
use dianzhi_benches::{claims, policy, scheme, stays};

const RUNS: usize = 5;
const SCHEMES: [&str; 5] = ["chs_drg_10", "chs_drg_11", "chs_drg_20", "beijing_2022", "bazhong_2023"];

/// One line of a picture: what it is, and by size the nanoseconds a claim.
struct Series {
    name: &'static str,
    points: Vec<(usize, f64)>,
}

/// The least of several runs, in nanoseconds a claim.
fn least<T>(claims: usize, mut work: impl FnMut() -> T) -> f64 {
    let one = |_| {
        let start = Instant::now();
        black_box(work());
        start.elapsed().as_nanos() as f64 / claims as f64
    };
    (0..RUNS).map(one).fold(f64::INFINITY, f64::min)
}

/// Grouping and pricing of so many claims of so many institutions.
fn measure(grouper: &Grouper, count: usize, institutions: usize) -> (f64, f64) {
    let claims = claims(grouper, stays(grouper.definition(), count, 8, 3), institutions);
    let set = policy(grouper);
    let grouped = grouper.group(&claims.stays, false);
    let group = least(count, || grouper.group(&claims.stays, false));
    let options = Options::default();
    let priced = || price(&claims, &grouped, grouper.outcomes(), &set, &options).expect("every claim has a price");
    (group, least(count, priced))
}

fn by_claims(grouper: &Grouper, largest: usize) -> [Series; 2] {
    let sizes = [100_000, 300_000, 1_000_000, 3_000_000, 10_000_000].into_iter().filter(|size| *size <= largest);
    let mut series = [Series { name: "group", points: Vec::new() }, Series { name: "price", points: Vec::new() }];
    for size in sizes {
        let (group, price) = measure(grouper, size, 400);
        series[0].points.push((size, group));
        series[1].points.push((size, price));
    }
    series
}

fn by_institutions(grouper: &Grouper) -> [Series; 1] {
    let sizes = [100, 400, 1_000, 2_500, 5_000];
    let points = sizes.into_iter().map(|size| (size, measure(grouper, 1_000_000, size).1)).collect();
    [Series { name: "price", points }]
}

fn by_rules() -> [Series; 1] {
    let one = |name| {
        let definition = scheme(name);
        let rules = definition.rules.len();
        let stays = stays(&definition, 300_000, 8, 3);
        let grouper = Grouper::new(definition);
        (rules, least(stays.len(), || grouper.group(&stays, false)))
    };
    let mut points: Vec<(usize, f64)> = SCHEMES.into_iter().map(one).collect();
    points.sort_unstable_by_key(|(rules, _)| *rules);
    [Series { name: "group", points }]
}

/// A panel 300 wide and 220 high with lines over a logarithmic x axis.
fn panel(to: &mut String, left: usize, title: &str, series: &[Series]) {
    let points = || series.iter().flat_map(|one| &one.points);
    let x = |size: usize| (size as f64).ln();
    let (first, last) = points().fold((f64::MAX, f64::MIN), |(a, b), (size, _)| (a.min(x(*size)), b.max(x(*size))));
    let top = points().fold(1.0, |top: f64, (_, ns)| top.max(*ns)) * 1.1;
    let across = |size: usize| left as f64 + 45.0 + 235.0 * (x(size) - first) / (last - first).max(1e-9);
    let down = |ns: f64| 190.0 - 150.0 * ns / top;
    let mut add = |text: String| to.push_str(&text);
    add(format!("<text x=\"{}\" y=\"22\" font-weight=\"bold\">{title}</text>\n", left + 45));
    for step in 0..=4 {
        let ns = top * f64::from(step) / 4.0;
        let (y, x1, x2) = (down(ns), left + 45, left + 280);
        add(format!("<line x1=\"{x1}\" y1=\"{y:.1}\" x2=\"{x2}\" y2=\"{y:.1}\" stroke=\"#ddd\"/>\n"));
        add(format!("<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{ns:.0}</text>\n", x1 - 5, y + 4.0));
    }
    for (one, colour) in series.iter().zip(["#1f77b4", "#d62728"]) {
        let line: Vec<String> =
            one.points.iter().map(|(size, ns)| format!("{:.1},{:.1}", across(*size), down(*ns))).collect();
        add(format!(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\n",
            line.join(" ")
        ));
        if let Some((size, ns)) = one.points.last() {
            let (x, y) = (across(*size), down(*ns) - 6.0);
            let name = one.name;
            add(format!("<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"end\" fill=\"{colour}\">{name}</text>\n"));
        }
    }
    for (size, _) in &series[0].points {
        add(format!("<text x=\"{:.1}\" y=\"206\" text-anchor=\"middle\">{}</text>\n", across(*size), short(*size)));
    }
}

fn short(size: usize) -> String {
    match size {
        1_000_000.. => format!("{} M", size / 1_000_000),
        10_000.. => format!("{} k", size / 1_000),
        _ => size.to_string(),
    }
}

fn main() {
    let largest = std::env::var("GROWTH_CLAIMS").ok().and_then(|text| text.parse().ok()).unwrap_or(10_000_000);
    let grouper = Grouper::new(scheme("bazhong_2023"));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread can be started");
    let (claims, institutions, rules) =
        pool.install(|| (by_claims(&grouper, largest), by_institutions(&grouper), by_rules()));
    let panels: [(&str, &[Series]); 3] = [
        ("ns a claim by claims in a run", &claims),
        ("ns a claim by institutions", &institutions),
        ("ns a claim by rules of five schemes", &rules),
    ];
    let mut picture = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 900 220\" font-family=\"sans-serif\" \
                       font-size=\"11\">\n<rect width=\"900\" height=\"220\" fill=\"white\"/>\n"
        .to_owned();
    for (at, (title, series)) in panels.into_iter().enumerate() {
        panel(&mut picture, at * 300, title, series);
        for one in series {
            let mut line = format!("{title}, {}:", one.name);
            one.points.iter().for_each(|(size, ns)| write!(line, "  {} {ns:.1}", short(*size)).expect("a text grows"));
            println!("{line}");
        }
    }
    picture.push_str("</svg>\n");
    if let Some(path) = std::env::args().skip(1).find(|word| word.ends_with(".svg")) {
        std::fs::write(path, picture).expect("the picture can be written");
    }
}
