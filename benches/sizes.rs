//! Every stage by size: grouping and pricing of columns in memory, then reading, grouping, pricing, settling and
//! writing of a month from a file to a book, each by itself.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use dianzhi::grouper::Grouper;
use dianzhi::job::{ClaimFiles, MONTH, MonthJob, Packs, Scheme, Step, settle_month};
use dianzhi::ledger::{Kind, Writer};
use dianzhi::pricing::{Options, price};
use dianzhi_benches::{claims, policy, scheme, stays};

const IN_MEMORY: [usize; 3] = [10_000, 100_000, 1_000_000];
const MONTHS: [usize; 2] = [10_000, 200_000];
const STEPS: [(Step, &str); 5] = [
    (Step::Reading, "read"),
    (Step::Grouping, "group"),
    (Step::Pricing, "price"),
    (Step::Settling, "settle"),
    (Step::Writing, "write"),
];

/// Columns in memory, on one core.
fn columns(criterion: &mut Criterion) {
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("threads can be started");
    for name in ["chs_drg_11", "bazhong_2023"] {
        let mut group = criterion.benchmark_group(name);
        group.sample_size(10);
        for count in IN_MEMORY {
            let definition = scheme(name);
            let stays = stays(&definition, count, 8, 3);
            let grouper = Grouper::new(definition);
            let claims = claims(&grouper, stays, (count / 2_500).clamp(8, 400));
            let set = policy(&grouper);
            let grouped = grouper.group(&claims.stays, false);
            group.throughput(Throughput::Elements(count as u64));
            group.bench_function(BenchmarkId::new("group", count), |bencher| {
                bencher.iter(|| one.install(|| black_box(grouper.group(black_box(&claims.stays), false))));
            });
            let priced = || price(&claims, &grouped, grouper.outcomes(), &set, &Options::default());
            group.bench_function(BenchmarkId::new("price", count), |bencher| {
                bencher.iter(|| one.install(|| black_box(priced().expect("every claim has a price"))));
            });
        }
        group.finish();
    }
}

/// A month of the demonstration city from a file to a book, on all cores: the time of one step of it.
fn step_of(month: &Month, wanted: Step) -> Duration {
    let book = month.folder.join("book");
    let _ = std::fs::remove_dir_all(&book);
    let marks = Mutex::new(vec![(Step::Reading, Instant::now())]);
    let mut writer = Writer::open_or_create(&book, Kind::Insurance).expect("the folder can be written to");
    let draft = writer.draft("2026-03".parse().expect("a month"), MONTH).expect("an open month");
    let files = ClaimFiles { claims: vec![month.file.clone()], mapping: None, float_money: None };
    let intake = files.read_into(&draft.work_dir(), &month.packs).expect("claims can be read");
    let job = MonthJob {
        scheme: &month.scheme,
        packs: &month.packs,
        clinical: false,
        audit: false,
        options: std::collections::BTreeMap::new(),
    };
    let hear = |step| {
        marks.lock().expect("no thread failed").push((step, Instant::now()));
        Ok(())
    };
    settle_month(draft, &job, intake, &hear).expect("the month can be settled");
    let mut marks = marks.into_inner().expect("no thread failed");
    marks.push((Step::Auditing, Instant::now()));
    let of_step = marks.windows(2).filter(|pair| pair[0].0 == wanted);
    of_step.map(|pair| pair[1].1 - pair[0].1).sum()
}

struct Month {
    folder: PathBuf,
    file: PathBuf,
    scheme: Scheme,
    packs: Packs,
}

impl Month {
    fn new(folder: &Path, format: &str, count: usize) -> Month {
        let file = folder.join(format!("claims_{count}.{format}"));
        let (size, out) = (count.to_string(), file.to_string_lossy().into_owned());
        let asked = ["--claims", &size, "--seed", "7", "--period", "2026-03", "--out", &out];
        let words = [&["dianzhi", "--json", "synth", "--scheme", "demo"][..], &asked].concat();
        assert_eq!(dianzhi::cli::run(words), 0, "claims can be made");
        let (scheme, _) = Scheme::read(Path::new("demo")).expect("the demonstration scheme");
        let (packs, _) = Packs::read(Path::new("demo"), &scheme).expect("the demonstration policy");
        Month { folder: folder.to_path_buf(), file, scheme, packs }
    }
}

fn months(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder for claims and books");
    for format in ["parquet", "csv"] {
        let mut group = criterion.benchmark_group(format!("month/{format}"));
        group.sample_size(10);
        for count in MONTHS {
            let month = Month::new(folder.path(), format, count);
            group.throughput(Throughput::Elements(count as u64));
            for (step, name) in STEPS {
                group.bench_function(BenchmarkId::new(name, count), |bencher| {
                    bencher.iter_custom(|times| (0..times).map(|_| step_of(&month, step)).sum());
                });
            }
        }
        group.finish();
    }
}

criterion_group!(benches, columns, months);
criterion_main!(benches);
