//! What a scheme knows of its codes, laid out for the hot loop.
//!
//! Looking a code up gives its [`Slot`]: all that the many secondary diagnoses are asked for, and the place of the
//! code's record in one arena of words, for the few codes that rules look at:
//!
//! ```text
//! [ counts | MDCs that know it … | global words … | CC/MCC entries … | excluded groups … | words of an MDC … | … ]
//! ```
//!
//! The words of each MDC that knows the code are of one width, so that an entry is found by counting bits.

use std::collections::BTreeMap;
use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use crate::scheme::Level;
use crate::text::{View, view_bytes};

/// The number of a code that stands in no table of the scheme. Its record is empty.
pub const UNKNOWN_CODE: u32 = 0;

/// What looking a code up gives. In the table it takes, with its key, 32 bytes.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    /// The code's number: the place of its record.
    pub number: u32,
    severity: Severity,
    /// The first of its global words.
    global: u64,
    mdcs: Mdcs,
}

/// The MDCs that may have a code in their lists, by the rest of their place: told without a look at the record.
#[derive(Clone, Copy, Debug)]
struct Mdcs(u32);

impl Mdcs {
    /// What a view of at most 12 bytes leaves free between its length and its text.
    const BITS: u32 = 24;
    const FIRST: u32 = 8;
    const IN_KEY: u128 = ((1 << Self::BITS) - 1) << Self::FIRST;

    fn of(places: impl Iterator<Item = u16>) -> Mdcs {
        Mdcs(places.fold(0, |bits, place| bits | 1 << (u32::from(place) % Self::BITS)))
    }

    fn into_key(self, view: u128) -> u128 {
        view | u128::from(self.0) << Self::FIRST
    }

    #[inline]
    fn of_key(key: u128) -> Mdcs {
        Mdcs((key as u32) >> Self::FIRST)
    }

    #[inline]
    fn may_have(self, place: usize) -> bool {
        self.0 >> (place as u32 % Self::BITS) & 1 == 1
    }
}

/// The CC/MCC entry of a code in one word: 0 for none, else its kind in the highest two bits, then its exclusion group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Severity(u32);

impl Severity {
    const NONE: Severity = Severity(0);
    const GROUP_BITS: u32 = 30;
    const CC: u32 = 1;
    const MCC: u32 = 2;
    /// Several entries, or a group that does not fit: they stand in the record.
    const IN_RECORD: u32 = 3;

    fn of(entries: &[(Level, u32)]) -> Severity {
        let (kind, group) = match entries {
            [] => return Severity::NONE,
            [(level, group)] if *group < 1 << Self::GROUP_BITS => match level {
                Level::Cc => (Self::CC, *group),
                Level::Mcc => (Self::MCC, *group),
            },
            _ => (Self::IN_RECORD, 0),
        };
        Severity(kind << Self::GROUP_BITS | group)
    }
}

impl Slot {
    pub const UNKNOWN: Slot = Slot { number: UNKNOWN_CODE, severity: Severity::NONE, global: 0, mdcs: Mdcs(0) };
}

/// A slot as it stands beside its key.
#[derive(Clone, Copy, Debug)]
struct Facts {
    number: u32,
    severity: Severity,
    global: u64,
}

impl Facts {
    #[inline]
    fn slot(self, mdcs: Mdcs) -> Slot {
        let Facts { number, severity, global } = self;
        Slot { number, severity, global, mdcs }
    }
}

/// All codes of one kind (diagnoses or procedures).
#[derive(Clone, Debug)]
pub struct CodeTable {
    /// Codes that are their view, with the MDCs in the bits that views leave free.
    short: HashTable<(u128, Facts)>,
    /// Codes over 12 bytes, such as dagger-asterisk pairs.
    long: HashTable<(Box<[u8]>, Slot)>,
    hasher: FixedState,
    arena: Vec<u64>,
    layout: Layout,
}

/// The widths of the parts of a record, in words.
#[derive(Clone, Copy, Debug, Default)]
pub struct Layout {
    /// A bit for each MDC.
    pub mdcs: usize,
    pub global: usize,
    /// Of one MDC: a bit for each list, then, from [`Layout::lists`] on, one a rule that the code as first opens.
    pub local: usize,
    pub lists: usize,
}

