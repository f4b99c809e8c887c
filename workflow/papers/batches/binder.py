"""The process in which letters are put together for printing: its memory ends with it, so that a worker stays small.

A line of lengths and the letters on stdin, the whole PDF on stdout; no database, no secrets. Started by
`workflow.papers.batches.layout.merge` only.
"""

import io
import json
import sys
from collections.abc import Sequence

from pypdf import PdfReader, PdfWriter


def bind(letters: Sequence[bytes]) -> bytes:
    """Put letters together as one PDF, in order; fonts and pictures that they share are kept once."""
    writer = PdfWriter()
    for data in letters:
        for page in PdfReader(io.BytesIO(data)).pages:
            writer.add_page(page)
    writer.compress_identical_objects(remove_duplicates=True, remove_unreferenced=True)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def main() -> None:
    """Read, bind, answer."""
    lengths: list[int] = json.loads(sys.stdin.buffer.readline())
    sys.stdout.buffer.write(bind([sys.stdin.buffer.read(length) for length in lengths]))


if __name__ == "__main__":
    main()
