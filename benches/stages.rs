//! Each stage on a small fixed input, a function a stage, for two instruments: the clock, and a count of instructions.
//!
//! `cargo bench --bench stages` prints the time a claim; `make bench-count` runs each stage once under callgrind, which
//! tells the functions named `stage_…` apart. `STAGES_CLAIMS` sets how many claims, `STAGES_SCHEME` one scheme of
//! the two, `STAGES_ONLY` one stage, `STAGES_TSV` where figures go.

use std::fmt::Write;
use std::hint::black_box;
use std::time::Instant;

use arrow_array::RecordBatch;
use dianzhi::claims::Claims;
use dianzhi::grouper::{Grouped, Grouper};
use dianzhi::policy::PolicySet;
use dianzhi::pricing::{Chunk, Options, Priced, Prices, Pricing, price};
use dianzhi_benches::{Naive, Record, claims, frame, group_frames, policy, records, scheme, stays};

const SCHEMES: [&str; 2] = ["chs_drg_11", "bazhong_2023"];
/// Claims of which an analyst asks for a trace.
const TRACED: usize = 200;
/// Claims for the way that is slow.
const NAIVE: usize = 2_000;

struct World {
    grouper: Grouper,
    claims: Claims,
    grouped: Grouped,
    frames: Vec<RecordBatch>,
    policy: PolicySet,
    records: Vec<Record>,
}

impl World {
    fn new(scheme_name: &str, count: usize) -> World {
        let definition = scheme(scheme_name);
        let stays = stays(&definition, count, 8, 3);
        let grouper = Grouper::new(definition);
        // As many claims an institution in a small run as in a large one: 2,500.
        let claims = claims(&grouper, stays, (count / 2_500).clamp(8, 400));
        let whole = frame(&claims.stays);
        let frames = (0..count).step_by(BATCH).map(|at| whole.slice(at, BATCH.min(count - at))).collect();
        let grouped = grouper.group(&claims.stays, false);
        let policy = policy(&grouper);
        let records = records(&claims.stays, NAIVE.min(count));
        World { grouper, claims, grouped, frames, policy, records }
    }

    fn chunk(&self) -> Chunk<'_> {
        Chunk { first: 0, claims: &self.claims, grouped: &self.grouped, tcm: None }
    }

    /// What prices depend on, found.
    fn prices(&self) -> Prices<'_> {
        let pricing = Pricing::new(&self.claims, self.grouper.outcomes(), &self.policy, None);
        let survey = pricing.survey(&self.chunk());
        pricing.ready(survey, &[]).expect("every claim has a price")
    }
}

/// Rows of a batch, as readers give them.
const BATCH: usize = 1 << 15;

#[inline(never)]
fn stage_group(world: &World) -> Grouped {
    // Held on to, so that the stage is a call of its own and not a jump.
    black_box(world.grouper.group(&world.claims.stays, false))
}

#[inline(never)]
fn stage_group_frames(world: &World) -> Vec<RecordBatch> {
    black_box(group_frames(&world.grouper, &world.frames))
}

#[inline(never)]
fn stage_price(world: &World) -> Priced {
    let (claims, outcomes) = (&world.claims, world.grouper.outcomes());
    let priced = price(claims, &world.grouped, outcomes, &world.policy, &Options::default());
    black_box(priced.expect("every claim has a price"))
}

#[inline(never)]
fn stage_price_rows(world: &World, prices: &Prices<'_>) -> Priced {
    black_box(prices.of(&world.chunk()).expect("every claim has a price"))
}

#[inline(never)]
fn stage_group_price(world: &World) -> Priced {
    let grouped = world.grouper.group(&world.claims.stays, false);
    let (claims, outcomes) = (&world.claims, world.grouper.outcomes());
    let priced = price(claims, &grouped, outcomes, &world.policy, &Options::default());
    black_box(priced.expect("every claim has a price"))
}

