"""Values and documents as TOML, without a binary fraction on the way."""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from ._said import said

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Value: TypeAlias = "str | int | Decimal | bool"
"""A parameter: a whole number, a decimal, or a text in TOML; no binary fraction."""


class Raw(str):
    """A text that is TOML already."""

    __slots__ = ()


def value(path: str, given: object) -> Raw:
    """A value of a parameter as TOML; texts are TOML already.

    Raises
    ------
    TypeError
        When it is a binary fraction, or nothing that a parameter can be.
    """
    if isinstance(given, bool):
        return Raw("true" if given else "false")
    if isinstance(given, int):
        return Raw(given)
    if isinstance(given, Decimal):
        return Raw(f"{given:f}")
    if isinstance(given, str):
        return Raw(given)
    raise TypeError(said("value", path=path, given=type(given).__name__))


def several(path: str, given: object) -> list[object]:
    """Some values of a parameter.

    Raises
    ------
    TypeError
        When it is not a list; a text would come apart into letters.
    """
    if isinstance(given, Sequence) and not isinstance(given, str):
        return list(given)
    raise TypeError(said("several", path=path, given=repr(given)))


def pair(path: str, given: object) -> tuple[object, object]:
    """A low and a high value of a parameter.

    Raises
    ------
    TypeError
        When it is not two values.
    """
    if isinstance(given, Sequence) and not isinstance(given, str) and len(given) == 2:
        return given[0], given[1]
    raise TypeError(said("pair", path=path, given=repr(given)))


def values(given: Mapping[str, object] | None) -> dict[str, Raw]:
    """Values of parameters by their paths."""
    return {path: value(path, one) for path, one in (given or {}).items()}


def written(given: object) -> str:
    """Anything a document is made of, on one line.

    Examples
    --------
    >>> print(written({"name": "预算 5 %", "times": {"rules.budget": Raw("1.05")}}))
    { name = "预算 5 %", times = { "rules.budget" = 1.05 } }
    """
    if isinstance(given, Raw):
        return str(given)
    if isinstance(given, str):
        return json.dumps(given, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(given, Mapping):
        pairs = [f"{_key(name)} = {written(one)}" for name, one in given.items() if one is not None]
        return "{ " + ", ".join(pairs) + " }" if pairs else "{}"
    if isinstance(given, Sequence):
        return "[" + ", ".join(written(one) for one in given) + "]"
    if isinstance(given, datetime.date):
        return given.isoformat()
    return value("value", given)


def document(parts: Mapping[str, object]) -> str:
    """A document, a line a part; of a list of parts a line each."""
    lines = []
    for name, part in parts.items():
        if isinstance(part, list) and part:
            inside = "".join(f"    {written(one)},\n" for one in part)
            lines.append(f"{_key(name)} = [\n{inside}]\n")
        elif part not in (None, []):
            lines.append(f"{_key(name)} = {written(part)}\n")
    return "".join(lines)


def _key(name: str) -> str:
    plain = name.replace("_", "").replace("-", "")
    return name if plain.isascii() and plain.isalnum() else json.dumps(name, ensure_ascii=False)


def read(text: str) -> dict[str, object]:
    """A document whose numbers stay as they were written."""
    read: dict[str, object] = tomllib.loads(text, parse_float=Raw)
    return read
