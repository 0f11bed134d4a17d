//! What a scheme knows of its codes, laid out for the hot loop.
//!
//! A code's number is the place of its record in one arena of words, so that looking a code up costs one probe of the
//! hash table and one run of neighbouring words:
//!
//! ```text
//! [ header | global words … | CC/MCC entries … | excluded groups … | MDC words … | MDC words … ]
//! ```
//!
//! The header counts the parts. An entry of an MDC is one word that names it, then the words of its lists.

use std::collections::BTreeMap;
use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use crate::scheme::Level;
use crate::text::{View, view_bytes};

/// The number of a code that stands in no table of the scheme. Its record is empty.
pub const UNKNOWN_CODE: u32 = 0;

/// All codes of one kind (diagnoses or procedures).
#[derive(Clone, Debug)]
pub struct CodeTable {
    /// Numbers by view, for codes that are their view.
    short: HashTable<(u128, u32)>,
    /// Numbers of codes over 12 bytes, such as dagger-asterisk pairs.
    long: HashTable<(Box<[u8]>, u32)>,
    hasher: FixedState,
    arena: Vec<u64>,
    global_width: usize,
    /// Beginnings of codes that conditions ask for, with their bit in the global space.
    prefixes: Vec<(Box<[u8]>, u16)>,
}

/// The counts in the header of a record.
#[derive(Clone, Copy)]
struct Header {
    severities: usize,
    excluded: usize,
    mdcs: usize,
}

impl Header {
    const WORDS: usize = 1;

    fn pack(self) -> u64 {
        self.severities as u64 | (self.excluded as u64) << 16 | (self.mdcs as u64) << 32
    }

    #[inline]
    fn unpack(word: u64) -> Header {
        let part = |shift: u32| (word >> shift & 0xFFFF) as usize;
        Header { severities: part(0), excluded: part(16), mdcs: part(32) }
    }
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

    /// Joins the global words of a code into `words`. A code that no table knows can still begin as a condition asks.
    #[inline]
    pub fn join_global(&self, number: u32, view: &View, heap: &[u8], words: &mut [u64]) {
        if number == UNKNOWN_CODE && !self.prefixes.is_empty() {
            self.join_prefixes(view, heap, words);
        }
        let start = number as usize + Header::WORDS;
        join(words, &self.arena[start..start + self.global_width]);
    }

    #[cold]
    fn join_prefixes(&self, view: &View, heap: &[u8], words: &mut [u64]) {
        let code = view_bytes(view, heap);
        for (_, bit) in self.prefixes.iter().filter(|(prefix, _)| code.starts_with(prefix)) {
            set(words, *bit);
        }
    }

    /// Joins the words of a code for one MDC into `words`.
    #[inline]
    pub fn join_local(&self, number: u32, mdc: u16, words: &mut [u64]) {
        let record = &self.arena[number as usize..];
        let header = Header::unpack(record[0]);
        let mut at = Header::WORDS + self.global_width + header.severities + header.excluded;
        for _ in 0..header.mdcs {
            let (of, width) = ((record[at] >> 32) as u16, record[at] as u32 as usize);
            if of == mdc {
                join(words, &record[at + 1..at + 1 + width]);
                return;
            }
            at += 1 + width;
        }
    }

    /// Level and exclusion group of each CC/MCC entry of a code. Group 0 is excluded by nothing.
    #[inline]
    pub fn severities(&self, number: u32) -> impl Iterator<Item = (Level, u32)> {
        let start = number as usize;
        let header = Header::unpack(self.arena[start]);
        let at = start + Header::WORDS + self.global_width;
        let level = |word: u64| if word >> 32 == 1 { Level::Mcc } else { Level::Cc };
        self.arena[at..at + header.severities].iter().map(move |word| (level(*word), *word as u32))
    }

    /// Whether a code, as principal diagnosis, excludes the CC/MCC of a group.
    #[inline]
    pub fn excludes(&self, number: u32, group: u32) -> bool {
        let start = number as usize;
        let header = Header::unpack(self.arena[start]);
        let at = start + Header::WORDS + self.global_width + header.severities;
        self.arena[at..at + header.excluded].contains(&u64::from(group))
    }
}

