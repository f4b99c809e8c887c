"""Files: judged by their bytes, encrypted at rest, whole or not there, swept when nobody claims them."""

import os
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from workflow.base import clock, files
from workflow.base.actor import SYSTEM
from workflow.base.errors import Invalid, NotFound, TooLarge
from workflow.base.files import PDF, SCANS, XLSX, Upload, check_upload, keep_file, read_file, store, sweep_files
from workflow.base.unit_of_work import commit

LIMIT = 1024 * 1024
SCAN = b"%PDF-1.7\nPassport 123456789 of SPECIMEN"


def archive(parts: dict[str, bytes]) -> bytes:
    """Make a zip archive."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return packed.getvalue()


def test_kept_file_reads_back_and_is_unreadable_on_disk(app: Flask, session: Session, tmp_path: Path) -> None:
    row = keep_file(session, SYSTEM, clock.now(), Upload("паспорт.pdf", SCAN), allowed=SCANS, limit=LIMIT)
    commit(session)
    assert read_file(session, row.id)[1] == SCAN
    on_disk = store().path(row.token).read_bytes()
    assert b"123456789" not in on_disk
    assert row.name == "паспорт.pdf"
    assert "pasport" not in row.token
    assert b"\xd0\xbf\xd0\xb0\xd1\x81\xd0\xbf" not in (tmp_path / "test.db").read_bytes()


def test_file_has_its_name_on_the_disk_before_it_is_told_of(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    done: list[str] = []
    sync, replace = os.fsync, Path.replace

    def note_sync(number: int) -> None:
        done.append(Path(f"/proc/self/fd/{number}").readlink().name)
        sync(number)

    def note_name(half: Path, whole: Path) -> Path:
        done.append("named")
        return replace(half, whole)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "replace", note_name)
    token = files.FileStore(tmp_path / "store").write(SCAN)
    assert done == [f".{token}.part", "named", token[:2], "store"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("page.pdf", b"<!doctype html><script>alert(1)</script>"),
        ("program.pdf", b"MZ\x90\x00\x03"),
        ("script.png", b"#!/bin/sh\nrm -rf /"),
        ("sheet.pdf", archive({"xl/workbook.xml": b"<x/>"})),
    ],
)
def test_type_is_read_from_the_bytes_and_not_from_the_name(name: str, data: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        check_upload(Upload(name, data), allowed=SCANS, limit=LIMIT)
    assert refused.value.code == "base.file-type"
    assert refused.value.params["allowed"] == "JPG, PDF, PNG"


def test_empty_and_too_large_files_are_refused() -> None:
    with pytest.raises(Invalid, match=r"base\.file-empty"):
        check_upload(Upload("a.pdf", b""), allowed=SCANS, limit=LIMIT)
    with pytest.raises(TooLarge, match=r"base\.file-too-large"):
        check_upload(Upload("a.pdf", b"%PDF-" + b"x" * LIMIT), allowed=SCANS, limit=LIMIT)


def test_archive_that_unpacks_to_far_more_is_refused() -> None:
    bomb = archive({"xl/workbook.xml": b"<x/>", "xl/sheet.xml": b"0" * 60_000_000})
    with pytest.raises(Invalid, match=r"base\.file-bomb"):
        check_upload(Upload("list.xlsx", bomb), allowed={XLSX}, limit=LIMIT)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\temp\\scan.pdf", "scan.pdf"),
        ('a<b>"c|d?.pdf', "abcd.pdf"),
        ("\u202egpj.exe", "gpj.exe.pdf"),
        ("", "file.pdf"),
    ],
)
def test_name_offered_for_download_is_harmless(given: str, shown: str) -> None:
    assert files.clean_name(given, PDF) == shown


def test_bytes_that_no_row_claims_are_swept_after_a_day(app: Flask, session: Session) -> None:
    kept = keep_file(session, SYSTEM, clock.now(), Upload("a.pdf", SCAN), allowed=SCANS, limit=LIMIT)
    commit(session)
    orphan = store().write(b"left by a request that failed")
    young = store().write(b"written just now")
    old = clock.now().timestamp() - timedelta(days=2).total_seconds()
    for token in (kept.token, orphan):
        os.utime(store().path(token), (old, old))
    os.utime(store().path(young), (clock.now().timestamp(),) * 2)
    assert sweep_files(session, clock.now()) == 1
    assert store().read(kept.token) == SCAN
    assert store().read(young) == b"written just now"
    with pytest.raises(NotFound):
        store().read(orphan)
