"""What a process has used, as Linux tells it."""

from __future__ import annotations

import os
import re
from pathlib import Path


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a living process has used, its threads with it."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_of(pid: int) -> int:
    """The most memory that a living process has held, in megabytes."""
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    return int(found[1]) // 1024 if found else 0
