//! Bringing a text to the form in which it is compared: half-width, without stray blanks, codes in the usual case.

use std::borrow::Cow;

use crate::text::View;

/// How far a text may be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// Full-width letters, digits and signs to half-width, blanks at the ends away.
    Text,
    /// The same, all blanks away, and letters in the case of the code tables: capitals, but `x` inside a code
    /// (`A00.100x001`), which the tables write small.
    Code,
    /// As written.
    Exact,
}

/// The clean form. `Cow::Owned` exactly when something changed.
pub(super) fn clean(text: &str, style: Style) -> Cow<'_, str> {
    match style {
        Style::Exact => Cow::Borrowed(text),
        Style::Text if text.bytes().all(|b| b.is_ascii_graphic()) => Cow::Borrowed(text),
        Style::Code if is_plain_code(text.as_bytes()) => Cow::Borrowed(text),
        _ => {
            let mut out = half_width(text);
            if style == Style::Code {
                out.retain(|c| !is_blank(c));
                out = code_case(&out);
            }
            let inner = out.trim_matches(is_blank);
            if inner == text { Cow::Borrowed(text) } else { Cow::Owned(inner.to_owned()) }
        }
    }
}

/// Blanks that people and programs leave around values, the invisible ones included.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_ascii_control() || matches!(c, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}')
}

/// The usual case: capitals, digits, points, and `x` after the first character.
fn is_plain_code(code: &[u8]) -> bool {
    let usual = |b: &u8| matches!(b, b'A'..=b'W' | b'Y' | b'Z' | b'0'..=b'9' | b'.' | b'*');
    match code.split_first() {
        None => true,
        Some((first, rest)) => (usual(first) || *first == b'X') && rest.iter().all(|b| usual(b) || *b == b'x'),
    }
}

/// Whether a string view holds a code of 1 to 12 bytes in the usual case: [`is_plain_code`] of all bytes at once.
#[inline]
pub(super) fn is_plain_view(view: View) -> bool {
    const DIGITS: u128 = u128::from_le_bytes([b'0'; 16]);
    // Behind the length: the first byte, which alone may be a capital X and must not be a small one.
    const FIRST: u32 = 32;
    let length = view.len();
    if !(1..=View::INLINE_BYTES).contains(&length) {
        return false;
    }
    let end = FIRST + 8 * length as u32;
    if view.0.checked_shr(end).is_some_and(|behind| behind != 0) {
        return false;
    }
    let padding = DIGITS.checked_shl(end).unwrap_or(0);
    let first = (view.0 >> FIRST) as u8;
    // What is not looked at becomes digits, so that one test fits every byte.
    let rest = view.0 >> (FIRST + 8) << (FIRST + 8) | DIGITS >> (128 - (FIRST + 8)) | padding;
    let usual =
        |b: u8| (b.wrapping_sub(b'0') <= 9) | ((b.wrapping_sub(b'A') <= 25) & (b != b'X')) | (b == b'.') | (b == b'*');
    // A byte a byte, so that the compiler tests all of them at once.
    let odd = rest.to_le_bytes().map(|b| u8::from(!(usual(b) | (b == b'x'))));
    u128::from_le_bytes(odd) == 0 && (usual(first) || first == b'X')
}

/// Full-width letters, digits, signs and blanks as the usual ones.
pub(super) fn half_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            '\u{3000}' => ' ',
            other => other,
        })
        .collect()
}

/// A code begins at the start and after the `+` that joins two.
fn code_case(code: &str) -> String {
    let mut starts = true;
    code.chars()
        .map(|c| {
            let first = std::mem::replace(&mut starts, c == '+');
            if !first && matches!(c, 'x' | 'X') { 'x' } else { c.to_ascii_uppercase() }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn codes_come_to_the_case_of_the_tables() {
        let cases = [
            ("a00.100X001", "A00.100x001"),
            ("A00.100x001", "A00.100x001"),
            ("Ａ００．１００ｘ００１", "A00.100x001"),
            (" i21.0 00 ", "I21.000"),
            ("x59.900", "X59.900"),
            ("X59.900", "X59.900"),
            ("a18.100x018+n51.8*", "A18.100x018+N51.8*"),
            ("50.1200X001", "50.1200x001"),
            ("c22.101m81600/3", "C22.101M81600/3"),
            ("\u{FEFF}J18.900\u{3000}", "J18.900"),
            ("18.2900x018耳后瘘管切除术", "18.2900x018耳后瘘管切除术"),
            ("", ""),
        ];
        for (given, wanted) in cases {
            assert_eq!(clean(given, Style::Code), wanted, "{given}");
            assert_eq!(matches!(clean(given, Style::Code), Cow::Owned(_)), given != wanted, "{given}");
        }
    }

    #[test]
    fn identifiers_keep_their_letters() {
        assert_eq!(clean("　ｓ00１ \t", Style::Text), "s001");
        assert_eq!(clean("a b", Style::Text), "a b");
        assert_eq!(clean(" ａ ", Style::Exact), " ａ ");
    }

    proptest! {
        #[test]
        fn views_are_plain_when_their_texts_are(text in "[AXxz09.*\\-\0]{0,12}") {
            let view = View::inline(text.as_bytes()).unwrap();
            prop_assert_eq!(is_plain_view(view), !text.is_empty() && is_plain_code(text.as_bytes()));
        }

        #[test]
        fn cleaning_twice_changes_nothing(text in "\\PC{0,12}") {
            for style in [Style::Text, Style::Code, Style::Exact] {
                let once = clean(&text, style).into_owned();
                prop_assert_eq!(clean(&once, style).into_owned(), once);
            }
        }
    }
}
