//! `dianzhi weights` from outside.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use dianzhi::job::{ClaimFiles, Packs, Scheme, WeightsJob, weigh_files};
use dianzhi::money::Fen;
use dianzhi_tests::files_of;

fn run(words: &[&str]) -> i32 {
    dianzhi::cli::run(std::iter::once(&"dianzhi").chain(words))
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The packs of the document, and two years of synthetic claims.
fn world(dir: &Path, claims: &str) -> PathBuf {
    for (name, content) in files_of("weights.md") {
        fs::write(dir.join(name), content).unwrap();
    }
    let out = dir.join("claims.csv");
    let words = ["synth", "--claims", claims, "--scheme", "demo", "--seed", "11", "--period", "2024"];
    let more = ["--months", "24", "--bad-share", "0", "--out", text(&out)];
    assert_eq!(run(&[&words[..], &more].concat()), 0);
    out
}

fn weigh(dir: &Path, claims: &[&Path], out: &str) -> i32 {
    let (policy, out) = (dir.join("weighing.toml"), dir.join(out));
    let mut words = vec!["--lang", "en", "weights", "--scheme", "demo", "--policy", text(&policy)];
    words.extend(["--out", text(&out), "--claims"]);
    words.extend(claims.iter().map(|path| text(path)));
    run(&words)
}

/// Rows of a CSV file by column name.
fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let content = fs::read_to_string(path).unwrap();
    let mut reader = csv::Reader::from_reader(content.trim_start_matches('\u{FEFF}').as_bytes());
    let heads: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let row = |record: csv::StringRecord| heads.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
    reader.records().map(|record| row(record.unwrap())).collect()
}

fn fen(text: &str) -> i64 {
    text.parse::<Fen>().unwrap().0
}

#[test]
fn from_claims_to_a_table_that_settles_a_month() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let claims = world(dir, "6000");
    assert_eq!(weigh(dir, &[&claims], "weights.csv"), 0);
    let weights = rows(&dir.join("weights.csv"));
    let summary: BTreeMap<String, String> =
        rows(&dir.join("weights.summary.csv")).iter().map(|row| (row["key"].clone(), row["value"].clone())).collect();
    let left_out = rows(&dir.join("weights.left_out.csv"));
    assert_eq!((summary["received"].as_str(), summary["rejected"].as_str()), ("6000", "0"));
    assert_eq!(summary["left_out"], left_out.len().to_string());
    let kept: usize = weights.iter().map(|row| row["cases"].parse::<usize>().unwrap()).sum();
    let dropped = rows(&dir.join("weights.rejects.csv"));
    assert!(dropped.iter().all(|row| row["kind"] == "excluded"), "a settlement and its reversal drop out together");
    assert_eq!(summary["dropped"], dropped.len().to_string());
    assert_eq!(kept + left_out.len() + dropped.len(), 6000);
    assert!(left_out.iter().any(|row| row["rule"] == "outliers" && row["code"] == "W112"), "somebody is trimmed");
    the_pack_reads_them(dir, &weights);
    let gone: Vec<&str> = left_out.iter().chain(&dropped).map(|row| row["setl_id"].as_str()).collect();
    a_plain_reading_agrees(&claims, &gone, &weights);
    let month = dir.join("march.parquet");
    let words = ["synth", "--claims", "500", "--scheme", "demo", "--seed", "5", "--out", text(&month)];
    assert_eq!(run(&words), 0);
    let (policy, book) = (dir.join("settling.toml"), dir.join("book"));
    let words = ["settle", "month", "--scheme", "demo", "--policy", text(&policy), "--period", "2026-03"];
    assert_eq!(run(&[&words[..], &["--book", text(&book), "--claims", text(&month)]].concat()), 0);
}

fn the_pack_reads_them(dir: &Path, weights: &[BTreeMap<String, String>]) {
    let (scheme, _) = Scheme::read(Path::new("demo")).unwrap();
    let (packs, _) = Packs::read(&dir.join("settling.toml"), &scheme).unwrap();
    let table = &packs.set.packs[0].weight_table;
    for row in weights.iter().filter(|row| !row["weight"].is_empty()) {
        let own = &table.rows[&row["drg"]];
        let e6 = |text: &str| text.replace('.', "").parse::<i64>().unwrap() * 100;
        assert_eq!(own.value.unwrap().0, e6(&row["weight"]), "{}", row["drg"]);
        assert_eq!(own.mean_cost.unwrap().0, fen(&row["reference_cost"]));
        let second = table.figure(&row["drg"], "coefficient_二级").unwrap();
        assert_eq!(second.0, e6(&row["coefficient_二级"]));
    }
}

