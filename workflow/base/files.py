"""The file store: uploads and papers, encrypted, outside the web root, under random names.

A file is written to a temporary name, synced and renamed before its row is committed, so a crash leaves no half file;
what no row claims is swept after a day. The type is sniffed from the bytes and never believed from the name.
"""

import errno
import hashlib
import secrets
import unicodedata
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

from sqlalchemy import Boolean, Integer, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from workflow.base.actor import Actor
from workflow.base.database import Base, BigId, HasId, UtcDateTime
from workflow.base.disk import put_in_place, sync_folder, write_half
from workflow.base.encryption import EncryptedText, decrypt_bytes, encrypt_bytes
from workflow.base.errors import Invalid, NotFound, TooLarge
from workflow.base.pictures import draw_again
from workflow.base.unit_of_work import after_commit, reading

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
"""What the system says when the disk, or our share of it, is full."""
MAX_ARCHIVE_ENTRIES = 2000
MAX_ARCHIVE_BYTES = 300 * 1024 * 1024
MAX_ARCHIVE_RATIO = 200

PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLS = "application/vnd.ms-excel"
CSV = "text/csv"
TEXT = "text/plain"
ZIP = "application/zip"
SCANS = frozenset({PDF, PNG, JPEG})
OFFICE_FILES = frozenset({PDF, DOCX, XLSX, PPTX, TEXT, CSV})
SUFFIXES = {PDF: ".pdf", PNG: ".png", JPEG: ".jpg", DOCX: ".docx", XLSX: ".xlsx", PPTX: ".pptx", XLS: ".xls",
            CSV: ".csv", TEXT: ".txt", ZIP: ".zip"}


class StoredFile(HasId, Base):
    """One file we were given or made. `claimed` once a row of a room refers to it."""

    __tablename__ = "stored_file"

    token: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(EncryptedText)
    media_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    claimed: Mapped[bool] = mapped_column(Boolean, default=False, index=True)
    visit_id: Mapped[int | None] = mapped_column(BigId, index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    created_by: Mapped[int | None] = mapped_column(BigId)


@dataclass(frozen=True)
class Upload:
    """A file as it arrived: its bytes and the name its sender gave it."""

    name: str
    data: bytes


class FileStore:
    """Where the bytes are: a folder, two levels deep by random name."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, token: str) -> Path:
        """Give the place of a file."""
        return self.root / token[:2] / token

    def write(self, data: bytes) -> str:
        """Encrypt and write bytes under a new random name; the file is whole and synced when this returns."""
        token = secrets.token_hex(20)
        place = self.path(token)
        new_folder = not place.parent.exists()
        place.parent.mkdir(parents=True, exist_ok=True)
        half = place.with_name(f".{token}.part")
        write_half(half, encrypt_bytes(data))
        put_in_place(half, place)
        if new_folder:
            sync_folder(self.root)
        return token

    def read(self, token: str) -> bytes:
        """Read and decrypt.

        Raises:
            NotFound: the bytes are gone.
        """
        try:
            return decrypt_bytes(self.path(token).read_bytes())
        except FileNotFoundError:
            raise NotFound("file") from None

    def remove(self, token: str) -> None:
        """Remove the bytes; nothing happens when they are gone already."""
        self.path(token).unlink(missing_ok=True)


_stores: list[FileStore] = []


def use_store(store: FileStore) -> None:
    """Set the store of this process; once at start."""
    _stores[:] = [store]


def store() -> FileStore:
    """Give the store of this process."""
    if not _stores:
        raise RuntimeError("the file store is not set: call use_store(...) at start")
    return _stores[0]


def sniff(data: bytes) -> str | None:
    """Tell the media type from the bytes; None for what we do not take (SVG, HTML, programs, old Word)."""
    if data.startswith(b"%PDF-"):
        return PDF
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"PK\x03\x04"):
        return _sniff_archive(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return XLS if b"W\x00o\x00r\x00k\x00b\x00o\x00o\x00k" in data or b"B\x00o\x00o\x00k" in data else None
    return _sniff_text(data)


def _sniff_archive(data: bytes) -> str | None:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    for part, kind in (("word/document.xml", DOCX), ("xl/workbook.xml", XLSX), ("ppt/presentation.xml", PPTX)):
        if part in names:
            return kind
    return None


def _sniff_text(data: bytes) -> str | None:
    head = data[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return CSV
    if b"\0" in head:
        return None
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<", b"mz", b"\x7felf", b"#!")):
        return None
    return CSV if any(mark in head for mark in (b";", b",", b"\t")) else TEXT


def check_archive(data: bytes) -> None:
    """Refuse an office file that would unpack to something huge.

    Raises:
        Invalid: too many parts, too large unpacked, or packed too tightly.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        raise Invalid("base.file-damaged", field="file") from None
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, len(data))
    if len(parts) > MAX_ARCHIVE_ENTRIES or unpacked > MAX_ARCHIVE_BYTES or (
            unpacked > 5_000_000 and unpacked / packed > MAX_ARCHIVE_RATIO):
        raise Invalid("base.file-bomb", field="file")