/// What is collected of a code before the table is laid out.
#[derive(Debug, Default)]
struct Record {
    global: Vec<u16>,
    severities: Vec<(Level, u32)>,
    excluded: Vec<u32>,
    local: BTreeMap<u16, Vec<u16>>,
}

/// What is collected before a [`CodeTable`] is laid out.
#[derive(Debug, Default)]
pub struct CodeTableBuilder<'a> {
    records: BTreeMap<&'a str, Record>,
    prefixes: Vec<(&'a str, u16)>,
}

impl<'a> CodeTableBuilder<'a> {
    pub fn add_global(&mut self, code: &'a str, bit: u16) {
        self.records.entry(code).or_default().global.push(bit);
    }

    pub fn add_local(&mut self, code: &'a str, mdc: u16, bit: u16) {
        self.records.entry(code).or_default().local.entry(mdc).or_default().push(bit);
    }

    pub fn add_severity(&mut self, code: &'a str, level: Level, group: u32) {
        self.records.entry(code).or_default().severities.push((level, group));
    }

    pub fn add_excluded(&mut self, principal: &'a str, group: u32) {
        self.records.entry(principal).or_default().excluded.push(group);
    }

    pub fn add_prefix(&mut self, prefix: &'a str, bit: u16) {
        self.prefixes.push((prefix, bit));
    }

    /// Lays the table out. `local_widths[mdc]` is the number of words of an MDC.
    pub fn build(mut self, global_width: usize, local_widths: &[usize]) -> CodeTable {
        for (prefix, bit) in &self.prefixes {
            for (_, record) in self.records.iter_mut().filter(|(code, _)| code.starts_with(prefix)) {
                record.global.push(*bit);
            }
        }
        let hasher = FixedState::default();
        let mut short = HashTable::with_capacity(self.records.len());
        let mut long = HashTable::new();
        let mut arena = Vec::new();
        lay_out(&mut arena, &Record::default(), global_width, local_widths);
        for (code, record) in &self.records {
            let number = arena.len() as u32;
            lay_out(&mut arena, record, global_width, local_widths);
            if let Some(View(key)) = View::inline(code.as_bytes()) {
                short.insert_unique(hasher.hash_one(key), (key, number), |(key, _)| hasher.hash_one(key));
            } else {
                let key: Box<[u8]> = Box::from(code.as_bytes());
                long.insert_unique(hasher.hash_one(&*key), (key, number), |(key, _)| hasher.hash_one(&**key));
            }
        }
        let prefixes = self.prefixes.iter().map(|(prefix, bit)| (Box::from(prefix.as_bytes()), *bit)).collect();
        CodeTable { short, long, hasher, arena, global_width, prefixes }
    }
}

fn lay_out(arena: &mut Vec<u64>, record: &Record, global_width: usize, local_widths: &[usize]) {
    let (severities, excluded) = (record.severities.len(), record.excluded.len());
    arena.push(Header { severities, excluded, mdcs: record.local.len() }.pack());
    push_bits(arena, global_width, &record.global);
    arena.extend(
        record.severities.iter().map(|(level, group)| u64::from(*level == Level::Mcc) << 32 | u64::from(*group)),
    );
    arena.extend(record.excluded.iter().map(|group| u64::from(*group)));
    for (mdc, bits) in &record.local {
        let width = local_widths[usize::from(*mdc)];
        arena.push(u64::from(*mdc) << 32 | width as u64);
        push_bits(arena, width, bits);
    }
}

fn push_bits(arena: &mut Vec<u64>, width: usize, bits: &[u16]) {
    let start = arena.len();
    arena.resize(start + width, 0);
    bits.iter().for_each(|bit| set(&mut arena[start..], *bit));
}

#[inline]
fn join(words: &mut [u64], more: &[u64]) {
    words.iter_mut().zip(more).for_each(|(word, more)| *word |= more);
}

#[inline]
fn set(words: &mut [u64], bit: u16) {
    words[usize::from(bit / 64)] |= 1 << (bit % 64);
}
