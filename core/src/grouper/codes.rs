//! Numbers and list memberships of the codes of a scheme.

use std::collections::BTreeMap;
use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use crate::text::{View, view_bytes};

/// The number of a code that stands in no table of the scheme.
pub const UNKNOWN_CODE: u32 = 0;

/// All codes of one kind (diagnoses or procedures). Code `UNKNOWN_CODE` is in no list.
#[derive(Clone, Debug)]
pub struct CodeTable {
    /// Numbers by view, for codes that are their view.
    short: HashTable<(u128, u32)>,
    /// Numbers of codes over 12 bytes, such as dagger-asterisk pairs.
    long: HashTable<(Box<[u8]>, u32)>,
    hasher: FixedState,
    /// Words of a code in the global space; `global_width` a code.
    global: Vec<u64>,
    global_width: usize,
    /// `local_starts[code]..local_starts[code + 1]` in `local_entries`.
    local_starts: Vec<u32>,
    local_entries: Vec<LocalEntry>,
    local_words: Vec<u64>,
    /// Beginnings of codes that conditions ask for, with their bit in the global space.
    prefixes: Vec<(Box<[u8]>, u16)>,
}

/// Where the words of a code for one MDC are.
#[derive(Clone, Copy, Debug)]
struct LocalEntry {
    mdc: u16,
    start: u32,
}

impl CodeTable {
    /// The number of the code a view stands for.
    #[must_use]
    #[inline]
    pub fn number(&self, view: &View, heap: &[u8]) -> u32 {
        if view.is_inline() {
            let hash = self.hasher.hash_one(view.0);
            self.short.find(hash, |(key, _)| *key == view.0).map_or(UNKNOWN_CODE, |(_, number)| *number)
        } else {
            self.number_of_long(view_bytes(view, heap))
        }
    }

    #[cold]
    fn number_of_long(&self, code: &[u8]) -> u32 {
        let hash = self.hasher.hash_one(code);
        self.long.find(hash, |(key, _)| **key == *code).map_or(UNKNOWN_CODE, |(_, number)| *number)
    }

    /// The number of a code given as text.
    #[must_use]
    pub fn number_of(&self, code: &str) -> u32 {
        match View::inline(code.as_bytes()) {
            Some(view) => self.number(&view, &[]),
            None => self.number_of_long(code.as_bytes()),
        }
    }

    /// How many numbers there are, the unknown one included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.local_starts.len() - 1
    }

    /// Joins the global words of a code into `words`. A code that no table knows can still begin as a condition asks.
    #[inline]
    pub fn join_global(&self, number: u32, view: &View, heap: &[u8], words: &mut [u64]) {
        if number == UNKNOWN_CODE {
            if !self.prefixes.is_empty() {
                let code = view_bytes(view, heap);
                for (prefix, bit) in &self.prefixes {
                    if code.starts_with(prefix) {
                        set(words, *bit);
                    }
                }
            }
            return;
        }
        let start = number as usize * self.global_width;
        join(words, &self.global[start..start + self.global_width]);
    }

    /// Joins the words of a code for one MDC into `words`.
    #[inline]
    pub fn join_local(&self, number: u32, mdc: u16, words: &mut [u64]) {
        let entries = self.local_starts[number as usize] as usize..self.local_starts[number as usize + 1] as usize;
        if let Some(entry) = self.local_entries[entries].iter().find(|entry| entry.mdc == mdc) {
            let start = entry.start as usize;
            join(words, &self.local_words[start..start + words.len()]);
        }
    }
}

/// What is collected before a [`CodeTable`] is laid out.
#[derive(Debug, Default)]
pub struct CodeTableBuilder<'a> {
    numbers: BTreeMap<&'a str, u32>,
    global: BTreeMap<u32, Vec<u16>>,
    local: BTreeMap<(u32, u16), Vec<u16>>,
    prefixes: Vec<(&'a str, u16)>,
}

impl<'a> CodeTableBuilder<'a> {
    /// The number of a code, given one if it is new. Numbers follow the order of first mention.
    pub fn number(&mut self, code: &'a str) -> u32 {
        let next = self.numbers.len() as u32 + 1;
        *self.numbers.entry(code).or_insert(next)
    }

    pub fn add_global(&mut self, code: &'a str, bit: u16) {
        let number = self.number(code);
        self.global.entry(number).or_default().push(bit);
    }

    pub fn add_local(&mut self, code: &'a str, mdc: u16, bit: u16) {
        let number = self.number(code);
        self.local.entry((number, mdc)).or_default().push(bit);
    }

    pub fn add_prefix(&mut self, prefix: &'a str, bit: u16) {
        self.prefixes.push((prefix, bit));
    }

    /// Lays the table out. `local_widths[mdc]` is the number of words of an MDC.
    pub fn build(mut self, global_width: usize, local_widths: &[usize]) -> CodeTable {
        for (prefix, bit) in &self.prefixes {
            for (code, number) in &self.numbers {
                if code.starts_with(prefix) {
                    self.global.entry(*number).or_default().push(*bit);
                }
            }
        }
        let hasher = FixedState::default();
        let count = self.numbers.len() + 1;
        let mut short = HashTable::with_capacity(self.numbers.len());
        let mut long = HashTable::new();
        for (code, number) in &self.numbers {
            if let Some(View(key)) = View::inline(code.as_bytes()) {
                short.insert_unique(hasher.hash_one(key), (key, *number), |(key, _)| hasher.hash_one(key));
            } else {
                let key: Box<[u8]> = Box::from(code.as_bytes());
                long.insert_unique(hasher.hash_one(&*key), (key, *number), |(key, _)| hasher.hash_one(&**key));
            }
        }
        let mut global = vec![0; count * global_width];
        for (number, bits) in &self.global {
            let words = &mut global[*number as usize * global_width..][..global_width];
            bits.iter().for_each(|bit| set(words, *bit));
        }
        let mut local_starts = vec![0u32; count + 1];
        let (mut local_entries, mut local_words) = (Vec::new(), Vec::new());
        for ((number, mdc), bits) in &self.local {
            let start = local_words.len();
            local_words.resize(start + local_widths[*mdc as usize], 0);
            bits.iter().for_each(|bit| set(&mut local_words[start..], *bit));
            local_entries.push(LocalEntry { mdc: *mdc, start: start as u32 });
            local_starts[*number as usize + 1] += 1;
        }
        for at in 1..local_starts.len() {
            local_starts[at] += local_starts[at - 1];
        }
        let prefixes = self.prefixes.iter().map(|(prefix, bit)| (Box::from(prefix.as_bytes()), *bit)).collect();
        CodeTable { short, long, hasher, global, global_width, local_starts, local_entries, local_words, prefixes }
    }
}

#[inline]
fn join(words: &mut [u64], more: &[u64]) {
    words.iter_mut().zip(more).for_each(|(word, more)| *word |= more);
}

#[inline]
fn set(words: &mut [u64], bit: u16) {
    words[usize::from(bit / 64)] |= 1 << (bit % 64);
}

/// Whether a bit of a bitset is set.
#[must_use]
#[inline]
pub fn has(words: &[u64], bit: u16) -> bool {
    words[usize::from(bit / 64)] >> (bit % 64) & 1 == 1
}
