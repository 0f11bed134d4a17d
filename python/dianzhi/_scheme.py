"""Grouping schemes."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from functools import cached_property
from typing import Any, TypeAlias, overload

import polars as pl

from . import _frames, _native
from ._errors import DianzhiWarning, Problem, problems_frame, warn
from ._frames import Frame
from ._progress import progress
from ._said import Lang, lang_of, language, said
from ._text import Answer

Path: TypeAlias = "str | os.PathLike[str]"


class UnreadableRows(DianzhiWarning):
    """Rows of which a field could not be read, such as an age of `abc`. They are grouped as `invalid`."""

    rejects: pl.DataFrame
    """What is wrong, a row a fault: file, row, setl_id, field, code, value, reason_zh, reason_en, kind."""

    def __init__(self, rejects: pl.DataFrame) -> None:
        first = rejects.row(0, named=True)
        rows = rejects["row"].n_unique()
        begin = {
            "zh": f"{rows} 行有无法读取的字段，状态为 invalid；首个在第 {first['row']} 行",
            "en": f"{rows} rows have a field that cannot be read and are `invalid`; the first is row {first['row']}",
        }
        super().__init__(f"{begin[language()]}: {first['code']} {first[f'reason_{language()}']}")
        self.rejects = rejects


class Scheme:
    """A grouping scheme (分组方案), compiled and ready to group claims.

    It is immutable and may be shared among threads; grouping runs without the interpreter's lock.
    """

    def __init__(self, native: _native.Scheme) -> None:
        self._native = native

    @classmethod
    def load(cls, path: Path) -> Scheme:
        """Read and compile a scheme.

        Parameters
        ----------
        path
            A folder of CSV tables, the same zipped, or an .xlsx workbook with a sheet a table; `demo` is the scheme
            that comes with the package.

        Raises
        ------
        SchemeError
            When tables are missing, or hold what is not understood; every problem is listed.
        FileError
            When the path cannot be read.

        Examples
        --------
        >>> import dianzhi
        >>> scheme = dianzhi.Scheme.load("demo")
        >>> scheme
        <dianzhi.Scheme demo>
        """
        return cls(_native.Scheme.load(path))

    @property
    def name(self) -> str:
        """The name that the scheme gives itself."""
        return self._native.name

    @property
    def fingerprint(self) -> str:
        """SHA-256 of what the tables say, whichever container they come in."""
        return self._native.fingerprint

    @property
    def warnings(self) -> pl.DataFrame:
        """What reading the tables gave cause to warn of; columns as of `DianzhiError.frame`."""
        return problems_frame(self._native.warnings)

    def check(self) -> pl.DataFrame:
        """All that looks wrong with the scheme, and the rules and DRGs that no claim can get to.

        Returns
        -------
        polars.DataFrame
            One row a finding, columns as of `DianzhiError.frame`.

        Examples
        --------
        >>> import dianzhi
        >>> dianzhi.Scheme.load("demo").check().filter(severity="error").height
        0
        """
        return problems_frame(self._native.check())

    def show(self, code: str | None = None, *, lang: Lang | None = None) -> Answer:
        """What a diagnosis, procedure, ADRG, DRG or MDC is; without a code, the scheme at a glance.

        Raises
        ------
        SchemeError
            When the scheme does not hold the code.

        Examples
        --------
        >>> import dianzhi
        >>> card = dianzhi.Scheme.load("demo").show("ES2", lang="en")
        >>> "ES2" in str(card)
        True
        """
        return Answer(*self._native.show(code, lang_of(lang)))

    def diff(self, after: Scheme, *, lang: Lang | None = None) -> pl.DataFrame:
        """What another scheme has otherwise than this one.

        Returns
        -------
        polars.DataFrame
            One row a change: section (of the scheme), what (added, removed …), subject, before, after, codes (a list)
            and text.

        Examples
        --------
        >>> import dianzhi
        >>> scheme = dianzhi.Scheme.load("demo")
        >>> scheme.diff(scheme).height
        0
        """
        schema = dict.fromkeys(("section", "what", "subject", "before", "after"), pl.String())
        changes = self._native.diff(after._native, lang_of(lang))
        return pl.DataFrame(changes, schema={**schema, "codes": pl.List(pl.String), "text": pl.String})

    @overload
    def group(
        self, claims: pl.DataFrame | pl.LazyFrame, *, clinical: bool = ..., mapping: Path | None = ...
    ) -> pl.DataFrame: ...
    @overload
    def group(self, claims: Frame, *, clinical: bool = ..., mapping: Path | None = ...) -> Any: ...
    def group(self, claims: Any, *, clinical: bool = False, mapping: Path | None = None) -> Any:
        """Group claims: each row in, in order, with the columns `status`, `mdc`, `adrg` and `drg`.

        Parameters
        ----------
        claims
            Rows with NHSA field names, one a stay: `setl_id`, `gend` (1 male, 2 female) and `diag_codes` (principal
            first, a list or joined by `|`) must be there; `age` (years), `nwb_age` (days), `nwb_bir_wt` and
            `nwb_adm_wt` (grams), `act_ipt_days`, `dscg_caty`, `dscg_way`, `oprn_codes` (main first) and what else the
            scheme asks for may be. Any frame of polars, pandas, pyarrow or DuckDB, or another Arrow stream, read batch
            by batch. Other columns are kept as they are; one with the name of a column added is renamed `input_…`.
        clinical
            The codes are of the clinical edition (国临版): translate them by the scheme's code maps first.
        mapping
            A TOML file that says which of your columns holds which field.

        Returns
        -------
        polars.DataFrame, or pandas.DataFrame or pyarrow.Table when given such
            `status` is `grouped`, `ungroupable`, `ambiguous`, `invalid`, `dx_unmapped` or `proc_unmapped`.

        Raises
        ------
        ClaimsError
            When a column is missing or of a wrong type.
        TypeError
            When `claims` is no frame.

        Warns
        -----
        UnreadableRows
            When fields of some rows cannot be read.
        DianzhiWarning
            When codes were put right (lower case, full-width characters, blanks), or the sex is neither 1 nor 2.

        Examples
        --------
        >>> import dianzhi, polars as pl
        >>> scheme = dianzhi.Scheme.load("demo")
        >>> claims = pl.DataFrame({
        ...     "setl_id": ["S1", "S2"], "gend": [1, 2], "age": [63, 71],
        ...     "diag_codes": ["I21.000|I50.900", "J18.900"], "oprn_codes": ["36.0600", ""],
        ... })
        >>> scheme.group(claims).select("setl_id", "status", "drg").rows()
        [('S1', 'grouped', 'FM15'), ('S2', 'grouped', 'ES25')]
        """
        with progress(("分组", "grouping")):
            rows, found, rejects = self._native.group(_frames.streams(claims), clinical, mapping)
        _warn(found, rejects)
        return _frames.out(rows, claims)

    def explain(
        self,
        claims: Frame | Mapping[str, Any],
        setl_id: str | None = None,
        *,
        lang: Lang | None = None,
        clinical: bool = False,
        mapping: Path | None = None,
    ) -> Trace:
        """Why a claim gets its group.

        Parameters
        ----------
        claims
            One claim as a dict of fields, or a frame as for `group`.
        setl_id
            Which claim of the frame; the first row when not said.
        lang
            `zh` or `en`; the language of DIANZHI_LANG, else Chinese, when not said.
        clinical, mapping
            As of `group`.

        Raises
        ------
        ClaimsError
            When there is no such claim, or fields of it cannot be read.

        Examples
        --------
        >>> import dianzhi
        >>> scheme = dianzhi.Scheme.load("demo")
        >>> claim = {"setl_id": "S1", "gend": 1, "age": 63, "diag_codes": ["I21.000", "I50.900"]}
        >>> trace = scheme.explain(claim, lang="en")
        >>> trace.drg
        'FR15'
        """
        told_in = lang_of(lang)
        if isinstance(claims, dict) and setl_id is None and mapping is None:
            plain = self._native.explain_fields(claims, clinical)
            if plain is not None:
                return Trace(plain, told_in)
        frames = _frames.streams(_one(claims) if isinstance(claims, Mapping) else claims)
        return Trace(self._native.explain(frames, setl_id, clinical, mapping), told_in)

    def __repr__(self) -> str:
        return f"<dianzhi.Scheme {self.name}>"

    def _repr_html_(self) -> str:
        return self.show()._repr_html_()


class Trace(Answer):
    """Why a claim got its group.

    The MDCs and rules tried, what failed on what, which codes counted as CC or MCC, which were excluded, and the
    nearest other groups. The record and the text are made when they are first asked for.
    """

    def __init__(self, native: _native.Trace, lang: Lang) -> None:
        self._native = native
        self._lang = lang

    @cached_property
    def _told(self) -> tuple[dict[str, Any], str]:
        return self._native.told(self._lang)

    @property
    def record(self) -> dict[str, Any]:  # type: ignore[override]
        """What the text was made of, as plain dicts, lists, texts and whole numbers."""
        return self._told[0]

    @property
    def _text(self) -> str:  # type: ignore[override]
        return self._told[1]

    @property
    def setl_id(self) -> str:
        """The claim."""
        return self._native.setl_id

    @property
    def status(self) -> str:
        """As in the column `status` of grouped claims."""
        return self._native.status

    @property
    def mdc(self) -> str:
        """The MDC."""
        return self._native.mdc

    @property
    def adrg(self) -> str:
        """The ADRG."""
        return self._native.adrg

    @property
    def drg(self) -> str:
        """The DRG."""
        return self._native.drg


def _one(claim: Mapping[str, Any]) -> pl.DataFrame:
    try:
        return pl.DataFrame([dict(claim)])
    except (pl.exceptions.PolarsError, TypeError, ValueError, OverflowError) as error:
        raise TypeError(said("claim_fields", why=error)) from error


def _warn(found: list[Problem], rejects: _native.Rows) -> None:
    warn(found, 4)
    if len(rejects) > 0:
        warnings.warn(UnreadableRows(pl.DataFrame(rejects)), stacklevel=3)
