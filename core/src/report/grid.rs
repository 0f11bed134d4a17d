//! Columns of text on a terminal, where a Chinese character takes two places.

use comfy_table::{Cell, CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};

/// The side a column's texts stand at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
}

/// A line above, under the heads and below; no other.
const LINES: TableStyle = TableStyle::new().top_border(LINE).header_separator(LINE).bottom_border(LINE);
const LINE: LineStyle = LineStyle::none().fill('─');

/// A table being built for the terminal.
pub struct Grid {
    table: Table,
    aligns: Vec<Align>,
}

impl Grid {
    #[must_use]
    pub fn new(heads: &[(&str, Align)]) -> Grid {
        let mut table = Table::new();
        table.load_style(LINES).set_content_arrangement(ContentArrangement::Disabled);
        let aligns: Vec<Align> = heads.iter().map(|&(_, align)| align).collect();
        table.set_header(cells(heads.iter().map(|(head, _)| *head), &aligns));
        Grid { table, aligns }
    }

    pub fn row<S: AsRef<str>>(&mut self, texts: impl IntoIterator<Item = S>) {
        let row = cells(texts, &self.aligns);
        self.table.add_row(row);
    }

    /// The lines, without blanks at their ends.
    #[must_use]
    pub fn render(&self) -> String {
        self.table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
    }
}

fn cells<S: AsRef<str>>(texts: impl IntoIterator<Item = S>, aligns: &[Align]) -> Vec<Cell> {
    let side = |align: &Align| match align {
        Align::Left => CellAlignment::Left,
        Align::Right => CellAlignment::Right,
    };
    texts.into_iter().zip(aligns).map(|(text, align)| Cell::new(text.as_ref()).set_alignment(side(align))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_characters_take_two_places() {
        let mut grid = Grid::new(&[("名称", Align::Left), ("金额", Align::Right)]);
        grid.row(["县医院", "1,234.50"]);
        grid.row(["A", "5.00"]);
        let lines: Vec<String> = grid.render().lines().map(str::to_owned).collect();
        let rows: Vec<&str> = lines.iter().filter(|l| l.contains(['名', '县', 'A'])).map(String::as_str).collect();
        assert_eq!(rows, [" 名称        金额", " 县医院  1,234.50", " A           5.00"]);
    }
}
