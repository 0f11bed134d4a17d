//! Choices made from a list of numbers, so that a failing world shrinks towards the first options.

use proptest::prelude::*;

/// Numbers to choose by. When they are used up every choice is the first.
#[derive(Clone, Debug)]
pub struct Dice {
    numbers: Vec<u16>,
    next: usize,
}

impl Dice {
    pub fn new(numbers: Vec<u16>) -> Dice {
        Dice { numbers, next: 0 }
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        let number = self.numbers.get(self.next).copied().unwrap_or_default();
        self.next += 1;
        usize::from(number) % end
    }

    pub fn pick<'a, T: ?Sized>(&mut self, options: &[&'a T]) -> &'a T {
        options[self.below(options.len())]
    }

    /// Once in so many.
    pub fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == many - 1
    }
}

/// Any dice of so many numbers.
pub fn dice(count: usize) -> impl Strategy<Value = Dice> {
    prop::collection::vec(any::<u16>(), count).prop_map(Dice::new)
}
