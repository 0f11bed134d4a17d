//! Tokens → tree, by recursive descent.

use super::lexer::{Token, tokens};
use super::tree::{Atom, Codes, Comparison, Condition, Kind, NumberField, Ref, TextField};
use crate::claims::Sex;
use crate::problem::Problem;
use crate::problem::catalogue::scheme as codes;

/// Parentheses and `not` deeper than this are refused, so that no input can exhaust the stack.
const MAX_DEPTH: usize = 64;

/// Parses a condition. The problem's offset is the character, counted from 1, where reading stopped making sense.
pub fn parse(text: &str) -> Result<Condition, Problem> {
    let tokens = tokens(text);
    let end = text.chars().count() + 1;
    let mut parser = Parser { tokens: &tokens, at: 0, end, depth: 0 };
    let condition = parser.condition()?;
    match parser.tokens.get(parser.at) {
        None => Ok(condition),
        Some(_) => Err(parser.unexpected("and, or")),
    }
}

struct Parser<'a> {
    tokens: &'a [(usize, Token<'a>)],
    at: usize,
    end: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn condition(&mut self) -> Result<Condition, Problem> {
        let first = self.and_part()?;
        self.chain("or", first, Condition::Or, Self::and_part)
    }

    fn and_part(&mut self) -> Result<Condition, Problem> {
        let first = self.not_part()?;
        self.chain("and", first, Condition::And, Self::not_part)
    }

    fn chain(
        &mut self,
        joint: &str,
        first: Condition,
        make: fn(Vec<Condition>) -> Condition,
        part: fn(&mut Self) -> Result<Condition, Problem>,
    ) -> Result<Condition, Problem> {
        let mut parts = vec![first];
        while self.peek() == Some(Token::Word(joint)) {
            self.at += 1;
            parts.push(part(self)?);
        }
        Ok(match parts.len() {
            1 => parts.remove(0),
            _ => make(parts),
        })
    }

    fn not_part(&mut self) -> Result<Condition, Problem> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.problem(&codes::CONDITION_TOO_DEEP));
        }
        let part = match self.peek() {
            Some(Token::Word("not")) => {
                self.at += 1;
                Condition::Not(Box::new(self.not_part()?))
            }
            Some(Token::Sign("(")) => {
                self.at += 1;
                let inner = self.condition()?;
                self.sign(")")?;
                inner
            }
            _ => self.atom()?,
        };
        self.depth -= 1;
        Ok(part)
    }

    fn atom(&mut self) -> Result<Condition, Problem> {
        let Some(Token::Word(word)) = self.peek() else {
            return Err(self.unexpected("always, never, mcc, cc, icu, pdx, any_dx, main_proc, any_proc, age, sex …"));
        };
        let atom = match word {
            "always" => return Ok(self.step(Condition::Always)),
            "never" => return Ok(self.step(Condition::Never)),
            "mcc" => self.step(Atom::Mcc),
            "cc" => self.step(Atom::Cc),
            "icu" => self.step(Atom::Icu),
            "sex" => {
                self.at += 1;
                self.sex()?
            }
            "trauma_regions" => {
                self.at += 1;
                let (op, value) = self.comparison()?;
                Atom::TraumaRegions(op, value)
            }
            _ => {
                if let Some(of) = find(&Ref::WORDS, word) {
                    self.at += 1;
                    self.codes(of)?
                } else if let Some(field) = find(&NumberField::WORDS, word) {
                    self.at += 1;
                    let (op, value) = self.comparison()?;
                    Atom::Number(field, op, value)
                } else if let Some(field) = find(&TextField::WORDS, word) {
                    self.at += 1;
                    self.text(field)?
                } else {
                    return Err(self.problem(&codes::UNKNOWN_WORD).with("word", word).with("hint", hint(word)));
                }
            }
        };
        Ok(Condition::Atom(atom))
    }

    fn sex(&mut self) -> Result<Atom, Problem> {
        self.sign("==")?;
        match self.peek() {
            Some(Token::Word("male")) => Ok(self.step(Atom::Sex(Sex::Male))),
            Some(Token::Word("female")) => Ok(self.step(Atom::Sex(Sex::Female))),
            _ => Err(self.unexpected("male, female")),
        }
    }

    fn text(&mut self, field: TextField) -> Result<Atom, Problem> {
        match self.peek() {
            Some(Token::Sign("==")) => {
                self.at += 1;
                Ok(Atom::Text(field, vec![self.word("a word")?.to_owned()]))
            }
            Some(Token::Word("in")) => {
                self.at += 1;
                Ok(Atom::Text(field, self.braces()?))
            }
            _ => Err(self.unexpected("==, in")),
        }
    }

    fn codes(&mut self, of: Ref) -> Result<Atom, Problem> {
        let codes = match self.peek() {
            Some(Token::Sign("==")) => {
                self.at += 1;
                Codes::These(vec![self.word("a code")?.to_owned()])
            }
            Some(Token::Word("startswith")) => {
                self.at += 1;
                Codes::StartsWith(self.word("the beginning of a code")?.to_owned())
            }
            Some(Token::Word("in")) => {
                self.at += 1;
                match self.peek() {
                    Some(Token::Sign("{")) => Codes::These(self.braces()?),
                    Some(Token::Word("MDC")) if of.kind == Kind::Diagnosis => self.step(Codes::Mdc),
                    Some(Token::Word("VALID")) if of.kind == Kind::Procedure => self.step(Codes::Valid),
                    Some(Token::Word("MDC" | "VALID")) => return Err(self.problem(&codes::WRONG_KIND_OF_LIST)),
                    _ => Codes::List(self.word("a list, MDC, VALID or {")?.to_owned()),
                }
            }
            _ => return Err(self.unexpected("in, ==, startswith")),
        };
        Ok(Atom::Codes(of, codes))
    }

    fn braces(&mut self) -> Result<Vec<String>, Problem> {
        self.sign("{")?;
        let mut words = vec![self.word("a code")?.to_owned()];
        while self.peek() == Some(Token::Sign(",")) {
            self.at += 1;
            words.push(self.word("a code")?.to_owned());
        }
        self.sign("}")?;
        words.sort();
        words.dedup();
        Ok(words)
    }

    fn comparison(&mut self) -> Result<(Comparison, i32), Problem> {
        let op = match self.peek() {
            Some(Token::Sign(sign)) => find(&Comparison::WORDS, sign),
            _ => None,
        };
        let Some(op) = op else {
            return Err(self.unexpected("<, <=, >, >=, =="));
        };
        self.at += 1;
        let value = match self.peek() {
            Some(Token::Word(word)) => word.parse().ok(),
            _ => None,
        };
        match value {
            Some(value) => Ok((op, self.step(value))),
            None => Err(self.unexpected("a whole number")),
        }
    }

    fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.at).map(|(_, token)| *token)
    }

    fn step<T>(&mut self, value: T) -> T {
        self.at += 1;
        value
    }

    fn word(&mut self, expected: &str) -> Result<&'a str, Problem> {
        match self.peek() {
            Some(Token::Word(word)) => Ok(self.step(word)),
            _ => Err(self.unexpected(expected)),
        }
    }

    fn sign(&mut self, sign: &str) -> Result<(), Problem> {
        if self.peek() != Some(Token::Sign(sign)) {
            return Err(self.unexpected(sign));
        }
        self.at += 1;
        Ok(())
    }

    fn problem(&self, entry: &'static crate::problem::Entry) -> Problem {
        let offset = self.tokens.get(self.at).map_or(self.end, |(offset, _)| *offset);
        Problem::new(entry).offset(offset)
    }

    fn unexpected(&self, expected: &str) -> Problem {
        match self.peek() {
            Some(token) => {
                self.problem(&codes::UNEXPECTED_TOKEN).with("found", token.text()).with("expected", expected)
            }
            None => self.problem(&codes::CONDITION_ENDS_EARLY).with("expected", expected),
        }
    }
}

