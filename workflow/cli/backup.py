"""Backup and restore of one installation: its database and its files in one archive, its keys apart.

The archive is unreadable without the keys as far as personal data go (they are encrypted in the database and in the
file store), so archive and keys belong in different places. A manifest with checksums and a fingerprint of the keys
comes first: a damaged archive, or one made under other keys, is refused before anything is overwritten.

SQLite is copied by its own backup call, PostgreSQL by `pg_dump`; both see one consistent moment while the program runs.
Files are taken after the database: they are written once under random names, so every file that a row knows is there.
"""

import hashlib
import hmac
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypedDict

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import inspect, make_url, text

from workflow.base.database import READ_ONLY, make_engine
from workflow.base.settings import Settings

FORMAT = 1
MANIFEST = "manifest.json"
SQLITE_PART = "database.sqlite"
POSTGRES_PART = "database.sql"
FILES = "files/"
PROOF = b"delegations"

Progress = Callable[[str], None]
"""Told of each part as it is done."""


class BackupError(Exception):
    """It cannot be done; the message says why and what to do."""


@dataclass(frozen=True)
class Summary:
    """What an archive holds."""

    made_at: str
    database: str
    files: int


class Manifest(TypedDict):
    """The first thing in an archive: what is in it, and a way to know its keys without holding them."""

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
    if not _has_tables(settings):
        raise BackupError("the database has no tables of this program, so there is nothing to keep: run `delegations "
                          "migrate`, or correct DATABASE_URL or DELEGATIONS_DATA_DIR")  # fmt: skip
    archive.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=archive.parent, prefix=".backup-") as folder:
        database = Path(folder) / (SQLITE_PART if _is_sqlite(settings) else POSTGRES_PART)
        _copy_sqlite(settings, database) if _is_sqlite(settings) else _dump_postgres(settings, database)
        progress(f"database: {database.stat().st_size // 1024} KiB")
        parts = {database.name: database}
        parts |= {FILES + str(path.relative_to(settings.files_dir)): path for path in _files(settings.files_dir)}
        manifest = Manifest(
            format=FORMAT,
            made_at=now.isoformat(timespec="seconds"),
            database=database.name,
            index_key=_fingerprint(settings.index_key),
            encrypted=_box(settings).encrypt(PROOF).decode(),
            parts={name: _checksum(path) for name, path in parts.items()},
        )
        described = Path(folder) / MANIFEST
        described.write_text(json.dumps(manifest, indent=1))
        unfinished = Path(folder) / "archive"
        with tarfile.open(unfinished, "w:gz", compresslevel=1) as tar:
            tar.add(described, MANIFEST)
            for count, (name, path) in enumerate(parts.items(), 1):
                tar.add(path, name, recursive=False)
                if count % 200 == 0:
                    progress(f"{count} of {len(parts)} parts")
        unfinished.chmod(0o600)
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        unfinished.replace(archive)
    progress(f"files: {len(parts) - 1}")
    return Summary(manifest["made_at"], database.name, len(parts) - 1)


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
    if target.exists() and json.loads(target.read_text()) != keys:
        raise BackupError(f"{target} holds other keys: move them away first, they may be needed")
    folder.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(keys, file)


def restore_backup(settings: Settings, archive: Path, *, replace: bool, progress: Progress) -> Summary:
    """Put an archive's database and files in the place of this installation's.

    Nothing may be running meanwhile. Checks come first; what was there is kept beside it until all is in place.

    Raises:
        BackupError: the archive is damaged, of other keys or another database, or there is something to lose.
    """
    with _unpacked(settings, archive) as folder:
        manifest = _checked_manifest(settings, folder)
        wanted = SQLITE_PART if _is_sqlite(settings) else POSTGRES_PART
        if manifest["database"] != wanted:
            raise BackupError(f"the backup holds {manifest['database']}, this installation needs {wanted}")
        if not replace and (_has_rows(settings) or any(_files(settings.files_dir))):
            raise BackupError("this installation is not empty: say --replace to lose what it holds")
        progress(f"checked: {len(manifest['parts'])} parts")
        if _is_sqlite(settings):
            _put_sqlite(settings, folder / SQLITE_PART)
        else:
            _load_postgres(settings, folder / POSTGRES_PART)
        progress("database: in place")
        _put_files(settings.files_dir, folder / FILES)
    count = len(manifest["parts"]) - 1
    progress(f"files: {count}")
    return Summary(manifest["made_at"], manifest["database"], count)


