"""Backup and restore of one installation: its database and its files in one archive, its keys apart.

The archive is unreadable without the keys as far as personal data go (they are encrypted in the database and in the
file store), so archive and keys belong in different places. A manifest holds checksums and a fingerprint of the keys:
a damaged archive, or one made under other keys, is refused before anything is overwritten.

SQLite is copied by its own backup call, PostgreSQL by `pg_dump`; both see one consistent moment while the program runs.
Files are taken after the database: they are written once under random names, so every file that a row knows is there,
but for those whose time came meanwhile. Each is read once, for what is read and its checksum must be the same although
a rotation of keys writes it anew.
"""

import hashlib
import hmac
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, TypedDict

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from workflow.base.disk import put_in_place, sync_folder, write_half
from workflow.base.files import NO_ROOM
from workflow.base.settings import Settings
from workflow.cli.databases import BackupError, copy_database, has_rows, has_tables, part_name, putting_database

FORMAT = 1
MANIFEST = "manifest.json"
FILES = "files/"
PROOF = b"delegations"

Progress = Callable[[str], None]
"""Told of each part as it is done."""


@dataclass(frozen=True)
class Summary:
    """What an archive holds."""

    made_at: str
    database: str
    files: int


class Manifest(TypedDict):
    """Says what is in an archive, and gives a way to know its keys without holding them."""

    format: int
    made_at: str
    database: str
    index_key: str
    encrypted: str
    parts: dict[str, str]


def make_backup(settings: Settings, now: datetime, archive: Path, *, progress: Progress) -> Summary:
    """Write the archive; it appears under its name only when it is whole.

    Raises:
        BackupError: the archive exists, or the database holds nothing or cannot be read.
    """
    if archive.exists():
        raise BackupError(f"{archive} exists already; a backup is never overwritten")
    if not has_tables(settings):
        raise BackupError("the database has no tables of this program, so there is nothing to keep: run `delegations "
                          "migrate`, or correct DATABASE_URL or DELEGATIONS_DATA_DIR")  # fmt: skip
    archive.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=archive.parent, prefix=".backup-") as folder:
        database = Path(folder) / part_name(settings)
        copy_database(settings, database)
        progress(f"database: {database.stat().st_size // 1024} KiB")
        unfinished = Path(folder) / "archive"
        with tarfile.open(unfinished, "w:gz", compresslevel=1) as tar:
            parts = {database.name: _add(tar, database.name, database)}
            for path in _files(settings.files_dir):
                name = FILES + str(path.relative_to(settings.files_dir))
                with suppress(FileNotFoundError):  # given up since it was listed
                    parts[name] = _add(tar, name, path)
                if len(parts) % 200 == 0:
                    progress(f"{len(parts)} parts")
            manifest = Manifest(
                format=FORMAT,
                made_at=now.isoformat(timespec="seconds"),
                database=database.name,
                index_key=_fingerprint(settings.index_key),
                encrypted=_box(settings).encrypt(PROOF).decode(),
                parts=parts,
            )
            described = Path(folder) / MANIFEST
            described.write_text(json.dumps(manifest, indent=1))
            tar.add(described, MANIFEST)
        unfinished.chmod(0o600)
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        put_in_place(unfinished, archive)
    progress(f"files: {len(parts) - 1}")
    return Summary(manifest["made_at"], database.name, len(parts) - 1)


