//! Text → tokens with their places.

/// What a token is. Words are everything that is not a sign: names, codes, numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    Word(&'a str),
    /// One of `( ) { } ,` or a comparison.
    Sign(&'a str),
}

impl<'a> Token<'a> {
    pub fn text(self) -> &'a str {
        match self {
            Token::Word(text) | Token::Sign(text) => text,
        }
    }
}

/// The tokens of a condition, each with the character it starts at, counted from 1.
pub fn tokens(text: &str) -> Vec<(usize, Token<'_>)> {
    let mut found = Vec::new();
    let mut rest = text;
    let mut offset = 1;
    while let Some(first) = rest.chars().next() {
        let (len, token) = if first.is_whitespace() {
            (first.len_utf8(), None)
        } else if "(){},".contains(first) {
            (1, Some(Token::Sign(&rest[..1])))
        } else if is_comparison(first) {
            let len = rest.find(|c| !is_comparison(c)).unwrap_or(rest.len());
            (len, Some(Token::Sign(&rest[..len])))
        } else {
            let ends = |c: char| c.is_whitespace() || "(){},".contains(c) || is_comparison(c);
            let len = rest.find(ends).unwrap_or(rest.len());
            (len, Some(Token::Word(&rest[..len])))
        };
        found.extend(token.map(|token| (offset, token)));
        offset += rest[..len].chars().count();
        rest = &rest[len..];
    }
    found
}

/// The character, counted from 1, at which a word first stands in a condition.
#[must_use]
pub fn place_of(text: &str, word: &str) -> Option<usize> {
    tokens(text).into_iter().find(|(_, token)| *token == Token::Word(word)).map(|(offset, _)| offset)
}

const fn is_comparison(c: char) -> bool {
    matches!(c, '<' | '>' | '=' | '!')
}