fn find<T: Copy>(words: &[(&'static str, T)], word: &str) -> Option<T> {
    words.iter().find(|(known, _)| *known == word).map(|(_, value)| *value)
}

/// The known word most like the one given.
fn hint(word: &str) -> &'static str {
    let known = ["always", "never", "mcc", "cc", "icu", "sex", "trauma_regions", "not"].into_iter();
    let refs = Ref::WORDS.iter().map(|(word, _)| *word);
    let numbers = NumberField::WORDS.iter().map(|(word, _)| *word);
    let texts = TextField::WORDS.iter().map(|(word, _)| *word);
    crate::text::closest(word, known.chain(refs).chain(numbers).chain(texts)).unwrap_or("always")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn and_binds_tighter_than_or() {
        let parsed = parse("pdx in D1 or mcc and not cc").unwrap();
        let Condition::Or(parts) = &parsed else { panic!("{parsed:?}") };
        assert!(matches!(parts[1], Condition::And(_)));
        assert_eq!(parsed.to_string(), "pdx in D1 or (mcc and not cc)");
    }

    #[test]
    fn tells_where_it_stopped() {
        for (text, code, offset) in [
            ("pdx in D1 and colour == red", "S012", 15),
            ("pdx in D1 main_proc in P1", "S010", 11),
            ("(pdx in D1", "S011", 11),
            ("age < abc", "S010", 7),
            ("age =< 5", "S010", 5),
            ("pdx in VALID", "S013", 8),
            ("", "S011", 1),
            ("主诊断 in D1", "S012", 1),
            ("discharge_way in {}", "S010", 19),
        ] {
            let problem = parse(text).unwrap_err();
            assert_eq!((problem.entry.code, problem.place.offset), (code, Some(offset)), "{text}");
        }
        assert_eq!(parse(&"(".repeat(10_000)).unwrap_err().entry.code, "S014");
    }

    proptest! {
        #[test]
        fn any_text_gives_a_tree_or_a_place(text in "[a-zA-Z0-9 (){},<>=_.+*x]{0,60}") {
            if let Err(problem) = parse(&text) {
                let offset = problem.place.offset.unwrap();
                prop_assert!((1..=text.chars().count() + 1).contains(&offset));
            }
        }

        #[test]
        fn what_is_written_parses_to_the_same_tree(text in condition(3)) {
            let tree = parse(&text).unwrap();
            prop_assert_eq!(&parse(&tree.to_string()).unwrap().to_string(), &tree.to_string());
        }
    }

    fn condition(depth: u32) -> impl Strategy<Value = String> {
        let atom = prop_oneof![
            Just("always".to_owned()),
            Just("mcc".to_owned()),
            Just("any_proc in {39.6500, 96.0400}".to_owned()),
            Just("any_dx startswith P07.".to_owned()),
            Just("age_days <= 28".to_owned()),
            Just("sex == female".to_owned()),
            Just("trauma_regions >= 2".to_owned()),
            Just("dept == 0201".to_owned()),
        ];
        atom.prop_recursive(depth, 16, 3, |inner| {
            prop_oneof![
                (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) and ({b})")),
                (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) or ({b})")),
                inner.prop_map(|a| format!("not ({a})")),
            ]
        })
    }
}
