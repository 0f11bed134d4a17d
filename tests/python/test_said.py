"""What the package says by itself is Chinese, or English where asked, and stands in one place."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import dianzhi
import polars as pl
import pytest
from dianzhi._said import TEXTS, said

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "python" / "dianzhi"
BUILTIN = {"ValueError", "TypeError", "KeyError", "ImportError"}


def raises() -> list[tuple[Path, ast.Raise]]:
    found = []
    for path in sorted(PACKAGE.glob("*.py")):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        found += [(path, node) for node in nodes if isinstance(node, ast.Raise)]
    return found


def test_no_text_of_an_exception_stands_elsewhere() -> None:
    odd = []
    for path, node in raises():
        call = node.exc
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id not in BUILTIN:
            continue
        inner = call.args[0] if call.args else None
        if not (isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id == "said"):
            odd.append(f"{path.name}:{node.lineno}")
    assert odd == []
    native = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "python" / "src").glob("*.rs")}
    assert [name for name, text in native.items() if "Error::new_err" in text and name != "said.rs"] == []


def test_every_text_is_used_and_complete() -> None:
    sources = [*PACKAGE.glob("*.py"), *(ROOT / "python" / "src").glob("*.rs")]
    used: set[str] = set()
    for path in sources:
        used |= set(re.findall(r'(?:said|value_error|type_error)\(\s*"(\w+)"', path.read_text(encoding="utf-8")))
    assert used == set(TEXTS)

    def fields(text: str) -> set[str | None]:
        return {field for _, field, _, _ in string.Formatter().parse(text)} - {None}

    for name, (zh, en) in TEXTS.items():
        assert fields(zh) == fields(en), name
        assert re.search("[\u4e00-\u9fff]", zh), name
        assert en.isascii(), name


def test_texts_follow_the_language(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, demo: dianzhi.Scheme) -> None:
    policy = dianzhi.Policy.load("demo", demo)
    book = dianzhi.Book(tmp_path / "book")

    def told() -> list[str]:
        texts = []
        for call in (
            lambda: book.settle_month(demo, policy, [], "2026"),
            lambda: book.settle_year(policy, "2026-03"),
            lambda: book.settle_year(policy, 3.5),  # type: ignore[arg-type]
            lambda: book.explain("x", "nothing"),  # type: ignore[arg-type]
            lambda: demo.group(pl.Series([1])),  # type: ignore[arg-type]
            lambda: demo.group("claims.csv"),  # type: ignore[arg-type]
            lambda: policy.describe("nothing"),
            lambda: book.month("2026"),
            lambda: book.year("2026-03"),
            lambda: dianzhi.fiscal("bazhong_fiscal", [], close_over=99),
            dianzhi.fiscal,
            dianzhi.award,
            lambda: dianzhi.Scenario().grid("g", {"rules.x": "0.9"}),
            lambda: dianzhi.Scenario().sensitivity("s", "due", {"rules.x": "09"}),  # type: ignore[dict-item]
        ):
            with pytest.raises((ValueError, TypeError, KeyError)) as caught:
                call()
            texts.append(str(caught.value))
        return texts

    english = told()
    assert all(text.isascii() for text in english), english
    assert "a month is needed, such as 2026-03, not 2026" in english[0]
    monkeypatch.delenv("DIANZHI_LANG")
    chinese = told()
    assert all(re.search("[\u4e00-\u9fff]", text) for text in chinese), chinese
    assert "须为月份" in chinese[0]
    assert "须为年度" in chinese[1]
    assert said("month", "en", given="2026") == "a month is needed, such as 2026-03, not 2026"
    assert not (tmp_path / "book").exists()


@pytest.mark.filterwarnings("ignore::dianzhi.DianzhiWarning")
def test_a_year_is_a_text_or_a_number(tmp_path: Path, demo: dianzhi.Scheme) -> None:
    budget = '{ period = "2026", pool = "310", fund_budget = 9000 }'
    budgets = f"[{budget}, {budget.replace('310', '390')}]"
    policy = dianzhi.Policy.load("demo", demo).patch({"rules.budget.table": budgets})
    book = dianzhi.Book(tmp_path / "book")
    book.settle_month(demo, policy, dianzhi.synth(demo, 300, seed=1, period="2026-03"), "2026-03")
    with pytest.raises(KeyError, match="pools"):
        book.table("nothing")
    year = book.settle_year(policy, 2026)
    assert year.period == "2026"
    assert book.year(2026).totals == year.totals
    with pytest.raises(TypeError, match="True"):
        book.settle_year(policy, True)
    with pytest.raises(ValueError, match="a month"):
        book.settle_month(demo, policy, [], 2026)  # type: ignore[arg-type]


def test_the_year_of_a_fiscal_book_follows_its_forms(tmp_path: Path) -> None:
    account = {"政府": ["通江县"], "年度": [2025], "乡村机构改造提升专项": ["4000000"]}
    book = dianzhi.Book(tmp_path / "fiscal")
    assert book.fiscal("bazhong_fiscal", pl.DataFrame(account)).period == "2025"
    both = pl.concat([pl.DataFrame(account), pl.DataFrame(account).with_columns(pl.col("年度") + 1)])
    with pytest.raises(dianzhi.AwardError, match="A040"):
        book.fiscal("bazhong_fiscal", both)
    assert book.fiscal("bazhong_fiscal", both, 2026).period == "2026"
