"""WeasyPrint lays out letters, alone in a process: `python -m tests.benchmarks.peer FIRST COUNT SAME`; prints JSON.

It is given what makes it fast: one font configuration for all letters, no network, system libraries, no hyphenation.
Its fonts are the system's: with the Chinese font cut as ours is, its files are no PDF/A (veraPDF: 6.2.11.4.1).
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from typing import Any

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from tests.benchmarks.letters import ARMS, Letter, letter, page
from workflow.papers.pdf import qr_png


class Assets(URLFetcher):
    """Pictures from memory, nothing else."""

    qr = b""

    def fetch(self, url: str, headers: Any = None) -> Any:
        """Give what a letter refers to."""
        if url.startswith("asset:"):
            if url == "asset:arms":
                return URLFetcherResponse(url, ARMS, {"Content-Type": "image/svg+xml"})
            return URLFetcherResponse(url, self.qr, {"Content-Type": "image/png"})
        return super().fetch(url, headers)


def main() -> None:
    """Lay out one letter to warm up, then as many as asked for; fonts are found once, as its documentation advises."""
    first, count, same = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "same"
    fonts, assets = FontConfiguration(), Assets(allowed_protocols={"asset"})
    pages = 0

    def lay_out(one: Letter) -> bytes:
        nonlocal pages
        assets.qr = qr_png(one.url)
        source = HTML(string=page(one), url_fetcher=assets, base_url="asset:")
        document = source.render(font_config=fonts, pdf_variant="pdf/a-3a", pdf_tags=True)
        pages += len(document.pages)
        return document.write_pdf(pdf_variant="pdf/a-3a", pdf_tags=True) or b""

    letters = [letter(number, same_text=same) for number in range(first, first + 1 + count)]
    sample = lay_out(letters[0])
    started, wall = time.process_time(), time.perf_counter()
    for one in letters[1:]:
        lay_out(one)
    print(json.dumps({  # noqa: T201 - for the process that asked
        "cpu": (time.process_time() - started) / count, "wall": (time.perf_counter() - wall) / count,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "bytes": len(sample), "pages": pages,
    }))  # fmt: skip
    if place := os.environ.get("BENCH_SAMPLE"):
        with open(place, "wb") as file:  # noqa: PTH123 - a picture for whoever looks at it
            file.write(sample)


if __name__ == "__main__":
    main()