/// The counts at the head of a record.
#[derive(Clone, Copy)]
struct Counts {
    severities: usize,
    excluded: usize,
}

impl Counts {
    const WORDS: usize = 1;

    fn pack(self) -> u64 {
        self.severities as u64 | (self.excluded as u64) << 32
    }

    #[inline]
    fn unpack(word: u64) -> Counts {
        Counts { severities: word as u32 as usize, excluded: (word >> 32) as usize }
    }
}

impl CodeTable {
    /// What the table knows of the code a view stands for.
    #[must_use]
    #[inline]
    pub fn find(&self, view: &View, heap: &[u8]) -> Slot {
        if view.is_inline() {
            let hash = self.hasher.hash_one(view.0);
            let found = self.short.find(hash, |(key, _)| *key & !Mdcs::IN_KEY == view.0);
            found.map_or(Slot::UNKNOWN, |(key, facts)| facts.slot(Mdcs::of_key(*key)))
        } else {
            self.find_long(view_bytes(view, heap))
        }
    }

    /// What the table knows of each code. Nothing waits for the one before, so that memory is asked for many at once.
    pub fn find_all(&self, views: &[View], heap: &[u8], found: &mut Vec<Slot>) {
        found.clear();
        found.extend(views.iter().map(|view| self.find(view, heap)));
    }

    /// Something of each cache line that a record lies in, as a rule.
    #[inline]
    pub fn touch(&self, slot: &Slot) -> u64 {
        const LINE: usize = 8;
        let at = slot.number as usize;
        self.arena[at] ^ self.arena.get(at + LINE).copied().unwrap_or_default()
    }

    #[cold]
    fn find_long(&self, code: &[u8]) -> Slot {
        let hash = self.hasher.hash_one(code);
        self.long.find(hash, |(key, _)| **key == *code).map_or(Slot::UNKNOWN, |(_, slot)| *slot)
    }

    /// What the table knows of a code given as text.
    #[must_use]
    pub fn slot_of(&self, code: &str) -> Slot {
        View::inline(code.as_bytes()).map_or_else(|| self.find_long(code.as_bytes()), |view| self.find(&view, &[]))
    }

    /// The number of a code given as text.
    #[must_use]
    pub fn number_of(&self, code: &str) -> u32 {
        self.slot_of(code).number
    }

    /// The global words of a code.
    #[must_use]
    #[inline]
    pub fn global<'s>(&'s self, slot: &'s Slot) -> &'s [u64] {
        if self.layout.global == 1 {
            return std::slice::from_ref(&slot.global);
        }
        let start = slot.number as usize + Counts::WORDS + self.layout.mdcs;
        &self.arena[start..start + self.layout.global]
    }

    /// The words of a code for one MDC; `None` when no list of the MDC has it.
    #[must_use]
    #[inline]
    pub fn local(&self, slot: &Slot, mdc: usize) -> Option<&[u64]> {
        if !slot.mdcs.may_have(mdc) {
            return None;
        }
        let record = &self.arena[slot.number as usize..];
        let known = &record[Counts::WORDS..Counts::WORDS + self.layout.mdcs];
        let (word, bit) = (mdc / 64, 1u64 << (mdc % 64));
        if known[word] & bit == 0 {
            return None;
        }
        let earlier: u32 = known[..word].iter().map(|word| word.count_ones()).sum();
        let place = (earlier + (known[word] & (bit - 1)).count_ones()) as usize;
        let counts = Counts::unpack(record[0]);
        let entries = Counts::WORDS + self.layout.mdcs + self.layout.global + counts.severities + counts.excluded;
        let start = entries + place * self.layout.local;
        Some(&record[start..start + self.layout.local])
    }

    /// Level and exclusion group of each CC/MCC entry of a code. Group 0 is excluded by nothing.
    pub fn severities(&self, number: u32) -> impl Iterator<Item = (Level, u32)> {
        let at = number as usize + Counts::WORDS + self.layout.mdcs + self.layout.global;
        let counts = Counts::unpack(self.arena[number as usize]);
        let level = |word: u64| if word >> 32 == 1 { Level::Mcc } else { Level::Cc };
        self.arena[at..at + counts.severities].iter().map(move |word| (level(*word), *word as u32))
    }

