"""Filled-in forms as files: the workbook itself, or frames under the names of the forms."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from . import _frames
from ._native import store
from ._said import said

if TYPE_CHECKING:
    from ._frames import Frame

PathLike: TypeAlias = "str | os.PathLike[str]"
Forms: TypeAlias = "PathLike | Sequence[PathLike] | Frame | Mapping[str, Frame]"
"""Filled-in workbooks and tables, folders of them, one frame, or frames by the names of the forms."""


class Folder:
    """A folder of files written from frames; it goes when nobody needs it any more."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="dianzhi-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


@contextmanager
def files(forms: Forms | None, first: str, more: Mapping[str, Frame]) -> Iterator[list[str]]:
    """The files of the forms, while they are needed.

    Parameters
    ----------
    forms
        What was handed in.
    first
        The form that a frame without a name is.
    more
        Further frames by the names of the forms.

    Raises
    ------
    TypeError
        When something is neither a file nor a frame.
    """
    with tempfile.TemporaryDirectory(prefix="dianzhi-") as folder:
        yield kept(forms, first, more, Path(folder))


def kept(forms: Forms | None, first: str, more: Mapping[str, Frame], folder: Path) -> list[str]:
    """As `files`; frames are written into the folder."""
    paths: list[str] = []
    frames: dict[str, Frame] = {}
    if isinstance(forms, str | os.PathLike):
        paths = [os.path.abspath(forms)]
    elif isinstance(forms, Mapping):
        frames = dict(forms)
    elif isinstance(forms, Sequence):
        if not all(isinstance(path, str | os.PathLike) for path in forms):
            raise TypeError(said("forms_kind"))
        paths = [os.path.abspath(path) for path in forms]
    elif forms is not None:
        frames = {first: forms}
    for name, frame in {**frames, **more}.items():
        path = folder / f"{name}.parquet"
        store(_frames.streams(frame), path)
        paths.append(os.fspath(path))
    return paths
