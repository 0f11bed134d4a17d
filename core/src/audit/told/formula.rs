//! Formulas as they are printed, and what they come to.

use crate::audit::Found;
use crate::audit::ratio::Ratio;
use crate::money::Rounding;

/// What the symbols of formulas stand for.
#[derive(Clone, Debug, Default)]
pub(super) struct Symbols {
    known: Vec<(String, Ratio)>,
    /// How `round` rounds.
    pub rounding: Option<Rounding>,
}

impl Symbols {
    /// Gives a symbol its value, in place of the one that it had.
    pub(super) fn set(&mut self, name: &str, value: Ratio) {
        self.known.retain(|(own, _)| own != name);
        self.known.push((name.to_owned(), value));
    }

    pub(super) fn get(&self, name: &str) -> Option<&Ratio> {
        self.known.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    /// The value of a formula of `+ − × ÷`, brackets, whole numbers, `min`, `max` and `round`.
    pub(super) fn value(&self, formula: &str) -> Found<Ratio> {
        let words = words(formula);
        let mut reader = Reader { symbols: self, words: &words, at: 0 };
        let value = reader.sum()?;
        if reader.at == words.len() { Ok(value) } else { Err(format!("formula {formula}")) }
    }
}

/// The symbols, numbers, signs and brackets of a formula.
pub(super) fn words(formula: &str) -> Vec<&str> {
    let (mut words, mut start) = (Vec::new(), None);
    for (at, sign) in formula.char_indices() {
        let is_sign = matches!(sign, '+' | '−' | '×' | '÷' | '(' | ')' | ',');
        if is_sign || sign == ' ' {
            words.extend(start.take().map(|from: usize| &formula[from..at]));
            words.extend(is_sign.then(|| &formula[at..at + sign.len_utf8()]));
        } else if start.is_none() {
            start = Some(at);
        }
    }
    words.extend(start.map(|from| &formula[from..]));
    words
}

struct Reader<'a> {
    symbols: &'a Symbols,
    words: &'a [&'a str],
    at: usize,
}

impl Reader<'_> {
    fn take(&mut self, word: &str) -> bool {
        let found = self.words.get(self.at) == Some(&word);
        self.at += usize::from(found);
        found
    }

    fn sum(&mut self) -> Found<Ratio> {
        let mut value = self.product()?;
        loop {
            if self.take("+") {
                value = value + self.product()?;
            } else if self.take("−") {
                value = value - self.product()?;
            } else {
                return Ok(value);
            }
        }
    }

    fn product(&mut self) -> Found<Ratio> {
        let mut value = self.one()?;
        loop {
            if self.take("×") {
                value = value * self.one()?;
            } else if self.take("÷") {
                value = value.over(&self.one()?).ok_or("÷ 0")?;
            } else {
                return Ok(value);
            }
        }
    }

    fn one(&mut self) -> Found<Ratio> {
        if self.take("(") {
            return self.closed();
        }
        let name = *self.words.get(self.at).ok_or("formula")?;
        self.at += 1;
        if self.take("(") {
            let first = self.sum()?;
            if !self.take(",") {
                return Err(name.to_owned());
            }
            let second = self.closed()?;
            return match (name, self.symbols.rounding) {
                ("min", _) => Ok(first.least(second)),
                ("max", _) => Ok(first.most(second)),
                ("round", Some(rounding)) => {
                    let digits = second.text(0).parse().map_err(|_| name.to_owned())?;
                    Ok(first.round(digits, rounding))
                }
                _ => Err(name.to_owned()),
            };
        }
        match name.parse::<i64>() {
            Ok(number) => Ok(Ratio::whole(number)),
            Err(_) => self.symbols.get(name).cloned().ok_or_else(|| name.to_owned()),
        }
    }

    fn closed(&mut self) -> Found<Ratio> {
        let value = self.sum()?;
        if self.take(")") { Ok(value) } else { Err(")".to_owned()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_come_to_what_they_say() {
        let mut symbols = Symbols { rounding: Some(Rounding::HalfUp), ..Symbols::default() };
        symbols.set("RW", Ratio::scaled(125, 2));
        symbols.set("级", Ratio::whole(2));
        let text = |formula: &str| symbols.value(formula).map(|value| value.text(4));
        assert_eq!(text("RW × 级 + 1 − 3 ÷ 4").unwrap(), "2.7500");
        assert_eq!(text("min(RW × (级 + 1), max(RW, 3))").unwrap(), "3.0000");
        assert_eq!(text("round(RW ÷ 级, 2)").unwrap(), "0.6300");
        assert!(["RW ×", "RW RW", "f", "1 ÷ 0", "(1"].iter().all(|formula| text(formula).is_err()));
    }
}
