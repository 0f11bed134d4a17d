//! Parts of a bill that few policies need.

use std::ops::Range;

use super::columns::UNKNOWN_FEN;

/// Amounts in fen, a row a claim; [`UNKNOWN_FEN`] where one is not given. A column that no file has is empty.
#[derive(Clone, Debug, Default)]
pub struct BillParts {
    /// `fulamt_ownpay_amt`: what insurance does not cover at all
    pub own_pay_fen: Vec<i64>,
    /// `preselfpay_amt`: what the patient pays first of partly covered items
    pub first_own_pay_fen: Vec<i64>,
    /// `dedc_std`: the deductible
    pub deductible_fen: Vec<i64>,
    /// `tcm_amt`: TCM treatment, Chinese patent medicine and herbs
    pub tcm_fen: Vec<i64>,
    /// `tcm_base_amt`: what TCM is a share of: treatment, drugs, surgery and consumables
    pub tcm_base_fen: Vec<i64>,
}

impl BillParts {
    pub(super) fn columns_mut(&mut self) -> [&mut Vec<i64>; 5] {
        [
            &mut self.own_pay_fen,
            &mut self.first_own_pay_fen,
            &mut self.deductible_fen,
            &mut self.tcm_fen,
            &mut self.tcm_base_fen,
        ]
    }

    /// The columns, in the order of the fields above.
    #[must_use]
    pub fn columns(&self) -> [&[i64]; 5] {
        [&self.own_pay_fen, &self.first_own_pay_fen, &self.deductible_fen, &self.tcm_fen, &self.tcm_base_fen]
    }

    /// These rows, in this order.
    #[must_use]
    pub(super) fn take(mut self, rows: &[u32]) -> BillParts {
        for column in self.columns_mut().into_iter().filter(|column| !column.is_empty()) {
            *column = rows.iter().map(|&row| column[row as usize]).collect();
        }
        self
    }

    /// These rows. A column without any stays so.
    #[must_use]
    pub(super) fn slice(&self, rows: Range<usize>) -> BillParts {
        let mut parts = BillParts::default();
        for (own, column) in parts.columns_mut().into_iter().zip(self.columns()) {
            *own = column.get(rows.clone()).unwrap_or_default().to_vec();
        }
        parts
    }

    /// Appends the rows of another. `before` and `after` are the rows of both together without and with them.
    pub(super) fn append(&mut self, more: &BillParts, before: usize, after: usize) {
        for (column, more) in self.columns_mut().into_iter().zip(more.columns()) {
            if column.is_empty() && more.is_empty() {
                continue;
            }
            column.resize(before, UNKNOWN_FEN);
            column.extend_from_slice(more);
            column.resize(after, UNKNOWN_FEN);
        }
    }

    pub(super) fn same(&self, a: usize, b: usize) -> bool {
        self.columns().into_iter().all(|column| column.get(a) == column.get(b))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_column_adds_unknown_amounts() {
        let with = BillParts { tcm_fen: vec![5, 6], ..BillParts::default() };
        let mut whole = BillParts::default();
        whole.append(&BillParts::default(), 0, 1);
        whole.append(&with, 1, 3);
        whole.append(&BillParts::default(), 3, 4);
        assert_eq!(whole.tcm_fen, [UNKNOWN_FEN, 5, 6, UNKNOWN_FEN]);
        assert!(whole.own_pay_fen.is_empty() && whole.same(0, 3) && !whole.same(1, 2));
        assert_eq!(whole.take(&[2, 1]).tcm_fen, [6, 5]);
    }
}
