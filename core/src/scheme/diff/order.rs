//! Which things of a sequence moved.

/// The fewest places of a sequence whose removal leaves it rising: those moved, the others kept their order.
#[must_use]
pub fn moved(sequence: &[usize]) -> Vec<bool> {
    // Ends of the rising runs of each length, and for each place the one before it in its run.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; sequence.len()];
    for (at, value) in sequence.iter().enumerate() {
        let length = ends.partition_point(|end| sequence[*end] < *value);
        before[at] = length.checked_sub(1).map(|shorter| ends[shorter]);
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut moved = vec![true; sequence.len()];
    let mut kept = ends.last().copied();
    while let Some(at) = kept {
        moved[at] = false;
        kept = before[at];
    }
    moved
}

#[cfg(test)]
mod tests {
    use super::moved;
    use proptest::prelude::*;

    #[test]
    fn one_that_jumped_is_one_that_moved() {
        assert_eq!(moved(&[0, 1, 2, 3]), [false; 4]);
        assert_eq!(moved(&[3, 0, 1, 2]), [true, false, false, false]);
        assert_eq!(moved(&[0, 2, 3, 1, 4]), [false, false, false, true, false]);
        assert_eq!(moved(&[]), [false; 0]);
    }

    proptest! {
        /// Against all subsets: what is kept rises, and no larger part does.
        #[test]
        fn as_few_as_can_be(sequence in Just((0..8usize).collect::<Vec<_>>()).prop_shuffle()) {
            let rises = |places: &[usize]| places.windows(2).all(|pair| sequence[pair[0]] < sequence[pair[1]]);
            let largest = (0u32..256).map(|subset| {
                let places: Vec<usize> = (0..8).filter(|at| subset >> at & 1 == 1).collect();
                if rises(&places) { places.len() } else { 0 }
            }).max().unwrap();
            let kept: Vec<usize> =
                moved(&sequence).iter().enumerate().filter(|(_, moved)| !**moved).map(|(at, _)| at).collect();
            prop_assert!(rises(&kept));
            prop_assert_eq!(kept.len(), largest);
        }
    }
}
