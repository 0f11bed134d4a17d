"""A real Chromium without a window, driven by its own protocol on a pipe: no driver, no port, no network."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1"]


def found() -> str | None:
    """The program, as Debian's package or another names it."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for path in map(shutil.which, names) if path), None)


class Browser:
    """One page of one browser."""

    def __init__(self, program: str) -> None:
        self._home = tempfile.TemporaryDirectory(prefix="dianzhi-browser-", ignore_cleanup_errors=True)
        hear, self._write = os.pipe()
        self._read, tell = os.pipe()

        def join() -> None:
            # The browser reads commands from its file 3 and writes answers to its file 4.
            far = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (hear, tell)]
            os.dup2(far[0], 3)
            os.dup2(far[1], 4)

        command = [program, *FLAGS, f"--user-data-dir={self._home.name}", "--remote-debugging-pipe", "about:blank"]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(
            command,
            stdin=quiet,
            stdout=quiet,
            stderr=quiet,
            close_fds=False,
            preexec_fn=join,  # noqa: PLW1509
        )
        os.close(hear)
        os.close(tell)
        self._waiting = b""
        self._number = 0
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._call("Page.enable")

    def open(self, page: Path, width: int = 1250) -> None:
        """Load a file and wait until it is drawn."""
        self._call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        self._call("Page.navigate", url=page.resolve().as_uri())
        self.ask("new Promise(done => document.readyState == 'complete' ? done(1) : addEventListener('load', done))")
        self.ask("document.fonts.ready.then(() => new Promise(done => setTimeout(done, 300)))")

    def ask(self, script: str) -> Any:
        """What a script comes to."""
        answer = self._call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def picture(self, path: Path) -> bytes:
        """A picture of the whole page, as PNG."""
        shot = self._call("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))
        return path.read_bytes()

    def _call(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if hasattr(self, "_session"):
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._waiting:
            part = os.read(self._read, 1 << 16)
            assert part, "the browser ended"
            self._waiting += part
        message, _, self._waiting = self._waiting.partition(b"\0")
        answer: dict[str, Any] = json.loads(message)
        return answer

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._write)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._read)
        self._home.cleanup()