/// Weights again, from the claims and the list of who is left out: plain sums, in 128-bit integers.
fn a_plain_reading_agrees(claims: &Path, gone: &[&str], weights: &[BTreeMap<String, String>]) {
    let gone: std::collections::BTreeSet<&str> = gone.iter().copied().collect();
    let grouped = claims.with_file_name("grouped.csv");
    let words = ["group", "--scheme", "demo", "--claims", text(claims), "--out", text(&grouped)];
    assert_eq!(run(&words), 0);
    let mut sums: BTreeMap<(String, String), (i128, i128)> = BTreeMap::new();
    for row in rows(&grouped).iter().filter(|row| !gone.contains(row["setl_id"].as_str())) {
        for drg in [row["drg"].as_str(), ""] {
            let sum = sums.entry((drg.to_owned(), row["dscg_time"][..4].to_owned())).or_default();
            *sum = (sum.0 + i128::from(fen(&row["medfee_sumamt"])), sum.1 + 1);
        }
    }
    // Σ shares × mean over the years with cases, as a fraction; shares 3 and 7.
    let mean = |drg: &str| {
        let year = |year: &str| sums.get(&(drg.to_owned(), year.to_owned())).copied();
        match (year("2024"), year("2025")) {
            (Some((a, m)), Some((b, n))) => (3 * a * n + 7 * b * m, 10 * m * n),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => (0, 1),
        }
    };
    let (whole, of_whole) = mean("");
    let mut compared = 0;
    for row in weights.iter().filter(|row| row["basis"] == "mean") {
        let (own, of_own) = mean(&row["drg"]);
        let weight = (own * of_whole * 20_000 + of_own * whole) / (2 * of_own * whole);
        assert_eq!(row["weight"].replace('.', "").parse::<i128>().unwrap(), weight, "{}", row["drg"]);
        compared += 1;
    }
    assert!(compared > 20, "{compared} groups compared");
}

#[test]
fn rows_files_formats_and_threads_change_no_byte() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let claims = world(dir, "2500");
    let content = fs::read_to_string(&claims).unwrap();
    let (head, body) = content.split_once('\n').unwrap();
    let lines: Vec<&str> = body.lines().collect();
    let part = |name: &str, lines: &mut dyn Iterator<Item = &&str>| {
        let path = dir.join(name);
        let rows: Vec<&str> = lines.copied().collect();
        fs::write(&path, format!("{head}\n{}\n", rows.join("\n"))).unwrap();
        path
    };
    let odd = part("odd.csv", &mut lines.iter().rev().step_by(2));
    let even = part("even.csv", &mut lines.iter().rev().skip(1).step_by(2));
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert_eq!(one.install(|| weigh(dir, &[&claims], "one.csv")), 0);
    assert_eq!(weigh(dir, &[&odd, &even], "two.csv"), 0);
    assert_eq!(weigh(dir, &[&claims], "three.parquet"), 0);
    let names = ["csv", "years.csv", "changes.csv", "left_out.csv", "institutions.csv", "levels.csv", "summary.csv"];
    for name in names {
        let read = |stem: &str| fs::read(dir.join(format!("{stem}.{name}"))).unwrap();
        assert!(read("one") == read("two"), "{name}");
    }
    let table = dianzhi::frame::read_table(&dir.join("three.parquet")).unwrap();
    let csv = rows(&dir.join("one.csv"));
    for column in &table.columns {
        let texts = (0..table.rows()).map(|row| dianzhi::table::cell::plain(&column.values, row));
        assert!(texts.eq(csv.iter().map(|row| row[&column.name].clone())), "{}", column.name);
    }
}

/// A pack with these rules changed or added to those of the document, and what the run says of it.
fn refused(changes: &str) -> Vec<&'static str> {
    use dianzhi::policy::{MemoryFiles, open_part};
    use dianzhi::weights::{FAMILIES, Plan};
    let (_, pack) = files_of("weights.md").into_iter().find(|(name, _)| name == "weighing.toml").unwrap();
    let named: Vec<&str> = changes.lines().filter(|line| line.starts_with("[rules.")).collect();
    let mut text = String::new();
    let mut skip = false;
    for line in pack.lines() {
        skip = if line.starts_with('[') { named.contains(&line) } else { skip };
        if !skip {
            text += &format!("{line}\n");
        }
    }
    let files = MemoryFiles::default().with("p.toml", &(text + changes));
    let bundle = match open_part(&["p.toml".to_owned()], &files, &FAMILIES) {
        Ok(bundle) => bundle,
        Err(problems) => return problems.0.iter().map(|problem| problem.entry.code).collect(),
    };
    let plan = bundle.parts(&[], &[]).and_then(|(parts, _)| Plan::of(&parts[0]));
    plan.err().map_or_else(Vec::new, |problems| problems.0.iter().map(|problem| problem.entry.code).collect())
}

