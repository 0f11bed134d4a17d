"""Reports and charts in a real browser: Chinese letters are drawn, and no label is cut off."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import dianzhi
import nbformat
import pytest

pytestmark = pytest.mark.filterwarnings("ignore::dianzhi.DianzhiWarning")
ROOT = Path(__file__).resolve().parents[2]
BUDGETS = "rules.budget.table[*].fund_budget"

CLIPPED = """
(() => {
    const cut = [];
    for (const svg of document.querySelectorAll("svg")) {
        const frame = svg.getBoundingClientRect();
        for (const text of svg.querySelectorAll("text")) {
            const box = text.getBoundingClientRect();
            if (!text.textContent.trim() || !box.width) continue;
            const over = Math.max(frame.left - box.left, box.right - frame.right,
                                  frame.top - box.top, box.bottom - frame.bottom);
            if (over > 1.5) cut.push(text.textContent + " by " + over.toFixed(1));
        }
    }
    return cut;
})()
"""
"""Texts of pictures that reach over their edges."""

SHORTENED = """
Array.from(document.querySelectorAll("svg text")).map(text => text.textContent).filter(text => text.includes("…"))
"""

COVERED = """
(() => {
    const over = [];
    for (const svg of document.querySelectorAll("svg")) {
        const boxes = Array.from(svg.querySelectorAll("text")).filter(text => text.textContent.trim())
            .map(text => [text.textContent, text.getBoundingClientRect(), text.getAttribute("transform") || ""])
            .filter(([, box, turned]) => box.width && !turned.includes("rotate"));
        boxes.forEach(([a, one], at) => boxes.slice(at + 1).forEach(([b, two]) => {
            const wide = Math.min(one.right, two.right) - Math.max(one.left, two.left);
            const high = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
            if (wide > 3 && high > 5) over.push(a + " on " + b);
        }));
    }
    return over;
})()
"""
"""Texts of pictures that lie on each other."""

DRAWN = """
(letters => {
    const draw = letter => {
        const canvas = document.createElement("canvas");
        canvas.width = canvas.height = 48;
        const pen = canvas.getContext("2d");
        pen.font = "36px " + getComputedStyle(document.body).fontFamily;
        pen.fillText(letter, 4, 38);
        return canvas.toDataURL();
    };
    // A letter that no font has is drawn as an empty box, always the same.
    const missing = draw("\\u{10FFFE}");
    const seen = new Set(letters.map(draw));
    return [seen.size, seen.has(missing)];
})(%s)
"""


def helper() -> ModuleType:
    spec = importlib.util.spec_from_file_location("browser", Path(__file__).with_name("browser.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """Chromium with fonts that have Chinese letters."""
    module = helper()
    program = module.found()
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("in CI chromium must be installed")
        pytest.skip("chromium is not installed (Debian: apt-get install chromium fonts-noto-cjk)")
    with module.Browser(program) as opened:
        yield opened


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go, to be looked at."""
    named = os.environ.get("DIANZHI_PICTURES")
    folder = Path(named) if named else tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def check(browser: object, page: Path, picture: Path, charts: int) -> None:
    """A page as people see it."""
    browser.open(page)  # type: ignore[attr-defined]
    assert browser.picture(picture).startswith(b"\x89PNG")  # type: ignore[attr-defined]
    ask = browser.ask  # type: ignore[attr-defined]
    assert ask("document.querySelectorAll('svg').length") == charts
    letters = sorted(set("".join(ask("Array.from(document.body.innerText)"))) & set(CHINESE))
    assert len(letters) > 20
    kinds, is_missing = ask(DRAWN % json.dumps(letters))
    assert kinds == len(letters), "each letter is drawn as itself"
    assert not is_missing
    assert ask(CLIPPED) == []
    assert ask(SHORTENED) == []
    assert ask(COVERED) == []
    wide = ask("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1], "the page is no wider than the window"


CHINESE = [chr(code) for code in range(0x4E00, 0x9FA6)]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> dianzhi.Book:
    scheme = dianzhi.Scheme.load("demo")
    city = tmp_path_factory.mktemp("city")
    for table in ("institutions.csv", "policy.toml"):
        (city / table).write_bytes((ROOT / "fixtures" / "demo_city" / table).read_bytes())
    budgets = [f"2026,{pool},,28800000,虚构" for pool in ("310", "390")]
    head = (ROOT / "fixtures" / "demo_city" / "budgets.csv").read_text(encoding="utf-8").splitlines()[0]
    (city / "budgets.csv").write_text("\n".join([head, *budgets]) + "\n", encoding="utf-8")
    policy = dianzhi.Policy.load(city / "policy.toml", scheme)
    book = dianzhi.Book(tmp_path_factory.mktemp("browser") / "book")
    for number, period in enumerate(["2026-01", "2026-02", "2026-03"]):
        book.settle_month(scheme, policy, dianzhi.synth(scheme, 1500, seed=number, period=period), period)
    book.settle_year(policy, "2026")
    return book


@pytest.fixture(autouse=True)
def _chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIANZHI_LANG", "zh")


def program(*words: object) -> None:
    path = Path(sys.executable).parent / "dianzhi"
    subprocess.run([path, *map(str, words)], check=True, capture_output=True)


def scenario(book: dianzhi.Book) -> dianzhi.Scenario:
    target = {"kind": "pool", "subject": "310", "measure": "point_value"}
    lines = {BUDGETS: ("0.95", "1.05"), "rules.high_line.bands[*].ratio": ("0.9", "1.1")}
    study = dianzhi.Scenario(book, "2026-03", title="预算与高倍率界限")
    return (
        study.patch("预算增百分之五", times={BUDGETS: "1.05"})
        .patch("预付九成", {"rules.prepay.share": "0.9"})
        .sensitivity("敏感性", target, times=lines)
        .project("三年预测", 3, cost=["0.03"])
    )


def test_reports_of_the_program(browser: object, book: dianzhi.Book, tmp_path: Path, pictures: Path) -> None:
    page = tmp_path / "report.html"
    fiscal = tmp_path / "fiscal"
    for kind, command in [("awards", "award"), ("fiscal", "fiscal")]:
        program("template", kind, "--example", "-o", tmp_path / f"{kind}.xlsx")
        program(command, tmp_path / f"{kind}.xlsx", "--book", fiscal, "--period", "2025")
    study = scenario(book).save(tmp_path / "study.toml")
    wanted = [
        ("month", [book.path, "--period", "2026-03"], 4),
        ("year", [book.path, "--period", "2026"], 3),
        ("fiscal", [fiscal], 4),
        ("scenario", [study], 3),
    ]
    for name, words, charts in wanted:
        program("report", *words, "-o", page)
        check(browser, page, pictures / f"report_{name}.png", charts)


def test_pages_of_the_package(browser: object, book: dianzhi.Book, tmp_path: Path, pictures: Path) -> None:
    program("template", "awards", "--example", "-o", tmp_path / "awards.xlsx")
    program("template", "fiscal", "--example", "-o", tmp_path / "fiscal.xlsx")
    results = {
        "month": (book.month("2026-03"), 5),
        "awards": (dianzhi.award("bazhong_awards", tmp_path / "awards.xlsx"), 3),
        "floors": (dianzhi.fiscal("bazhong_fiscal", tmp_path / "fiscal.xlsx", close_over=3), 2),
        "comparison": (scenario(book).run(), 4),
    }
    for name, (result, charts) in results.items():
        result.to_html(tmp_path / "page.html")
        check(browser, tmp_path / "page.html", pictures / f"page_{name}.png", charts)


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_charts_of_the_notebooks(browser: object, path: Path, tmp_path: Path, pictures: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    drawings = [output["data"]["image/svg+xml"] for output in outputs if "image/svg+xml" in output.get("data", {})]
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    body = "".join(f"<div>{drawing}</div>" for drawing in drawings) + "".join(f"<p>{text}</p>" for text in texts)
    fonts = "'Noto Sans CJK SC',sans-serif"
    page = tmp_path / "charts.html"
    page.write_text(f'<meta charset="utf-8"><body style="font-family:{fonts}">{body}', encoding="utf-8")
    assert drawings or path.stem.startswith(("2_", "6_"))
    check(browser, page, pictures / f"notebook_{path.stem}.png", len(drawings))
