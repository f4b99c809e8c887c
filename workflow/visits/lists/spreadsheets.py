"""Opens XLSX, XLS and DOCX in a child process with limits of time and memory, after judging what they unpack to."""

import json
import os
import subprocess
import sys
import zipfile
import zlib
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from workflow.base.errors import Invalid
from workflow.visits.lists.reading import Table, make_table, read_csv, with_mark

SECONDS = 20
MAX_UNPACKED = 120 * 1024 * 1024
_ROOT = Path(__file__).resolve().parents[3]
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class ListFile:
    """A list as it came; opening it is slow work, done while no transaction is open."""

    data: bytes
    is_csv: bool

    @property
    def key(self) -> str:
        """A hash of the file."""
        return f"list.{self.is_csv}.{sha256(self.data).hexdigest()}"

    def do(self) -> list[Table]:
        """Open it.

        Raises:
            Invalid: as `read_csv`, `read_spreadsheet`.
        """
        return read_csv(with_mark(self.data)) if self.is_csv else read_spreadsheet(self.data)


def is_locked(data: bytes) -> bool:
    """Tell a password-protected XLSX from other files."""
    return data.startswith(_OLE) and _ENCRYPTED in data


def check_unpacked(data: bytes) -> None:
    """Really unpack an XLSX or DOCX and count, for the sizes written in it may lie.

    Raises:
        Invalid: damaged, or more than we open.
    """
    left = MAX_UNPACKED
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for part in archive.infolist():
                if part.flag_bits & 1:
                    raise Invalid("visits.list-password", field="file")
                with archive.open(part) as stream:
                    while chunk := stream.read(1024 * 1024):
                        left -= len(chunk)
                        if left < 0:
                            raise Invalid("base.file-bomb", field="file")
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
        raise Invalid("visits.list-damaged", field="file") from None


def read_spreadsheet(data: bytes) -> list[Table]:
    """Read all sheets, or tables of a document, that hold anything.

    Raises:
        Invalid: damaged, locked, or more than we open.
    """
    if data.startswith(b"PK"):
        check_unpacked(data)
    answer = _ask(data)
    if "code" in answer:
        code = answer.pop("code")
        raise Invalid(code, field="file", **answer)
    tables = [make_table(sheet["name"], sheet["rows"], sheet["spanned"]) for sheet in answer["sheets"]]
    return [table for table in tables if table.rows]


def _ask(data: bytes) -> dict[str, Any]:
    environment = {"PYTHONPATH": str(_ROOT), "PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "workflow.visits.lists.child"], input=data, capture_output=True, check=False,
            timeout=SECONDS, env=environment,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Invalid("base.file-bomb", field="file") from None
    if done.returncode:
        raise Invalid("base.file-bomb" if done.returncode < 0 else "visits.list-damaged", field="file")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