    /// Calls `take` with level and exclusion group of each CC/MCC entry of a code that was looked up.
    #[inline]
    pub fn each_severity(&self, slot: Slot, mut take: impl FnMut(Level, u32)) {
        let (kind, group) = (slot.severity.0 >> Severity::GROUP_BITS, slot.severity.0 << 2 >> 2);
        match kind {
            0 => {}
            Severity::CC => take(Level::Cc, group),
            Severity::MCC => take(Level::Mcc, group),
            _ => self.severities(slot.number).for_each(|(level, group)| take(level, group)),
        }
    }

    /// Whether a code, as principal diagnosis, excludes the CC/MCC of a group.
    #[inline]
    pub fn excludes(&self, number: u32, group: u32) -> bool {
        let counts = Counts::unpack(self.arena[number as usize]);
        let at = number as usize + Counts::WORDS + self.layout.mdcs + self.layout.global + counts.severities;
        self.arena[at..at + counts.excluded].contains(&u64::from(group))
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
}

impl<'a> CodeTableBuilder<'a> {
    pub fn add_global(&mut self, code: &'a str, bit: u16) {
        self.records.entry(code).or_default().global.push(bit);
    }

    pub fn add_local(&mut self, code: &'a str, mdc: u16, bit: u16) {
        self.records.entry(code).or_default().local.entry(mdc).or_default().push(bit);
    }

    /// Gives every code that has one of the bits of an MDC, in one word of its lists, a further bit.
    pub fn add_opened(&mut self, mdc: u16, word: usize, mask: u64, bit: u16) {
        for record in self.records.values_mut() {
            let Some(bits) = record.local.get_mut(&mdc) else { continue };
            if bits.iter().any(|own| usize::from(own / 64) == word && mask >> (own % 64) & 1 == 1) {
                bits.push(bit);
            }
        }
    }

    pub fn add_severity(&mut self, code: &'a str, level: Level, group: u32) {
        self.records.entry(code).or_default().severities.push((level, group));
    }

    pub fn add_excluded(&mut self, principal: &'a str, group: u32) {
        self.records.entry(principal).or_default().excluded.push(group);
    }

    /// Lays the table out.
    pub fn build(self, layout: Layout) -> CodeTable {
        let hasher = FixedState::default();
        let mut short = HashTable::with_capacity(self.records.len());
        let mut long = HashTable::new();
        let mut arena = Vec::new();
        lay_out(&mut arena, &Record::default(), layout);
        for (code, record) in &self.records {
            let global = record.global.iter().filter(|bit| **bit < 64).fold(0, |word, bit| word | 1 << bit);
            let (number, severity) = (arena.len() as u32, Severity::of(&record.severities));
            let (facts, mdcs) = (Facts { number, severity, global }, Mdcs::of(record.local.keys().copied()));
            lay_out(&mut arena, record, layout);
            if let Some(View(key)) = View::inline(code.as_bytes()) {
                let hash = |(key, _): &(u128, Facts)| hasher.hash_one(*key & !Mdcs::IN_KEY);
                short.insert_unique(hasher.hash_one(key), (mdcs.into_key(key), facts), hash);
            } else {
                let key: Box<[u8]> = Box::from(code.as_bytes());
                let entry = (key, facts.slot(mdcs));
                long.insert_unique(hasher.hash_one(&*entry.0), entry, |(key, _)| hasher.hash_one(&**key));
            }
        }
        CodeTable { short, long, hasher, arena, layout }
    }
}

fn lay_out(arena: &mut Vec<u64>, record: &Record, layout: Layout) {
    let (severities, excluded) = (record.severities.len(), record.excluded.len());
    arena.push(Counts { severities, excluded }.pack());
    let mdcs: Vec<u16> = record.local.keys().copied().collect();
    push_bits(arena, layout.mdcs, &mdcs);
    push_bits(arena, layout.global, &record.global);
    arena.extend(
        record.severities.iter().map(|(level, group)| u64::from(*level == Level::Mcc) << 32 | u64::from(*group)),
    );
    arena.extend(record.excluded.iter().map(|group| u64::from(*group)));
    record.local.values().for_each(|bits| push_bits(arena, layout.local, bits));
}

fn push_bits(arena: &mut Vec<u64>, width: usize, bits: &[u16]) {
    let start = arena.len();
    arena.resize(start + width, 0);
    bits.iter().for_each(|bit| arena[start + usize::from(bit / 64)] |= 1 << (bit % 64));
}
