//! One text a row.

use std::ops::Range;

/// A text of at most 12 bytes *is* its view: length in the lowest 4 bytes, then the bytes, zero-filled. A longer text
/// has its length, its first 4 bytes, and the place in the heap of the rest. The layout is that of an Arrow string view
/// with one data buffer, so equal short texts have equal views and hash as one integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct View(pub u128);

impl View {
    pub const INLINE_BYTES: usize = 12;
    pub const EMPTY: View = View(0);

    /// The view of a text of at most [`View::INLINE_BYTES`] bytes.
    #[must_use]
    pub fn inline(text: &[u8]) -> Option<View> {
        if text.len() > Self::INLINE_BYTES {
            return None;
        }
        let mut bytes = [0u8; 16];
        bytes[0] = text.len() as u8;
        bytes[4..4 + text.len()].copy_from_slice(text);
        Some(View(u128::from_le_bytes(bytes)))
    }

    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a view is not a container")]
    pub const fn len(self) -> usize {
        (self.0 as u32) as usize
    }

    #[must_use]
    pub const fn is_inline(self) -> bool {
        self.len() <= Self::INLINE_BYTES
    }

    /// Where in the heap a long text is.
    pub(crate) const fn place(self) -> usize {
        (self.0 >> 96) as u32 as usize
    }

    /// The view of the same long text at another place.
    pub(crate) const fn moved(self, place: u32) -> View {
        View((self.0 & (u128::MAX >> 32)) | ((place as u128) << 96))
    }
}

/// A column of texts.
#[derive(Clone, Debug, Default)]
pub struct Text {
    views: Vec<View>,
    heap: Vec<u8>,
}

impl Text {
    #[must_use]
    pub fn with_capacity(rows: usize) -> Text {
        Text { views: Vec::with_capacity(rows), heap: Vec::new() }
    }

    /// A column of views and the bytes of their long texts, which are known to be texts.
    pub(crate) fn of_parts(views: Vec<View>, heap: Vec<u8>) -> Text {
        Text { views, heap }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.views.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.views.is_empty()
    }

    /// Appends a text. Panics past 4 GiB of long texts, which no batch reaches.
    pub fn push(&mut self, text: &str) {
        self.push_bytes(text.as_bytes());
    }

    /// Appends a text that is known to be one.
    fn push_bytes(&mut self, text: &[u8]) {
        let view = View::inline(text).unwrap_or_else(|| {
            let offset = u32::try_from(self.heap.len()).expect("Invariant: a batch holds under 4 GiB of long texts");
            self.heap.extend_from_slice(text);
            let mut bytes = [0u8; 16];
            bytes[..4].copy_from_slice(&(text.len() as u32).to_le_bytes());
            bytes[4..8].copy_from_slice(&text[..4]);
            bytes[12..].copy_from_slice(&offset.to_le_bytes());
            View(u128::from_le_bytes(bytes))
        });
        self.views.push(view);
    }

    #[must_use]
    pub fn bytes(&self, row: usize) -> &[u8] {
        view_bytes(&self.views[row], &self.heap)
    }

    #[must_use]
    pub fn get(&self, row: usize) -> &str {
        std::str::from_utf8(self.bytes(row)).expect("Invariant: only whole texts are pushed")
    }

    #[must_use]
    pub fn views(&self) -> &[View] {
        &self.views
    }

    #[must_use]
    pub fn heap(&self) -> &[u8] {
        &self.heap
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.len()).map(|row| self.get(row))
    }

    /// Appends Arrow string views of texts in place.
    #[inline]
    pub(crate) fn extend_in_place(&mut self, views: &[u128]) {
        debug_assert!(views.iter().all(|view| View(*view).is_inline()), "Condition failed: texts in place");
        self.views.extend(views.iter().map(|view| View(*view)));
    }

    pub fn extend(&mut self, other: &Text) {
        self.views.reserve(other.len());
        if other.heap.is_empty() {
            self.views.extend_from_slice(&other.views);
            return;
        }
        (0..other.len()).for_each(|row| self.push_row(other, row));
    }

    /// These rows, in this order. The column is used up, so that a table can be picked from column by column.
    #[must_use]
    pub fn take(self, rows: &[u32]) -> Text {
        let mut taken = Text::with_capacity(rows.len());
        rows.iter().for_each(|&row| taken.push_row(&self, row as usize));
        taken
    }

    /// These rows.
    #[must_use]
    pub fn slice(&self, rows: Range<usize>) -> Text {
        let mut slice = Text::with_capacity(rows.len());
        rows.for_each(|row| slice.push_row(self, row));
        slice
    }

    /// Appends a row of another column: a short text by its view.
    pub(crate) fn push_row(&mut self, other: &Text, row: usize) {
        let view = other.views[row];
        if view.is_inline() { self.views.push(view) } else { self.push_bytes(other.bytes(row)) }
    }
}

impl<S: AsRef<str>> FromIterator<S> for Text {
    fn from_iter<I: IntoIterator<Item = S>>(texts: I) -> Text {
        let mut column = Text::default();
        texts.into_iter().for_each(|text| column.push(text.as_ref()));
        column
    }
}

/// The bytes a view stands for.
#[must_use]
pub(crate) fn view_bytes<'a>(view: &'a View, heap: &'a [u8]) -> &'a [u8] {
    let len = view.len();
    if view.is_inline() {
        // A view is stored little-endian, so its bytes in memory are length, then text.
        &bytemuck::bytes_of(&view.0)[4..4 + len]
    } else {
        let offset = view.place();
        &heap[offset..offset + len]
    }
}

#[cfg(target_endian = "big")]
compile_error!("texts are read in place from little-endian views");

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_goes_in_comes_out(texts in proptest::collection::vec(".{0,30}", 0..50)) {
            let column: Text = texts.iter().collect();
            prop_assert_eq!(column.iter().map(str::to_owned).collect::<Vec<_>>(), texts);
        }
    }

    #[test]
    fn short_texts_are_their_views() {
        let column: Text = ["I21.000x001", "I21.000x001"].into_iter().collect();
        assert_eq!(column.views()[0], column.views()[1]);
        assert!(column.heap().is_empty());
    }
}
