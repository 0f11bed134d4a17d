//! Grouping: claims a second on one core and on two, and what a trace costs.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dianzhi::grouper::Grouper;
use dianzhi_benches::{scheme, stays};

const CLAIMS: usize = 200_000;

fn grouping(criterion: &mut Criterion) {
    for name in ["chs_drg_11", "bazhong_2023"] {
        let definition = scheme(name);
        let columns = stays(&definition, CLAIMS, 8, 3);
        let grouper = Grouper::new(definition);
        let mut group = criterion.benchmark_group(format!("group/{name}"));
        group.throughput(Throughput::Elements(CLAIMS as u64)).sample_size(10);
        for threads in [1, 2] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started");
            group.bench_function(format!("{threads} threads"), |bencher| {
                bencher.iter(|| pool.install(|| black_box(grouper.group(black_box(&columns), false))));
            });
        }
        group.throughput(Throughput::Elements(1));
        let mut row = 0;
        group.bench_function("trace of one claim", |bencher| {
            bencher.iter(|| {
                row = (row + 1) % CLAIMS;
                black_box(grouper.explain(&columns, row, false))
            });
        });
        group.finish();
    }
}

criterion_group!(benches, grouping);
criterion_main!(benches);
