"""Draws a sheet of a workbook as SVG, from the cells as they are stored. Standard library only.

python docs/pictures/draw.py result.xlsx 汇总 docs/pictures/award_summary.svg --rows 1-22 --columns 1-7
"""

import argparse
import xml.etree.ElementTree as ET
import zipfile
from datetime import date, timedelta
from html import escape
from pathlib import Path

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
ROW, HEAD, PAD, FONT = 22, 20, 6, 12


def column_number(letters: str) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_name(number: int) -> str:
    """1 is A, 27 is AA."""
    name = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


class Workbook:
    """The cells and formats of an .xlsx file."""

    def __init__(self, path: str) -> None:
        self.zip = zipfile.ZipFile(path)
        strings = self.xml("xl/sharedStrings.xml")
        self.strings = ["".join(t.text or "" for t in item.iter(f"{MAIN}t")) for item in strings]
        styles = self.xml("xl/styles.xml")
        self.formats = {int(f.get("numFmtId")): f.get("formatCode") for f in styles.iter(f"{MAIN}numFmt")}
        self.bold = [f.find(f"{MAIN}b") is not None for f in styles.find(f"{MAIN}fonts")]
        self.fills = [self.colour(fill) for fill in styles.find(f"{MAIN}fills")]
        self.styles = list(styles.find(f"{MAIN}cellXfs"))

    def xml(self, name: str) -> ET.Element:
        """A part of the file."""
        return ET.fromstring(self.zip.read(name))  # noqa: S314, only workbooks of our own

    @staticmethod
    def colour(fill: ET.Element) -> str:
        """The colour of a filled cell; empty when it has none."""
        front = fill.find(f"{MAIN}patternFill/{MAIN}fgColor")
        return "" if front is None or front.get("rgb") is None else "#" + front.get("rgb")[-6:]

    def sheet(self, name: str) -> ET.Element:
        """A sheet by its name."""
        places = {link.get("Id"): link.get("Target") for link in self.xml("xl/_rels/workbook.xml.rels")}
        for sheet in self.xml("xl/workbook.xml").iter(f"{MAIN}sheet"):
            if sheet.get("name") == name:
                return self.xml("xl/" + places[sheet.get(RELATION)].removeprefix("/xl/"))
        raise SystemExit(f"no sheet {name}")

    def text(self, cell: ET.Element) -> tuple[str, bool]:
        """What a cell shows, and whether it is a number."""
        value = cell.find(f"{MAIN}v")
        if value is None or value.text is None:
            return "", False
        if cell.get("t") == "s":
            return self.strings[int(value.text)], False
        if cell.get("t") == "str":
            return value.text, False
        number = float(value.text)
        style = self.styles[int(cell.get("s") or 0)]
        known = {3: "#,##0", 4: "#,##0.00", **self.formats}
        code = known.get(int(style.get("numFmtId")), "")
        if "yy" in code:
            return str(date(1899, 12, 30) + timedelta(days=int(number))), True
        if code.startswith("#,##0"):
            return f"{number:,.{len(code.partition('.')[2])}f}", True
        return f"{number:g}", True

    def look(self, cell: ET.Element) -> tuple[bool, str]:
        """Whether the cell is bold, and its colour."""
        style = self.styles[int(cell.get("s") or 0)]
        return self.bold[int(style.get("fontId"))], self.fills[int(style.get("fillId"))]


def width_of(text: str) -> float:
    """The width of a text: a Chinese character is as wide as two letters."""
    return sum(FONT if ord(letter) > 0x2E7F else FONT * 0.58 for letter in text)


def read(book: Workbook, sheet: str, rows: range, columns: range) -> dict[tuple[int, int], tuple]:
    """Text, whether a number, bold, colour; by row and column."""
    cells = {}
    for cell in book.sheet(sheet).iter(f"{MAIN}c"):
        letters = "".join(c for c in cell.get("r") if c.isalpha())
        at = (int(cell.get("r")[len(letters) :]), column_number(letters))
        if at[0] in rows and at[1] in columns:
            cells[at] = (*book.text(cell), *book.look(cell))
    return cells


def draw(cells: dict[tuple[int, int], tuple], rows: range, columns: range, limit: int) -> str:
    """The SVG of some rows and columns, with headings as a spreadsheet has them."""
    alone = {at for at in cells if not any((at[0], other) in cells for other in columns if other > at[1])}
    widths = {}
    for column in columns:
        texts = [cells[at][0] for at in cells if at[1] == column and (cells[at][1] or at not in alone)]
        widths[column] = min(limit, max([60, *(width_of(text) + 2 * PAD for text in texts)]))
    left, x = {}, 34.0
    for column in columns:
        left[column] = x
        x += widths[column]
    height = HEAD + ROW * len(rows)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{x:.0f}" height="{height}" font-size="{FONT}" '
        'font-family="Noto Sans CJK SC, Microsoft YaHei, PingFang SC, SimSun, sans-serif">',
        f'<rect width="{x:.0f}" height="{height}" fill="#fff"/><rect width="{x:.0f}" height="{HEAD}" fill="#f0f0f0"/>',
        f'<rect width="34" height="{height}" fill="#f0f0f0"/>',
    ]
    for column in columns:
        middle = left[column] + widths[column] / 2
        out.append(f'<text x="{middle:.0f}" y="14" text-anchor="middle" fill="#666">{column_name(column)}</text>')
    for at, row in enumerate(rows):
        top = HEAD + ROW * at
        out.append(f'<text x="17" y="{top + 15}" text-anchor="middle" fill="#666">{row}</text>')
        for column in columns:
            out.append(cell_svg(cells.get((row, column)), left[column], top, widths[column], x, (row, column) in alone))
    return "\n".join([*out, "</svg>", ""])


def cell_svg(cell: tuple | None, x: float, top: int, width: float, right: float, alone: bool) -> str:
    """One cell. A text with nothing to its right runs on, as in a spreadsheet."""
    text, number, bold, colour = cell or ("", False, False, "")
    box = f'<rect x="{x:.0f}" y="{top}" width="{width:.0f}" height="{ROW}" fill="{colour or "none"}" stroke="#ddd"/>'
    if not text:
        return box
    room = (right - x if alone and not number else width) - PAD
    while text and width_of(text) > room:
        text = text[:-2] + "…" if len(text) > 2 else ""
    weight = ' font-weight="bold"' if bold else ""
    place = f'x="{x + width - PAD:.0f}" text-anchor="end"' if number else f'x="{x + PAD:.0f}"'
    return f'{box}<text {place} y="{top + 15}"{weight}>{escape(text)}</text>'


def span(text: str) -> range:
    """`2-5` with both ends."""
    first, last = text.split("-")
    return range(int(first), int(last) + 1)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workbook")
    parser.add_argument("sheet")
    parser.add_argument("picture", type=Path)
    parser.add_argument("--rows", type=span, default=range(1, 21))
    parser.add_argument("--columns", type=span, default=range(1, 9))
    parser.add_argument("--widest", type=int, default=230)
    args = parser.parse_args()
    cells = read(Workbook(args.workbook), args.sheet, args.rows, args.columns)
    args.picture.write_text(draw(cells, args.rows, args.columns, args.widest), encoding="utf-8")


if __name__ == "__main__":
    main()
