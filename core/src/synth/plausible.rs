//! Which diagnoses go together in one patient, by the chapters of ICD-10. It only makes claims look likely: what a
//! claim is grouped into is for the scheme to say.

use crate::claims::Sex;

/// The kind of patient a principal diagnosis tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Newborn,
    /// Pregnancy, birth, childbed.
    Mother,
    Other,
}

impl Kind {
    pub(super) const ALL: [Kind; 3] = [Kind::Newborn, Kind::Mother, Kind::Other];

    pub(super) fn of(diagnosis: &str) -> Kind {
        match diagnosis.as_bytes().first() {
            Some(b'P') => Kind::Newborn,
            Some(b'O') => Kind::Mother,
            _ => Kind::Other,
        }
    }
}

/// Whether only one sex can have a diagnosis: C51–C58 and N70–N98, C60–C63 and N40–N51 and the like.
pub(super) fn sex_of(diagnosis: &str) -> Option<Sex> {
    match (diagnosis.get(..1)?, diagnosis.get(1..3)?.parse::<u8>().ok()?) {
        ("O", _) | ("C", 51..=58) | ("D", 25..=28) | ("N", 70..=98) => Some(Sex::Female),
        ("C", 60..=63) | ("D", 29) | ("N", 40..=51) => Some(Sex::Male),
        _ => None,
    }
}

/// Whether a second diagnosis is a likely companion of a principal one.
pub(super) fn suits(principal: &str, second: &str) -> bool {
    let chapter = |code: &str| code.as_bytes().first().copied().unwrap_or_default();
    match Kind::of(principal) {
        Kind::Newborn => chapter(second) == b'P',
        Kind::Mother => chapter(second) == b'O',
        Kind::Other => match chapter(second) {
            b'O' | b'P' | b'Q' | b'Z' => false,
            // Tumours and injuries come with their like.
            b'C' => chapter(principal) == b'C',
            b'S' | b'T' => matches!(chapter(principal), b'S' | b'T'),
            _ => sex_of(second).is_none(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn companions() {
        assert!(suits("I21.000", "E11.900"));
        assert!(!suits("I21.000", "N80.000"));
        assert!(!suits("I21.000", "O14.100"));
        assert!(suits("C34.900", "C77.100"));
        assert!(suits("P22.000", "P36.900"));
        assert!(!suits("P22.000", "J80.x00"));
        assert_eq!(sex_of("C56.x00"), Some(Sex::Female));
        assert_eq!(sex_of("N40.x00"), Some(Sex::Male));
        assert_eq!(sex_of("耳后"), None);
    }
}
