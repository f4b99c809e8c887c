"""How long `delegations demo` takes from the command to the first page: a second start, and the end by Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tests.benchmarks.line import Line
from tests.servers import die_with_parent, free_port, wait_until

ROOT = Path(__file__).parents[2]


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=5) as answer:
            return bool(re.search(rb"<form", answer.read()))
    except OSError:
        return False


def _start_and_stop(folder: Path) -> tuple[float, float]:
    """Start, wait for the page of signing in, stop; give seconds on the clock for each."""
    port, began = free_port(), time.monotonic()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DELEGATIONS_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "workflow.cli", "demo", "--data", str(folder), "--port", str(port)], cwd=ROOT, env=clean,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        preexec_fn=die_with_parent(signal.SIGKILL),
    )  # fmt: skip
    wait_until(lambda: _answers(port), seconds=300, what="the first page")
    up = time.monotonic() - began
    process.send_signal(signal.SIGINT)
    process.wait(90)
    return up, time.monotonic() - began - up


def starts(folder: Path) -> list[Line]:
    """Start the demo once, so that it is loaded, and three times more."""
    first, _ = _start_and_stop(folder / "demo")
    again = [_start_and_stop(folder / "demo") for _ in range(3)]
    up, down = (statistics.median(each) for each in zip(*again, strict=True))
    said = f"median {up:.1f} s on the clock; Ctrl-C {down:.1f} s; the first, with loading, {first:.0f} s"
    return [Line("second start of the demo", said, "under 5 s", up < 5)]