#[inline(never)]
fn stage_trace(world: &World) -> usize {
    black_box((0..TRACED).map(|row| world.grouper.trace(&world.claims.stays, row, false).attempts.len()).sum())
}

/// Runs a stage until a second is over, at least five times; least, median and greatest nanoseconds a claim.
fn time<T>(claims: usize, mut stage: impl FnMut() -> T) -> [u128; 3] {
    let begin = Instant::now();
    let mut runs = Vec::new();
    while runs.len() < 5 || begin.elapsed().as_secs() < 1 {
        let start = Instant::now();
        black_box(stage());
        runs.push(start.elapsed().as_nanos() * 10 / claims as u128);
    }
    runs.sort_unstable();
    [runs[0], runs[runs.len() / 2], runs[runs.len() - 1]]
}

/// The figures of one scheme with so many threads.
struct Report<'a> {
    scheme: &'a str,
    threads: usize,
    file: &'a mut String,
}

impl Report<'_> {
    fn add(&mut self, stage: &str, [least, median, greatest]: [u128; 3]) {
        let (scheme, threads) = (self.scheme, self.threads);
        let tenth = |value: u128| format!("{}.{}", value / 10, value % 10);
        let rate = 10_000_000_000 / median.max(1);
        let (low, middle, high) = (tenth(least), tenth(median), tenth(greatest));
        println!("{scheme:14} {threads} {stage:14} {low:>9} {middle:>9} {high:>9} ns a claim {rate:>12} claims/s");
        writeln!(self.file, "{scheme}\t{stage}\t{threads}\t{least}\t{median}\t{greatest}").expect("a text grows");
    }

    /// Measures a stage, unless another one alone is wanted.
    fn stage<T>(&mut self, name: &str, claims: usize, stage: impl FnMut() -> T) {
        if std::env::var("STAGES_ONLY").is_ok_and(|only| only != name) {
            return;
        }
        self.add(name, time(claims, stage));
    }

    fn of(&mut self, world: &World, count: usize) {
        self.stage("group", count, || stage_group(world));
        self.stage("group frames", count, || stage_group_frames(world));
        let prices = world.prices();
        self.stage("price rows", count, || stage_price_rows(world, &prices));
        self.stage("price", count, || stage_price(world));
        self.stage("group + price", count, || stage_group_price(world));
        self.stage("trace", TRACED, || stage_trace(world));
        if self.threads == 1 {
            let naive = Naive::new(world.grouper.definition());
            let group = || world.records.iter().map(|record| naive.group(record)).collect::<Vec<_>>();
            let outcomes = world.grouper.outcomes_of(&world.grouped);
            assert!(
                group().iter().zip(outcomes).all(|(drg, outcome)| *drg == outcome.drg),
                "both give the same groups"
            );
            self.stage("naive", world.records.len(), group);
        }
    }
}

fn main() {
    let count = std::env::var("STAGES_CLAIMS").ok().and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let once = std::env::var_os("STAGES_ONCE").is_some();
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started");
    let mut file = "scheme\tstage\tthreads\tleast\tmedian\tgreatest\n".to_owned();
    let wanted = std::env::var("STAGES_SCHEME").ok();
    for name in SCHEMES.into_iter().filter(|name| wanted.as_ref().is_none_or(|wanted| wanted == name)) {
        let world = World::new(name, count);
        if once {
            // In the one thread that does all the work, so that it can be seen inside the stages.
            pool(1).install(|| {
                black_box((stage_group(&world), stage_group_frames(&world), stage_price_rows(&world, &world.prices())));
                black_box((stage_price(&world), stage_group_price(&world), stage_trace(&world)));
            });
            continue;
        }
        for threads in [1, 2] {
            pool(threads).install(|| Report { scheme: name, threads, file: &mut file }.of(&world, count));
        }
    }
    if let Some(path) = std::env::var_os("STAGES_TSV") {
        std::fs::write(path, file).expect("the figures can be written");
    }
}
