"""People: reading a machine-readable zone, comparing names, and finding who may be the same person."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from tests.benchmarks.line import Line
from workflow.knowledge.mrz.composing import ZoneData, compose
from workflow.knowledge.mrz.matching import explain
from workflow.knowledge.mrz.parsing import parse
from workflow.knowledge.mrz.repairing import doubts
from workflow.knowledge.mrz.shapes import Format

TODAY = date(2026, 11, 21)
_DATA = {
    Format.TD3: ZoneData("PP", "TUR", "U98765432", "TUR", date(1980, 5, 17), "female", date(2032, 1, 1), "OZTURK",
                         "AYSE NUR", "12345678901"),
    Format.TD1: ZoneData("I", "TUR", "D23145890734", "TUR", date(1980, 5, 17), "male", date(2032, 1, 1), "KAYA", "ALI"),
}  # fmt: skip


def microseconds(act: Callable[[], object], times: int) -> float:
    """Give the median of one call in microseconds of this process's CPU, measured by the hundred."""
    taken = []
    for _ in range(times):
        started = time.process_time()
        for _ in range(100):
            act()
        taken.append((time.process_time() - started) * 10_000)
    return statistics.median(taken)


def people(_folder: Path, times: int) -> list[Line]:
    """Measure the zone's reading, its repair, and the comparison of names."""
    lines = []
    for form, data in _DATA.items():
        text = "\n".join(compose(form, data))
        taken = microseconds(lambda text=text: parse(text, TODAY), times)  # type: ignore[misc]
        lines.append(Line(f"read a zone of {form}", f"{taken:.0f} µs", "under 50 µs", taken < 50))
    wrong = parse("\n".join(compose(Format.TD3, _DATA[Format.TD3])).replace("U9876", "U98T6"), TODAY)
    repair = microseconds(lambda: doubts(wrong, TODAY), max(1, times // 10)) / 1000
    lines.append(Line("find a doubtful character", f"{repair:.1f} ms", "under 20 ms", repair < 20))
    names = microseconds(lambda: explain("Oeztürk", "Ayşe", "OZTURK", "AYSE NUR"), times)
    lines.append(Line("compare a name with the zone's", f"{names:.0f} µs", "under 200 µs", names < 200))
    return lines
