//! A list of texts a row, such as the diagnoses of a claim.

use std::ops::Range;

use super::{Text, View};

/// A column of lists of texts.
#[derive(Clone, Debug)]
pub struct TextList {
    /// `ends[row]..ends[row + 1]` are the items of `row`.
    ends: Vec<u32>,
    items: Text,
}

impl Default for TextList {
    fn default() -> TextList {
        TextList { ends: vec![0], items: Text::default() }
    }
}

impl TextList {
    /// A column of items and where each row's end.
    pub(crate) fn of_parts(ends: Vec<u32>, items: Text) -> TextList {
        TextList { ends, items }
    }

    /// Where the items of each row end, after a 0.
    pub(crate) fn ends(&self) -> &[u32] {
        &self.ends
    }

    /// The items of all rows.
    pub(crate) fn items(&self) -> &Text {
        &self.items
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len() - 1
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends a row.
    pub fn push<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>) {
        texts.into_iter().for_each(|text| self.items.push(text));
        self.end_row();
    }

    /// Appends an item to the row that [`TextList::end_row`] will close.
    pub fn push_item(&mut self, text: &str) {
        self.items.push(text);
    }

    /// Appends an item of a row of another column: a short text by its view.
    pub fn push_item_of(&mut self, other: &TextList, row: usize, at: usize) {
        let place = other.range(row).start + at;
        self.items.push_row(&other.items, place);
    }

    /// Appends an Arrow string view of a text in place to the row that [`TextList::end_row`] will close.
    pub(crate) fn push_in_place(&mut self, view: u128) {
        self.items.extend_in_place(&[view]);
    }

    /// Appends rows of Arrow string views, each of a text in place: `ends` has where each row begins, then the end of
    /// the last; the first begins with the first view.
    pub(crate) fn extend_in_place(&mut self, ends: &[i64], views: &[u128]) {
        let before = self.items.len() as i64 - ends.first().copied().unwrap_or_default();
        self.items.extend_in_place(views);
        let end = |end: &i64| u32::try_from(before + end).expect("Invariant: a batch holds under 2^32 codes");
        self.ends.extend(ends.iter().skip(1).map(end));
    }

    pub fn end_row(&mut self) {
        self.ends.push(u32::try_from(self.items.len()).expect("Invariant: a batch holds under 2^32 codes"));
    }

    fn range(&self, row: usize) -> Range<usize> {
        self.ends[row] as usize..self.ends[row + 1] as usize
    }

    /// The views of a row's items; long ones point into [`TextList::heap`].
    #[must_use]
    pub fn views(&self, row: usize) -> &[View] {
        &self.items.views()[self.range(row)]
    }

    /// The views of the items of some rows, one row after another.
    #[must_use]
    pub fn views_of(&self, rows: Range<usize>) -> &[View] {
        &self.items.views()[self.ends[rows.start] as usize..self.ends[rows.end] as usize]
    }

    #[must_use]
    pub fn heap(&self) -> &[u8] {
        self.items.heap()
    }

    /// The texts of a row.
    pub fn get(&self, row: usize) -> impl ExactSizeIterator<Item = &str> {
        self.range(row).map(|at| self.items.get(at))
    }

    pub fn extend(&mut self, other: &TextList) {
        let before = self.items.len();
        self.items.extend(&other.items);
        let end = |end: &u32| u32::try_from(before + *end as usize).expect("Invariant: a batch holds under 2^32 codes");
        self.ends.extend(other.ends.iter().skip(1).map(end));
    }

    /// These rows, in this order.
    #[must_use]
    pub fn take(self, rows: &[u32]) -> TextList {
        let mut taken = TextList::default();
        rows.iter().for_each(|&row| taken.push_row(&self, row as usize));
        taken
    }

    /// These rows.
    #[must_use]
    pub fn slice(&self, rows: Range<usize>) -> TextList {
        let mut slice = TextList::default();
        rows.for_each(|row| slice.push_row(self, row));
        slice
    }

    fn push_row(&mut self, other: &TextList, row: usize) {
        other.range(row).for_each(|at| self.items.push_row(&other.items, at));
        self.end_row();
    }
}
