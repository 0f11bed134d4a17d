"""What the tests share."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import dianzhi
import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[2]

settings.register_profile("dianzhi", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
settings.load_profile("dianzhi")


@pytest.fixture(autouse=True)
def _english_at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Examples and tests name files from the root of the project, and read messages in English."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("DIANZHI_LANG", "en")


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c() -> None:
    """A shell's background jobs start with Ctrl-C ignored, and then Python sets no handler for it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference data beside the project. Tests that read it are skipped where it is absent, and fail in CI."""
    path = Path(os.environ.get("DIANZHI_SHARED") or ROOT.parent / "shared")
    if not path.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"in CI the reference data must be there: {path}")
        pytest.skip(f"{path} is not here")
    return path


@pytest.fixture(scope="session")
def demo() -> dianzhi.Scheme:
    """The demonstration scheme."""
    return dianzhi.Scheme.load(ROOT / "fixtures" / "demo_scheme")
