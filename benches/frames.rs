//! The same claims as a frame that polars hands over: string views and lists of them.

use std::sync::Arc;

use arrow_array::builder::{LargeListBuilder, StringViewBuilder};
use arrow_array::{ArrayRef, Int64Array, RecordBatch, RecordBatchIterator, StringViewArray};
use dianzhi::claims::{ReadOptions, Sex, StayBatch, Stays, UNKNOWN, stays_of};
use dianzhi::frame::Source;
use dianzhi::grouper::Grouper;
use dianzhi::text::TextList;

/// Stays as the columns that an analyst has: identifier, sex, age, length of stay, diagnoses, procedures.
///
/// # Panics
/// Never with stays of this crate.
#[must_use]
pub fn frame(stays: &Stays) -> RecordBatch {
    let numbers = |column: &[i32]| -> ArrayRef {
        Arc::new(Int64Array::from_iter(column.iter().map(|&n| (n != UNKNOWN).then_some(i64::from(n)))))
    };
    let sexes: Int64Array = stays.sex.iter().map(|&sex| Some(if sex == Sex::Male { 1 } else { 2 })).collect();
    let columns: [(&str, ArrayRef); 7] = [
        ("setl_id", Arc::new(StringViewArray::from_iter_values(stays.setl_id.iter()))),
        ("gend", Arc::new(sexes)),
        ("age", numbers(&stays.age_years)),
        ("nwb_age", numbers(&stays.age_days)),
        ("act_ipt_days", numbers(&stays.los_days)),
        ("diag_codes", codes(&stays.diagnoses)),
        ("oprn_codes", codes(&stays.procedures)),
    ];
    RecordBatch::try_from_iter(columns).expect("columns of one length")
}

fn codes(lists: &TextList) -> ArrayRef {
    let mut builder = LargeListBuilder::new(StringViewBuilder::new());
    for row in 0..lists.len() {
        lists.get(row).for_each(|code| builder.values().append_value(code));
        builder.append(true);
    }
    Arc::new(builder.finish())
}

/// What Python does: frames in, and out with the columns of the result beside those that came in.
///
/// # Panics
/// When the frame cannot be read.
#[must_use]
pub fn group_frames(grouper: &Grouper, batches: &[RecordBatch]) -> Vec<RecordBatch> {
    let schema = batches[0].schema();
    // The reader outlives this call's borrow, so that it takes batches of its own; their columns are shared.
    let batches: Vec<RecordBatch> = batches.to_vec();
    let rows = RecordBatchIterator::new(batches.into_iter().map(Ok), schema);
    let options = ReadOptions::default();
    let reader = stays_of("frame", Source::stream("frame", Box::new(rows)), &options).expect("the columns are there");
    let group = |read: Result<StayBatch, _>| {
        let StayBatch { batch, stays, unreadable } = read.expect("the rows can be read");
        let grouped = grouper.group_read(&stays, &unreadable, false);
        batch.beside(&grouper.columns(&grouped)).expect("columns of one length")
    };
    reader.map(group).collect()
}