#[test]
fn packs_that_say_too_little_or_too_much() {
    assert_eq!(refused(""), Vec::<&str>::new());
    let rule = |name: &str, rest: &str| format!("[rules.{name}]\n{rest}\nplaceholder = \"t\"\n");
    let scale = rule("formula", "kind = \"weight_formula.ratio\"");
    assert_eq!(refused(&scale), ["P003"], "the scale is mandatory");
    assert_eq!(refused(&rule("years", "kind = \"weight_years.means\"\nyears = { \"24\" = 1 }")), ["P007"]);
    assert_eq!(refused(&rule("years", "kind = \"weight_years.means\"\nyears = {}")), ["P007"]);
    assert_eq!(refused(&rule("long_stays", "kind = \"weight_exclude.stay\"")), ["P033"]);
    let again = rule("again", "kind = \"weight_trim.percentile\"\norder = 1\nlow = 0.01\nhigh = 0.99");
    assert_eq!(refused(&again), ["P026"], "two trims of one order");
    let crossed = again.replace("order = 1", "order = 2").replace("0.99", "0.001");
    assert_eq!(refused(&crossed), ["P033"]);
    assert_eq!(refused(&rule("few", "kind = \"weight_stability.cv\"")), ["P011"]);
    let decision = "table = [{ drg = \"BB13\", step = \"policy\", who = \"a\", why = \"b\", decided = 2026-01-01 }]";
    assert_eq!(refused(&rule("adjust", &format!("kind = \"weight_adjust.decisions\"\n{decision}"))), ["P033"]);
    let unsaid = decision.replace("who = \"a\", ", "");
    assert_eq!(refused(&rule("adjust", &format!("kind = \"weight_adjust.decisions\"\n{unsaid}"))), ["P003"]);
}

#[test]
fn a_run_needs_one_pack_that_says_how() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let claims = world(dir, "50");
    let packs = dir.join("packs");
    fs::create_dir(&packs).unwrap();
    let out = dir.join("w.csv");
    let weigh = |more: &[&str]| {
        let words =
            ["--lang", "en", "weights", "--scheme", "demo", "--policy", text(&packs), "--claims", text(&claims)];
        run(&[&words[..], &["--out", text(&out)], more].concat())
    };
    fs::copy(dir.join("settling.toml"), packs.join("a.toml")).unwrap();
    let (scheme, _) = Scheme::read(Path::new("demo")).unwrap();
    let codes = || {
        let files = ClaimFiles { claims: vec![claims.clone()], ..ClaimFiles::default() };
        let job = WeightsJob { scheme: &scheme, policy: &packs, files, clinical: false, on: None };
        weigh_files(&job).unwrap_err().0.iter().map(|problem| problem.entry.code).collect::<Vec<_>>()
    };
    assert_eq!((weigh(&[]), codes()), (1, vec!["W012"]), "no plan");
    let pack = fs::read_to_string(dir.join("weighing.toml")).unwrap();
    fs::write(packs.join("a.toml"), pack.replace("2026-01-01", "2025-01-01\nvalid_to = 2025-12-31")).unwrap();
    fs::write(packs.join("b.toml"), pack.replace("city-weights-2026", "other")).unwrap();
    assert_eq!((weigh(&[]), codes()), (1, vec!["W013"]), "several plans");
    assert_eq!(weigh(&["--on", "2025-06-30"]), 0);
    assert_eq!(weigh(&["--on", "2024-06-30"]), 1);
    assert_eq!(weigh(&["--out", "w.txt.unknown"]), 2, "twice --out");
}

#[test]
fn last_years_table_is_carried_over_and_compared() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let claims = world(dir, "1500");
    assert_eq!(weigh(dir, &[&claims], "first.csv"), 0);
    let first = rows(&dir.join("first.csv"));
    let without = first.iter().find(|row| row["weight"].is_empty()).expect("a group without weight");
    let last = format!("drg,weight\n{},1.2345\nZZ99,2.0000\n", without["drg"]);
    fs::write(dir.join("last.csv"), last).unwrap();
    let mut pack =
        fs::read_to_string(dir.join("weighing.toml")).unwrap().replace("[\"adrg\"]", "[\"adrg\", \"carry_over\"]");
    pack += "\n[rules.last]\nkind = \"weight_previous.table\"\ntable = \"last.csv\"\nplaceholder = \"t\"\n";
    fs::write(dir.join("weighing.toml"), pack).unwrap();
    assert_eq!(weigh(dir, &[&claims], "second.csv"), 0);
    let second = rows(&dir.join("second.csv"));
    let row = second.iter().find(|row| row["drg"] == without["drg"]).unwrap();
    assert_eq!(
        (row["weight"].as_str(), row["basis"].as_str(), row["change"].as_str()),
        ("1.2345", "carried_over", "0.0000")
    );
    let changes = rows(&dir.join("second.changes.csv"));
    let kind = |drg: &str| changes.iter().find(|row| row["drg"] == drg).map(|row| row["kind"].clone());
    assert_eq!((kind("ZZ99"), kind(&without["drg"])), (Some("gone".to_owned()), Some("same".to_owned())));
}
