//! Did you mean …?

/// The candidate with the fewest letters to change, when it is near enough to be a slip; the first among equals.
#[must_use]
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    let limit = word.chars().count().max(3) / 2;
    let near = candidates
        .iter()
        .map(|&candidate| (distance(&word.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate);
    near.or_else(|| long_form(word, &candidates))
}

/// The shortest candidate that has the word's characters in their order, as 三级甲等 has those of 三甲.
fn long_form<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let abbreviated = |candidate: &str| {
        let mut rest = candidate.chars();
        word.chars().all(|c| rest.any(|other| other == c))
    };
    // Letters of a script without words stand for words; of others they stand for nothing.
    let chinese = word.chars().count() > 1 && word.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    candidates
        .iter()
        .copied()
        .filter(|candidate| chinese && abbreviated(candidate))
        .min_by_key(|candidate| candidate.len())
}

/// Levenshtein distance.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in right.iter().enumerate() {
            let change = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = change.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_only_near_words() {
        assert_eq!(closest("main_prok", ["pdx", "main_proc", "any_proc"]), Some("main_proc"));
        assert_eq!(closest("colour", ["pdx", "main_proc"]), None);
        let grades = ["二级甲等", "三级乙等", "三级甲等"];
        assert_eq!(closest("三甲", grades), Some("三级甲等"));
        assert_eq!(closest("甲三", grades), None);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
