"""The program `dianzhi`: `python -m dianzhi …`."""

import signal
import sys

from ._native import run


def main() -> int:
    """Run the program on the command line; the exit code is 0 done, 1 refused, 2 wrong usage."""
    # The engine stops at once on Ctrl-C, which leaves files and books as they were.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return run(["dianzhi", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