def check_upload(upload: Upload, *, allowed: Collection[str], limit: int, field: str = "file") -> str:
    """Judge an upload before anything is kept; give its true media type.

    Raises:
        TooLarge: over *limit* bytes.
        Invalid: empty, or not one of the *allowed* types.
    """
    if not upload.data:
        raise Invalid("base.file-empty", field=field)
    if len(upload.data) > limit:
        raise TooLarge("base.file-too-large", field=field, megabytes=limit // (1024 * 1024))
    kind = sniff(upload.data)
    if kind == TEXT and CSV in allowed and TEXT not in allowed:
        kind = CSV
    elif kind == CSV and TEXT in allowed and CSV not in allowed:
        kind = TEXT
    if kind is None or kind not in allowed:
        shown = ", ".join(sorted({SUFFIXES[media_type].lstrip(".").upper() for media_type in allowed}))
        raise Invalid("base.file-type", field=field, allowed=shown)
    if kind in (DOCX, XLSX, PPTX):
        check_archive(upload.data)
    return kind


def clean_name(name: str, media_type: str) -> str:
    """Make a file name safe to show and to offer for download: no paths, no control characters, true suffix."""
    plain = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    plain = "".join(ch for ch in plain if ch.isprintable() and ch not in '<>:"|?*').strip(" .")[:150] or "file"
    suffix = SUFFIXES.get(media_type, "")
    return plain if plain.lower().endswith(suffix) else plain + suffix


def keep_file(
    session: Session, actor: Actor, now: datetime, upload: Upload, *, allowed: Collection[str], limit: int,
    visit_id: int | None = None, field: str = "file",
) -> StoredFile:
    """Keep an uploaded file and claim it for the row that the caller is about to write; a picture is drawn anew.

    Raises:
        TooLarge, Invalid: see `check_upload` and `draw_again`.
    """
    kind = check_upload(upload, allowed=allowed, limit=limit, field=field)
    data = draw_again(upload.data, jpeg=kind == JPEG, field=field) if kind in (PNG, JPEG) else upload.data
    return keep_bytes(session, actor, now, data, name=upload.name, media_type=kind, visit_id=visit_id)


def keep_bytes(
    session: Session, actor: Actor, now: datetime, data: bytes, *, name: str, media_type: str,
    visit_id: int | None = None, token: str | None = None,
) -> StoredFile:
    """Keep bytes that we made, or that were already judged; *token* when a job wrote them before its transaction."""
    row = StoredFile(
        token=token or store().write(data), name=clean_name(name, media_type), media_type=media_type, size=len(data),
        sha256=hashlib.sha256(data).hexdigest(), claimed=True, visit_id=visit_id, created_at=now,
        created_by=actor.account_id,
    )
    session.add(row)
    session.flush()
    return row


def read_file(session: Session, file_id: int) -> tuple[StoredFile, bytes]:
    """Read a file by key; the caller has checked that the actor may.

    Raises:
        NotFound: no such row, or its bytes were purged.
    """
    row = session.get(StoredFile, file_id)
    if row is None:
        raise NotFound("file")
    return row, store().read(row.token)


def release_files(session: Session, file_ids: Collection[int]) -> int:
    """Give up files that no row refers to any more: their rows now, their bytes once that is committed. Give how many.

    Call it when the rows that referred to them no longer do; a file that another row still needs stays.
    """
    session.flush()
    wanted = set(file_ids)
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if wanted and any(key.target_fullname == "stored_file.id" for key in column.foreign_keys):
                wanted -= set(session.scalars(select(column).where(column.in_(wanted))))
    rows = session.execute(select(StoredFile.id, StoredFile.token).where(StoredFile.id.in_(wanted))).all()
    if rows:
        session.execute(delete(StoredFile).where(StoredFile.id.in_([row.id for row in rows]))
                        .execution_options(synchronize_session="fetch"))
    kept_in = store()
    for row in rows:
        after_commit(session, lambda token=row.token: kept_in.remove(token))  # type: ignore[misc]
    return len(rows)


def sweep_files(session: Session, now: datetime, *, older: timedelta = timedelta(days=1)) -> int:
    """Remove bytes that no row claims (a request that failed after writing, a crash); give how many.

    Reads in a transaction of its own and removes after it; what is younger than *older* may yet be claimed.
    """
    root = store().root
    old = [place for place in (root.glob("*/*") if root.exists() else ())
           if now.timestamp() - place.stat().st_mtime >= older.total_seconds()]
    if not old:
        return 0
    with reading(session):
        claimed = set(session.scalars(select(StoredFile.token)))
    unclaimed = [place for place in old if place.name not in claimed]
    for place in unclaimed:
        place.unlink(missing_ok=True)
    return len(unclaimed)
