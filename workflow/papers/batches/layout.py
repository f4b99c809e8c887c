"""Letters laid out in one go, and put together as one PDF for printing and one archive; knows no database.

`lay_out(orders)` is what a worker does with a chunk, and what `make bench` measures.
"""

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from workflow.papers.composing import RenderError
from workflow.papers.editions import Edition
from workflow.papers.engine import RENDERER

SECONDS = 240
_ROOT = Path(__file__).resolve().parents[3]
PASSING = frozenset({"time", "died", "memory"})
"""Faults of the process that lays out, not of the letter: the whole chunk is tried again."""


@dataclass(frozen=True)
class Order:
    """One letter to be laid out: which, by what wording, with what facts."""

    key: int
    edition: Edition
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Laid:
    """One letter as PDF, or why it cannot be laid out."""

    key: int
    data: bytes
    sha256: str
    fault: str = ""


def lay_out(orders: Iterable[Order]) -> list[Laid]:
    """Lay letters out; one that has a fault of its own does not stop the others.

    Raises:
        RenderError: the process that lays out broke a limit or died.
    """
    made = []
    for order in orders:
        try:
            one = RENDERER.render(order.edition, order.facts, "pdf")
        except RenderError as wrong:
            if wrong.code in PASSING:
                raise
            made.append(Laid(order.key, b"", "", wrong.code))
        else:
            made.append(Laid(order.key, one.data, one.sha256))
    return made


def merge(letters: Sequence[bytes]) -> bytes:
    """Put letters together as one PDF, in order; for the printer, so without each one's attachments and tags.

    Done in a process of its own: five hundred letters take a quarter of a gigabyte while they are put together.

    Raises:
        subprocess.SubprocessError: that process died or took too long; the job is tried again.
    """
    lengths = json.dumps([len(data) for data in letters]).encode() + b"\n"
    environment = {"PYTHONPATH": str(_ROOT), "PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-m", "workflow.papers.batches.binder"], input=lengths + b"".join(letters),
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, timeout=SECONDS, env=environment,
    )  # fmt: skip
    return done.stdout


def archive(names: Sequence[str], letters: Iterable[bytes], dated: date) -> bytes:
    """Put letters into a ZIP under these names; the same letters give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as box:
        for name, data in zip(names, letters, strict=True):
            about = zipfile.ZipInfo(name, (max(dated.year, 1980), dated.month, dated.day, 0, 0, 0))
            about.external_attr = 0o644 << 16
            box.writestr(about, data)
    return out.getvalue()
