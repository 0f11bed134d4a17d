//! Where records of comma-separated text end, so that tasks can parse them side by side.

/// Where text was cut.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cut {
    /// Ends of about equal parts, each after a whole record.
    pub ends: Vec<usize>,
    /// Where a quotation mark stands that nothing closes.
    pub open: Option<usize>,
}

/// What a byte belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    FieldStart,
    Field,
    Quoted,
    /// After a quotation mark inside quotation marks: the end, or the first of two that stand for one.
    Quote,
}

/// Cuts text that begins with a record into at most `count` parts. What comes after the last end is no whole record,
/// unless the text is `complete`.
pub(super) fn cut(text: &[u8], count: usize, complete: bool) -> Cut {
    let targets: Vec<usize> = (1..count).map(|part| text.len() * part / count).collect();
    let mut cut = if text.contains(&b'"') { quoted(text, &targets) } else { plain(text, &targets) };
    if complete && cut.open.is_none() && cut.ends.last() != Some(&text.len()) && !text.is_empty() {
        cut.ends.push(text.len());
    }
    cut
}

/// Without quotation marks every line is a record.
fn plain(text: &[u8], targets: &[usize]) -> Cut {
    let end = if text.contains(&b'\n') { b'\n' } else { b'\r' };
    let before = |at: usize| text[..at].iter().rposition(|byte| *byte == end).map(|at| at + 1);
    let mut ends: Vec<usize> = targets.iter().copied().chain([text.len()]).filter_map(before).collect();
    ends.dedup();
    Cut { ends, open: None }
}

fn quoted(text: &[u8], targets: &[usize]) -> Cut {
    let mut targets = targets.iter().copied().peekable();
    let (mut place, mut opened) = (Place::FieldStart, 0);
    let (mut ends, mut last) = (Vec::new(), None);
    for (at, byte) in text.iter().enumerate() {
        place = match (place, byte) {
            (Place::Quoted, b'"') => Place::Quote,
            (Place::Quoted, _) => Place::Quoted,
            (Place::FieldStart, b'"') => {
                opened = at;
                Place::Quoted
            }
            (Place::Quote, b'"') => Place::Quoted,
            (_, b',') => Place::FieldStart,
            (_, b'\n' | b'\r') => {
                last = (*byte == b'\n').then_some(at + 1).or(last);
                if last.is_some() && targets.next_if(|target| *target <= at + 1).is_some() {
                    ends.extend(last);
                }
                Place::FieldStart
            }
            _ => Place::Field,
        };
    }
    ends.extend(last);
    ends.dedup();
    Cut { ends, open: (place == Place::Quoted).then_some(opened) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn records(text: &[u8]) -> Vec<csv::ByteRecord> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text);
        reader.byte_records().map(Result::unwrap).collect()
    }

    #[test]
    fn quoted_line_ends_end_no_record() {
        let text = b"a,\"b\nc\"\nd,e\n\"f";
        assert_eq!(cut(text, 1, false), Cut { ends: vec![12], open: Some(12) });
        assert_eq!(cut(b"a\nb", 1, false).ends, [2]);
        assert_eq!(cut(b"a\nb", 1, true).ends, [2, 3]);
        assert_eq!(cut(b"a\"b\nc\"d\n", 2, true), Cut { ends: vec![4, 8], open: None }, "marks inside a field");
    }

    proptest! {
        #[test]
        fn parts_have_the_records_of_the_whole(text in "[ab,\"\n\r]{0,60}", count in 1usize..5) {
            let text = text.into_bytes();
            let found = cut(&text, count, true);
            if found.open.is_none() {
                let mut start = 0;
                let mut parts = Vec::new();
                for end in found.ends {
                    parts.extend(records(&text[start..end]));
                    start = end;
                }
                prop_assert_eq!(start, text.len());
                prop_assert_eq!(parts, records(&text));
            }
        }
    }
}
