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

/// The usual case: capitals, digits, points, and `x` after the first character; so of each of those that a `+` joins.
fn is_plain_code(code: &[u8]) -> bool {
    let is_plain = |part: &[u8]| match part.split_first() {
        None => true,
        Some((first, rest)) => (is_usual(*first) || *first == b'X') && rest.iter().all(|b| is_usual(*b) || *b == b'x'),
    };
    code.split(|b| *b == b'+').all(is_plain)
}

/// Whether every Arrow string view is a text of 1 to 12 bytes in its usual form, which [`clean`] leaves as it is.
pub(super) fn are_plain(views: &[u128], style: Style) -> bool {
    match style {
        Style::Code => views.chunks(VIEWS_AT_ONCE).all(|some| {
            let usual = |b: u8| is_usual(b) | (b == b'x') | (b == b'X');
            are_in_place(some, usual) && are_code_case(some)
        }),
        Style::Text => views.chunks(VIEWS_AT_ONCE).all(|some| are_in_place(some, |b| b.wrapping_sub(b'!') < 94)),
        Style::Exact => views.iter().all(|view| View(*view).is_inline()),
    }
}

/// As many as can be counted by bytes, of 15 zeros at most a view.
const VIEWS_AT_ONCE: usize = 15;

#[inline]
fn is_usual(b: u8) -> bool {
    (b.wrapping_sub(b'0') < 10) | ((b.wrapping_sub(b'A') < 26) & (b != b'X')) | (b == b'.') | (b == b'*')
}

/// Whether views are of 1 to 12 bytes that all pass a test. All bytes are looked at as one row of bytes, lengths and
/// padding among them, so that the compiler tests many at once; their numbers tell that each stands where it belongs.
#[inline]
fn are_in_place(views: &[u128], usual: impl Fn(u8) -> bool) -> bool {
    const LONGEST: u8 = View::INLINE_BYTES as u8;
    let (mut odd, mut lengths, mut zeros) = (0u8, 0u8, 0u8);
    for &b in bytemuck::cast_slice::<u128, u8>(views) {
        let is_length = b.wrapping_sub(1) < LONGEST;
        odd |= u8::from(!(usual(b) | is_length | (b == 0)));
        lengths += u8::from(is_length);
        zeros += u8::from(b == 0);
    }
    let (mut fit, mut wanted_zeros) = (true, 0u8);
    for view in views {
        let length = *view as u32;
        // The last byte that is not zero is the last of the text.
        let ends = (135 - view.leading_zeros()) / 8 == 4 + length;
        fit &= (length.wrapping_sub(1) < LONGEST.into()) & ends;
        wanted_zeros = wanted_zeros.wrapping_add(15u8.wrapping_sub(length as u8));
    }
    fit && odd == 0 && usize::from(lengths) == views.len() && zeros == wanted_zeros
}

/// Whether views of usual bytes have `X` as first byte only, and `x` never as first.
#[inline]
fn are_code_case(views: &[u128]) -> bool {
    let large = bytemuck::cast_slice::<u128, u8>(views).iter().fold(0u8, |sum, b| sum + u8::from(*b == b'X'));
    let firsts = views.iter().map(|view| (view >> 32) as u8);
    let (first_large, first_small) =
        firsts.fold((0u8, 0u8), |(large, small), b| (large + u8::from(b == b'X'), small + u8::from(b == b'x')));
    large == first_large && first_small == 0
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
        fn views_are_plain_when_their_texts_are(
            texts in proptest::collection::vec("[AXxz09.*+\\- \0\x01\x0c]{0,12}", 1..40),
        ) {
            let views: Vec<u128> = texts.iter().map(|text| View::inline(text.as_bytes()).unwrap().0).collect();
            for style in [Style::Code, Style::Text] {
                let plain = |text: &[u8]| match style {
                    Style::Code => !text.contains(&b'+') && is_plain_code(text),
                    _ => text.iter().all(u8::is_ascii_graphic),
                };
                let is_plain = |text: &String| !text.is_empty() && plain(text.as_bytes());
                for (view, text) in views.iter().zip(&texts) {
                    prop_assert_eq!(are_plain(&[*view], style), is_plain(text));
                }
                prop_assert_eq!(are_plain(&views, style), texts.iter().all(is_plain));
            }
        }

        #[test]
        fn many_plain_codes_are_plain(texts in proptest::collection::vec("[A-Z][0-9]{2}\\.[0-9x]{1,8}", 1..80)) {
            let views: Vec<u128> = texts.iter().map(|text| View::inline(text.as_bytes()).unwrap().0).collect();
            prop_assert!(are_plain(&views, Style::Code));
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
