//! A column of texts with few different values, such as the institution of a claim.

use hashbrown::HashMap;

/// Each row holds the number of its text; texts are numbered in order of first appearance.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    ids: Vec<u32>,
    texts: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Dictionary {
    /// Appends a row.
    pub fn push(&mut self, text: &str) {
        let id = self.intern(text);
        self.ids.push(id);
    }

    /// The number of a text, given one if it is new.
    pub fn intern(&mut self, text: &str) -> u32 {
        if let Some(&id) = self.numbers.get(text) {
            return id;
        }
        let id = self.texts.len() as u32;
        self.texts.push(text.to_owned());
        self.numbers.insert(text.to_owned(), id);
        id
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
        &self.texts[self.ids[row] as usize]
    }

    /// The different texts, by number.
    #[must_use]
    pub fn texts(&self) -> &[String] {
        &self.texts
    }

    #[must_use]
    pub fn find(&self, text: &str) -> Option<u32> {
        self.numbers.get(text).copied()
    }

    pub fn extend(&mut self, other: &Dictionary) {
        let renumbered: Vec<u32> = other.texts.iter().map(|text| self.intern(text)).collect();
        self.ids.extend(other.ids.iter().map(|&id| renumbered[id as usize]));
    }

    /// These rows, in this order. Texts are numbered in their own order, not in that of the rows.
    #[must_use]
    pub fn take(self, rows: &[u32]) -> Dictionary {
        let mut used = vec![false; self.texts.len()];
        rows.iter().for_each(|&row| used[self.ids[row as usize] as usize] = true);
        let mut order: Vec<usize> = (0..self.texts.len()).filter(|&id| used[id]).collect();
        order.sort_unstable_by(|&a, &b| self.texts[a].cmp(&self.texts[b]));
        let mut taken = Dictionary::default();
        let mut renumbered = vec![0; self.texts.len()];
        order.iter().for_each(|&id| renumbered[id] = taken.intern(&self.texts[id]));
        taken.ids = rows.iter().map(|&row| renumbered[self.ids[row as usize] as usize]).collect();
        taken
    }
}
