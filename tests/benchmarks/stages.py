"""Where a letter's time goes, measured inside one process: `python -m tests.benchmarks.stages COUNT same|different`."""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from tests.benchmarks.letters import ARMS, edition, facts, letter
from workflow.papers import pdf, plan
from workflow.papers.blocks import parse
from workflow.papers.glyphs import unprintable
from workflow.papers.plain import clean, prepare
from workflow.papers.wording import fill

T = TypeVar("T")


def main() -> None:
    """Take the first ten letters as warming up, then add up each stage."""
    spent: dict[str, float] = defaultdict(float)

    def timed(stage: str, work: Callable[..., T], *given: Any) -> T:
        started = time.process_time()
        made = work(*given)
        spent[stage] += time.process_time() - started
        return made

    count, same = int(sys.argv[1]), sys.argv[2] == "same"
    for number in range(count + 10):
        if number == 10:
            spent.clear()
        one = letter(number, same_text=same)
        sheet = edition(one)
        told = timed("fill", prepare, facts(one), sheet.language)
        filled = timed("fill", lambda now=told, sheet=sheet: fill(sheet.wording, now, sheet.language, keep=False))
        blocks = timed("blocks", lambda text=filled.text: parse(clean(text)))
        made = timed("blocks", plan.build, blocks, told, sheet)
        timed("glyphs", lambda made=made: unprintable(plan.words(made)))
        timed("QR", pdf.qr_png, one.url)
        timed("layout and write", pdf.to_pdf, made, ARMS)
    told_all = ", ".join(f"{stage} {seconds / count * 1000:.1f} ms" for stage, seconds in spent.items())
    sys.stdout.write(told_all + "\n")


if __name__ == "__main__":
    main()
