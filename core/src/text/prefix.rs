//! How a text begins.

use super::column::{View, view_bytes};

/// A beginning that texts are asked for: one comparison of integers for a text that is its view.
#[derive(Clone, Debug)]
pub struct Prefix {
    text: Box<str>,
    /// The bits of a view where the beginning stands, when it can be in place.
    place: Option<(u128, u128)>,
}

impl Prefix {
    #[must_use]
    pub fn new(text: &str) -> Prefix {
        // The view without its length.
        let bytes = |view: View| view.0 >> 32 << 32;
        let ones = vec![u8::MAX; text.len()];
        let place = View::inline(&ones).zip(View::inline(text.as_bytes()));
        Prefix { text: text.into(), place: place.map(|(ones, own)| (bytes(ones), bytes(own))) }
    }

    /// Whether the text that a view stands for begins so.
    #[must_use]
    #[inline]
    pub fn begins(&self, view: &View, heap: &[u8]) -> bool {
        match self.place {
            Some((mask, own)) if view.is_inline() => view.len() >= self.text.len() && view.0 & mask == own,
            _ => view_bytes(view, heap).starts_with(self.text.as_bytes()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn agrees_with_texts(texts in proptest::collection::vec("[AB\0]{0,16}", 0..20), prefix in "[AB\0]{0,14}") {
            let column: Text = texts.iter().collect();
            let own = Prefix::new(&prefix);
            for (view, text) in column.views().iter().zip(&texts) {
                prop_assert_eq!(own.begins(view, column.heap()), text.starts_with(&prefix));
            }
        }
    }
}