@contextmanager
def _unpacked(settings: Settings, archive: Path) -> Iterator[Path]:
    """Unpack beside the data, so that files can be moved into place rather than copied."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.data_dir, prefix=".restore-") as name:
        try:
            with tarfile.open(archive) as tar:
                tar.extractall(name, filter="data")
        except (tarfile.TarError, OSError, EOFError) as error:
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


def _is_sqlite(settings: Settings) -> bool:
    return settings.database_url.startswith("sqlite")


def _sqlite_path(settings: Settings) -> Path:
    return Path(make_url(settings.database_url).database or "")


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy_sqlite(settings: Settings, target: Path) -> None:
    with closing(sqlite3.connect(_sqlite_path(settings))) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy, pages=2000)
        copy.execute("PRAGMA journal_mode=DELETE")


def _put_sqlite(settings: Settings, source: Path) -> None:
    target = _sqlite_path(settings)
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(source)) as database:
        verdict = database.execute("PRAGMA integrity_check").fetchone()[0]
        if verdict != "ok":
            raise BackupError(f"the database in the backup is damaged: {verdict}")
        database.execute("PRAGMA journal_mode=WAL")
    for suffix in ("-wal", "-shm"):
        Path(f"{target}{suffix}").unlink(missing_ok=True)
    source.chmod(0o600)
    shutil.move(source, target)


def _put_files(target: Path, source: Path) -> None:
    """Swap the folders; what was there goes only when the new one stands."""
    source.mkdir(exist_ok=True)
    old = target.with_name(f"{target.name}.before-restore")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    source.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _has_tables(settings: Settings) -> bool:
    if _is_sqlite(settings) and not _sqlite_path(settings).exists():
        return False
    engine = make_engine(settings.database_url)
    try:
        with engine.connect().execution_options(**{READ_ONLY: True}) as connection:
            return inspect(connection).has_table("account")
    finally:
        engine.dispose()


def _has_rows(settings: Settings) -> bool:
    if not _has_tables(settings):
        return False
    engine = make_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            return bool(connection.scalar(text("SELECT count(*) FROM account")))
    finally:
        engine.dispose()


def postgres_tool(name: str) -> str:
    """Find one of PostgreSQL's programs: the newest installed, for an older one refuses a newer server.

    Raises:
        BackupError: it is not installed.
    """
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]), reverse=True)
    found = str(kept[0]) if kept else shutil.which(name)
    if found is None:
        raise BackupError(f"{name} is needed for this: install postgresql-client")
    return found


def _run_postgres(settings: Settings, tool: str, *options: str) -> None:
    url = make_url(settings.database_url)
    environment = {
        "PGHOST": url.host, "PGPORT": str(url.port or 5432), "PGUSER": url.username, "PGDATABASE": url.database,
        "PGPASSWORD": url.password,
    }  # fmt: skip
    done = subprocess.run(  # noqa: S603 — our own arguments, no shell
        [postgres_tool(tool), *options],
        env={**os.environ, **{name: str(value) for name, value in environment.items() if value}},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise BackupError(f"{tool} failed: {done.stderr.strip()[-500:]}")


def _dump_postgres(settings: Settings, target: Path) -> None:
    _run_postgres(
        settings, "pg_dump", "--no-owner", "--no-privileges", "--clean", "--if-exists", f"--file={target}"
    )


def _load_postgres(settings: Settings, source: Path) -> None:
    _run_postgres(
        settings, "psql", "--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--file={source}",
        "--output=/dev/null",
    )