class _Summing:
    """Reads a file and sums up what was read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.sum = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        data = self._file.read(size)
        self.sum.update(data)
        return data


def _add(tar: tarfile.TarFile, name: str, path: Path) -> str:
    """Put a file into the archive, and give the checksum of what went in."""
    with path.open("rb") as file:
        read = _Summing(file)
        tar.addfile(tar.gettarinfo(arcname=name, fileobj=file), read)
    return read.sum.hexdigest()


def write_keys(settings: Settings, path: Path) -> None:
    """Copy the keys into a file of their own, readable by its owner only.

    Raises:
        BackupError: the file exists.
    """
    kept = {
        "secret_key": settings.secret_key,
        "fernet_keys": ",".join(settings.fernet_keys),
        "index_key": settings.index_key,
    }
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise BackupError(f"{path} exists already; keys are never overwritten") from error
    with os.fdopen(handle, "w") as file:
        json.dump(kept, file)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def put_keys(source: Path, data_dir: Path | None = None) -> None:
    """Put kept keys into the data folder, readable by its owner only.

    Raises:
        BackupError: the folder has other keys already, or the file holds none.
    """
    folder = data_dir or Path(os.environ.get("DELEGATIONS_DATA_DIR") or "data")
    try:
        kept = json.loads(source.read_text())
        keys = {name: str(kept[name]) for name in ("secret_key", "fernet_keys", "index_key")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{source} holds no keys of Delegations") from error
    target = folder / "keys.json"
    if target.exists() and not _holds(target, keys):
        raise BackupError(f"{target} holds other keys: move them away first, they may be needed")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = target.with_name(".keys.restored.part")
    half.unlink(missing_ok=True)
    write_half(half, json.dumps(keys).encode(), mode=0o600)
    put_in_place(half, target)


def _holds(path: Path, keys: dict[str, str]) -> bool:
    """Say whether a file of keys holds these; a damaged one may have held any."""
    try:
        return bool(json.loads(path.read_text()) == keys)
    except ValueError:
        return False


def restore_backup(settings: Settings, archive: Path, *, replace: bool, progress: Progress) -> Summary:
    """Put an archive's database and files in the place of this installation's.

    Nothing may be running meanwhile. Checks come first; what was there is kept beside it until all is in place.
    On PostgreSQL everything in the database's schema goes: a table of a newer program would be in the way later.

    Raises:
        BackupError: the archive is damaged, of other keys or another database, the program still runs, or there is
            something to lose.
    """
    with _unpacked(settings, archive) as folder:
        manifest = _checked_manifest(settings, folder)
        wanted = part_name(settings)
        if manifest["database"] != wanted:
            raise BackupError(f"the backup holds {manifest['database']}, this installation needs {wanted}")
        if not replace and (has_rows(settings) or any(_files(settings.files_dir))):
            raise BackupError("this installation is not empty: say --replace to lose what it holds")
        progress(f"checked: {len(manifest['parts'])} parts")
        with putting_database(settings, folder / wanted, replace=replace):
            progress("database: in place")
            _put_files(settings.files_dir, folder / FILES)
    count = len(manifest["parts"]) - 1
    progress(f"files: {count}")
    return Summary(manifest["made_at"], manifest["database"], count)


@contextmanager
def _unpacked(settings: Settings, archive: Path) -> Iterator[Path]:
    """Unpack beside the data, so that files can be moved into place rather than copied."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.data_dir, prefix=".restore-") as name:
        try:
            with tarfile.open(archive) as tar:
                tar.extractall(name, filter="data")
        except (tarfile.TarError, OSError, EOFError) as error:
            if isinstance(error, OSError) and error.errno in NO_ROOM:
                raise BackupError(f"there is no room to unpack {archive} in {settings.data_dir}") from error
            raise BackupError(f"{archive} is damaged or no backup: {error}") from error
        yield Path(name)


def _checked_manifest(settings: Settings, folder: Path) -> Manifest:
    """Read the manifest and compare everything that it promises."""
    try:
        manifest: Manifest = json.loads((folder / MANIFEST).read_text())
        parts = manifest["parts"]
        if manifest["format"] != FORMAT:
            raise BackupError(f"this backup has format {manifest['format']}, this program reads {FORMAT}")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupError("this is no backup of Delegations: its manifest is missing or damaged") from error
    for name, checksum in parts.items():
        part = folder / name
        if not part.is_file() or _checksum(part) != checksum:
            raise BackupError(f"the backup is damaged: {name} is missing or changed")
    try:
        same = _box(settings).decrypt(manifest["encrypted"].encode()) == PROOF
    except InvalidToken:
        same = False
    if not same or manifest["index_key"] != _fingerprint(settings.index_key):
        raise BackupError("this backup was made under other keys: put the keys kept with it in place first")
    return manifest


def _box(settings: Settings) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.fernet_keys])


def _fingerprint(key: str) -> str:
    return hmac.new(key.encode(), PROOF, hashlib.sha256).hexdigest()[:32]


def _files(folder: Path) -> Iterator[Path]:
    """List what is kept, without what is just being written."""
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith("."))


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _put_files(target: Path, source: Path) -> None:
    """Swap the folders; what was there goes only when the new one stands."""
    source.mkdir(exist_ok=True)
    old = target.with_name(f"{target.name}.before-restore")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    source.rename(target)
    shutil.rmtree(old, ignore_errors=True)
