//! A column of texts with few different values, such as the institution of a claim.

use std::ops::Range;
use std::sync::Arc;

use hashbrown::HashMap;

/// Each row holds the number of its text; texts are numbered in order of first appearance.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    ids: Vec<u32>,
    names: Arc<Names>,
}

/// The different texts of a column. Columns that are parts of one share them.
#[derive(Clone, Debug, Default)]
pub struct Names {
    texts: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Names {
    fn intern(&mut self, text: &str) -> u32 {
        if let Some(&id) = self.numbers.get(text) {
            return id;
        }
        let id = self.texts.len() as u32;
        self.texts.push(text.to_owned());
        self.numbers.insert(text.to_owned(), id);
        id
    }
}

impl Dictionary {
    /// A column of texts that are numbered already.
    #[must_use]
    pub fn of(names: &Arc<Names>, ids: Vec<u32>) -> Dictionary {
        debug_assert!(ids.iter().all(|&id| (id as usize) < names.texts.len()), "Condition failed: numbers of texts");
        Dictionary { ids, names: names.clone() }
    }

    /// A column of which rows say numbers below `count`, each of which stands for a text.
    #[must_use]
    pub fn by_number<S: AsRef<str>>(
        rows: impl Iterator<Item = usize>,
        count: usize,
        text: impl Fn(usize) -> S,
    ) -> Dictionary {
        const NEW: u32 = u32::MAX;
        let mut known = vec![NEW; count];
        let mut column = Dictionary { ids: Vec::with_capacity(rows.size_hint().0), ..Dictionary::default() };
        for number in rows {
            if known[number] == NEW {
                known[number] = column.intern(text(number).as_ref());
            }
            column.ids.push(known[number]);
        }
        column
    }

    #[must_use]
    pub fn names(&self) -> &Arc<Names> {
        &self.names
    }

    /// Appends a row.
    pub fn push(&mut self, text: &str) {
        let id = self.intern(text);
        self.ids.push(id);
    }

    /// Appends a row with the text of this number.
    pub fn push_id(&mut self, id: u32) {
        debug_assert!((id as usize) < self.names.texts.len(), "Condition failed: the number of a text");
        self.ids.push(id);
    }

    /// The number of a text, given one if it is new.
    pub fn intern(&mut self, text: &str) -> u32 {
        if let Some(&id) = self.names.numbers.get(text) {
            return id;
        }
        Arc::make_mut(&mut self.names).intern(text)
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    #[must_use]
    pub fn id(&self, row: usize) -> u32 {
        self.ids[row]
    }

    #[must_use]
    pub fn ids(&self) -> &[u32] {
        &self.ids
    }

    #[must_use]
    pub fn get(&self, row: usize) -> &str {
        &self.names.texts[self.ids[row] as usize]
    }

    /// The different texts, by number.
    #[must_use]
    pub fn texts(&self) -> &[String] {
        &self.names.texts
    }

    #[must_use]
    pub fn find(&self, text: &str) -> Option<u32> {
        self.names.numbers.get(text).copied()
    }

    pub fn extend(&mut self, other: &Dictionary) {
        if Arc::ptr_eq(&self.names, &other.names) {
            return self.ids.extend_from_slice(&other.ids);
        }
        if self.names.texts.is_empty() {
            self.names = other.names.clone();
            return self.ids.extend_from_slice(&other.ids);
        }
        let renumbered: Vec<u32> = other.texts().iter().map(|text| self.intern(text)).collect();
        self.ids.extend(other.ids.iter().map(|&id| renumbered[id as usize]));
    }

    /// These rows, in this order. Texts are numbered in their own order, not in that of the rows.
    #[must_use]
    pub fn take(self, rows: &[u32]) -> Dictionary {
        let mut used = vec![false; self.texts().len()];
        rows.iter().for_each(|&row| used[self.ids[row as usize] as usize] = true);
        let (names, renumbered) = self.in_order(&used);
        let ids = rows.iter().map(|&row| renumbered[self.ids[row as usize] as usize]).collect();
        Dictionary { ids, names }
    }

    /// These rows, in this order, with the texts of all.
    #[must_use]
    pub fn pick(self, rows: &[u32]) -> Dictionary {
        Dictionary { ids: rows.iter().map(|&row| self.ids[row as usize]).collect(), names: self.names }
    }

    /// These rows, with the texts of all.
    #[must_use]
    pub fn slice(&self, rows: Range<usize>) -> Dictionary {
        Dictionary { ids: self.ids[rows].to_vec(), names: self.names.clone() }
    }

    /// The texts that are used, numbered in their own order; and the new number of each.
    #[must_use]
    pub fn in_order(&self, used: &[bool]) -> (Arc<Names>, Vec<u32>) {
        let texts = self.texts();
        let mut order: Vec<usize> = (0..texts.len()).filter(|&id| used[id]).collect();
        order.sort_unstable_by(|&a, &b| texts[a].cmp(&texts[b]));
        let mut names = Names::default();
        let mut renumbered = vec![0; texts.len()];
        order.iter().for_each(|&id| renumbered[id] = names.intern(&texts[id]));
        (Arc::new(names), renumbered)
    }
}
