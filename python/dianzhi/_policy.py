"""Policy packs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

from . import _native, _toml
from ._errors import problems_frame, warn
from ._said import Lang, lang_of, said
from ._text import Answer

if TYPE_CHECKING:
    from ._scheme import Path, Scheme
    from ._toml import Value


class Policy:
    """The dated policy packs (政策包) of a place, compiled for a scheme. It is immutable."""

    def __init__(self, native: _native.Policy) -> None:
        self._native = native

    @classmethod
    def load(cls, path: Path, scheme: Scheme) -> Policy:
        """Read and compile policy packs.

        Parameters
        ----------
        path
            A TOML file, or a folder of dated packs, with the tables they name beside them; or the name of a pack that
            comes with the package: `demo`, `bazhong_draft`, `leshan_shizhong_2023`, `yaan_2022` …
        scheme
            Where packs take tables of the scheme, such as weights.

        Raises
        ------
        PolicyError
            When rules are missing, unknown or contradict each other, or dates overlap or leave a gap.

        Examples
        --------
        >>> import dianzhi
        >>> scheme = dianzhi.Scheme.load("demo")
        >>> dianzhi.Policy.load("demo", scheme).rules().columns[:4]
        ['pack', 'rule', 'kind', 'stated_by']
        """
        return cls(_native.Policy.load(path, scheme._native))

    @property
    def packs(self) -> list[str]:
        """The ids of the packs."""
        return [pack["id"] for pack in self._native.packs]

    @property
    def warnings(self) -> pl.DataFrame:
        """What reading the packs gave cause to warn of; columns as of `DianzhiError.frame`."""
        return problems_frame(self._native.warnings)

    def rules(self) -> pl.DataFrame:
        """Every rule, with what it rests on.

        Returns
        -------
        polars.DataFrame
            pack, rule, kind, stated_by (the pack that states it), document, number, article, placeholder (why a figure
            is only assumed; null when it is sourced), parameters.

        Examples
        --------
        >>> import dianzhi
        >>> rules = dianzhi.Policy.load("demo", dianzhi.Scheme.load("demo")).rules()
        >>> rules.filter(rule="pools").height
        1
        """
        return pl.DataFrame(self._native.rules())

    def check(self) -> pl.DataFrame:
        """What looks wrong with the packs that compiled; columns as of `DianzhiError.frame`.

        Examples
        --------
        >>> import dianzhi
        >>> dianzhi.Policy.load("demo", dianzhi.Scheme.load("demo")).check().filter(severity="error").height
        0
        """
        return self.warnings

    def describe(self, rule: str | None = None, *, lang: Lang | None = None) -> Answer:
        """The rules in words, with formula, parameters and the article each rests on.

        Parameters
        ----------
        rule
            The name of a rule, such as `low_line`; all of them when not said.
        lang
            `zh` or `en`; the language of DIANZHI_LANG, else Chinese, when not said.

        Raises
        ------
        KeyError
            When no pack has such a rule.

        Examples
        --------
        >>> import dianzhi
        >>> policy = dianzhi.Policy.load("demo", dianzhi.Scheme.load("demo"))
        >>> "share = 0.95" in str(policy.describe("prepay"))
        True
        """
        lang = lang_of(lang)
        rules = [one for one in self._native.describe(lang) if rule in (None, one["rule"])]
        if not rules:
            known = sorted({one["rule"] for one in self._native.describe(lang)})
            raise KeyError(said("no_rule", given=repr(rule), known=", ".join(known)))
        return Answer({"packs": self._native.packs, "rules": rules}, _described(self._native.packs, rules, lang))

    def patch(self, changes: Mapping[str, Value]) -> Policy:
        """The packs with some parameters changed; this policy stays as it is.

        What is settled by changed packs is a simulation, and its manifest keeps the changes.

        Parameters
        ----------
        changes
            Paths to new values: `rules.low_line.ratio`; a row of a table `rules.weights.table[ES31].weight`, an item of
            a list `rules.budget.month_weights[0]`; with `PACK:` before it, only of that pack. Values are whole numbers,
            decimals, or texts in TOML; no binary fractions.

        Raises
        ------
        PolicyError
            When a path names nothing (the closest one is told), or the rules no longer fit together.
        TypeError
            When a value is a float.

        Examples
        --------
        >>> import dianzhi
        >>> policy = dianzhi.Policy.load("demo", dianzhi.Scheme.load("demo"))
        >>> "share = 0.9" in str(policy.patch({"rules.prepay.share": "0.9"}).describe("prepay"))
        True
        """
        patched = Policy(self._native.patch([(path, str(value)) for path, value in _toml.values(changes).items()]))
        warn(patched._native.warnings)
        return patched

    @property
    def changes(self) -> dict[str, str]:
        """What was changed of the packs as published."""
        return dict(self._native.changes)

    def __repr__(self) -> str:
        changed = f", {len(self.changes)} changes" if self.changes else ""
        return f"<dianzhi.Policy {', '.join(self.packs)}{changed}>"

    def _repr_html_(self) -> str:
        return self.describe()._repr_html_()


def _described(packs: list[dict[str, str]], rules: list[dict[str, str]], lang: Lang) -> str:
    zh = lang == "zh"
    lines = ["政策" if zh else "Policy"]
    for pack in packs:
        draft = ("（草案）" if zh else " (a draft)") if pack["status"] == "draft" else ""
        lines.append(f"  {pack['id']}: {pack['title']}{draft}, {pack['valid_from']} … {pack['valid_to'] or '∞'}")
        for rule in (one for one in rules if one["pack"] == pack["id"]):
            lines.append(f"    {rule['rule']}  {rule['words']}")
            parts = [("公式", "formula"), ("参数", "parameters"), ("依据", "source")]
            lines += [f"      {names[0 if zh else 1]}: {rule[names[1]]}" for names in parts if rule[names[1]]]
    return "\n".join(lines)
