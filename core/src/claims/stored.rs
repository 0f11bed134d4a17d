//! Columns in a temporary file.

use std::io;
use std::ops::Range;

use super::spill::Spill;
use crate::text::{Text, TextList, View};

/// Where columns are put, one after another, before all are written at once.
#[derive(Debug, Default)]
pub(super) struct Packing {
    bytes: Vec<u8>,
    columns: Vec<Place>,
}

/// Where a column is, counted from the place of the first.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// Every row has the same bytes, which stand there once.
    Same(usize),
    Each(usize),
    /// Views and then the bytes of long texts.
    Text {
        views: usize,
        heap: usize,
    },
    /// The ends of lists, then their items.
    List {
        ends: usize,
        views: usize,
        heap: usize,
    },
}

/// Columns that were written.
#[derive(Debug)]
pub(super) struct Packed {
    at: u64,
    columns: Vec<Place>,
}

/// A number of fixed size.
pub(super) trait Plain: bytemuck::Pod + PartialEq {}

impl Plain for u8 {}
impl Plain for i32 {}
impl Plain for u32 {}
impl Plain for i64 {}
impl Plain for u64 {}

impl Packing {
    pub(super) fn plain<T: Plain>(&mut self, values: &[T]) {
        let at = self.bytes.len();
        match values.split_first() {
            Some((first, rest)) if rest.iter().all(|value| value == first) => {
                self.bytes.extend_from_slice(bytemuck::bytes_of(first));
                self.columns.push(Place::Same(at));
            }
            _ => {
                self.bytes.extend_from_slice(bytemuck::cast_slice(values));
                self.columns.push(Place::Each(at));
            }
        }
    }

    pub(super) fn text(&mut self, column: &Text) {
        let (views, heap) = self.items(column);
        self.columns.push(Place::Text { views, heap });
    }

    pub(super) fn list(&mut self, column: &TextList) {
        let ends = self.bytes.len();
        self.bytes.extend_from_slice(bytemuck::cast_slice(column.ends()));
        let (views, heap) = self.items(column.items());
        self.columns.push(Place::List { ends, views, heap });
    }

    /// Views with the places of long texts counted anew, so that those of some rows stand together.
    fn items(&mut self, column: &Text) -> (usize, usize) {
        let views = self.bytes.len();
        self.bytes.reserve(16 * column.len() + column.heap().len());
        let mut place = 0u32;
        for view in column.views() {
            let view = if view.is_inline() { *view } else { view.moved(place) };
            place += if view.is_inline() { 0 } else { view.len() as u32 };
            self.bytes.extend_from_slice(bytemuck::bytes_of(&view.0));
        }
        let heap = self.bytes.len();
        for (row, _) in column.views().iter().enumerate().filter(|(_, view)| !view.is_inline()) {
            self.bytes.extend_from_slice(column.bytes(row));
        }
        (views, heap)
    }

    pub(super) fn write(self, to: &Spill) -> io::Result<Packed> {
        Ok(Packed { at: to.write(&self.bytes)?, columns: self.columns })
    }
}

/// Reads rows of columns, by number in the order of packing.
#[derive(Clone, Copy)]
pub(super) struct Unpacking<'a> {
    pub from: &'a Spill,
    pub packed: &'a Packed,
}

impl Unpacking<'_> {
    pub(super) fn plain<T: Plain>(&self, column: usize, rows: Range<usize>) -> io::Result<Vec<T>> {
        let size = size_of::<T>();
        match self.packed.columns[column] {
            Place::Same(at) => {
                let value: T = bytemuck::pod_read_unaligned(&self.bytes(at, size)?);
                Ok(vec![value; rows.len()])
            }
            Place::Each(at) => self.values(at, rows),
            Place::Text { .. } | Place::List { .. } => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    pub(super) fn text(&self, column: usize, rows: Range<usize>) -> io::Result<Text> {
        match self.packed.columns[column] {
            Place::Text { views, heap } => self.items(views, heap, rows),
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    pub(super) fn list(&self, column: usize, rows: Range<usize>) -> io::Result<TextList> {
        let Place::List { ends, views, heap } = self.packed.columns[column] else {
            return Err(io::ErrorKind::InvalidData.into());
        };
        let mut ends: Vec<u32> = self.values(ends, rows.start..rows.end + 1)?;
        let first = ends[0];
        let last = ends[ends.len() - 1];
        ends.iter_mut().for_each(|end| *end -= first);
        Ok(TextList::of_parts(ends, self.items(views, heap, first as usize..last as usize)?))
    }

    fn items(&self, views: usize, heap: usize, rows: Range<usize>) -> io::Result<Text> {
        let bytes = self.bytes(views + 16 * rows.start, 16 * rows.len())?;
        let view = |bytes: &[u8]| View(u128::from_le_bytes(bytes.try_into().unwrap_or_default()));
        let mut views: Vec<View> = bytes.chunks_exact(16).map(view).collect();
        let mut long = views.iter().filter(|view| !view.is_inline());
        let Some(first) = long.next() else { return Ok(Text::of_parts(views, Vec::new())) };
        let last = long.next_back().unwrap_or(first);
        let (start, end) = (first.place(), last.place() + last.len());
        let heap = self.bytes(heap + start, end - start)?;
        if start > 0 {
            for view in views.iter_mut().filter(|view| !view.is_inline()) {
                *view = view.moved((view.place() - start) as u32);
            }
        }
        Ok(Text::of_parts(views, heap))
    }

    fn values<T: Plain>(&self, at: usize, rows: Range<usize>) -> io::Result<Vec<T>> {
        let size = size_of::<T>();
        let bytes = self.bytes(at + size * rows.start, size * rows.len())?;
        Ok(bytes.chunks_exact(size).map(bytemuck::pod_read_unaligned).collect())
    }

    fn bytes(&self, at: usize, bytes: usize) -> io::Result<Vec<u8>> {
        self.from.read(self.packed.at + at as u64, bytes)
    }
}
