"""The databases of `delegations backup` and `restore`: copied while the program runs, put back while it does not."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import inspect, make_url, text
from sqlalchemy.exc import DatabaseError, OperationalError

from workflow.app import fill_registries
from workflow.base.database import READ_ONLY, Base, make_engine
from workflow.base.settings import Settings

SQLITE_PART = "database.sqlite"
POSTGRES_PART = "database.sql"
EMPTY_SCHEMA = """
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
    EXECUTE format('DROP TABLE IF EXISTS %I CASCADE', one.tablename);
  END LOOP;
END $$
"""


class BackupError(Exception):
    """It cannot be done; the message says why and what to do."""


def part_name(settings: Settings) -> str:
    """Name the part of an archive that this installation's kind of database makes and needs."""
    return SQLITE_PART if _is_sqlite(settings) else POSTGRES_PART


def copy_database(settings: Settings, target: Path) -> None:
    """Write a copy of the database at one consistent moment.

    Raises:
        BackupError: it cannot be read, or the copy not be written.
    """
    _copy_sqlite(settings, target) if _is_sqlite(settings) else _dump_postgres(settings, target)


def _is_sqlite(settings: Settings) -> bool:
    return settings.database_url.startswith("sqlite")


def _sqlite_path(settings: Settings) -> Path:
    return Path(make_url(settings.database_url).database or "")


def _copy_sqlite(settings: Settings, target: Path) -> None:
    with closing(sqlite3.connect(_sqlite_path(settings))) as live, closing(sqlite3.connect(target)) as copy:
        try:
            live.backup(copy)  # in one go: a copy made in steps begins anew each time that somebody writes
            copy.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.Error as error:
            raise BackupError(f"the database cannot be copied to {target.parent}: {error}") from error


@contextmanager
def putting_database(settings: Settings, source: Path, *, replace: bool) -> Iterator[None]:
    """Put a copy in the place of the database; what was there goes only when the block has ended well.

    *replace* lets go what is not ours in PostgreSQL's schema too.

    Raises:
        BackupError: the copy is damaged, the program still runs, or the copy cannot be loaded.
    """
    if not _is_sqlite(settings):
        _load_postgres(settings, source, replace=replace)
        yield
        return
    target = _sqlite_path(settings)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with closing(sqlite3.connect(source)) as database:
        verdict = database.execute("PRAGMA integrity_check").fetchone()[0]
        if verdict != "ok":
            raise BackupError(f"the database in the backup is damaged: {verdict}")
        database.execute("PRAGMA journal_mode=WAL")
    old = target.with_name(f"{target.name}.before-restore")
    if target.exists():
        _expect_nobody(target)
        target.replace(old)
    for suffix in ("-wal", "-shm"):
        Path(f"{target}{suffix}").unlink(missing_ok=True)
    source.chmod(0o600)
    shutil.move(source, target)
    try:
        yield
    except BaseException:
        if old.exists():
            old.replace(target)
        raise
    old.unlink(missing_ok=True)


def _expect_nobody(path: Path) -> None:
    """Refuse to take a database away from under a running program; a damaged one may be replaced.

    Raises:
        BackupError: somebody has it open.
    """
    with closing(sqlite3.connect(path, timeout=1)) as database:
        try:
            database.execute("PRAGMA journal_mode=DELETE")  # granted only to one who is alone
        except sqlite3.DatabaseError as error:
            if "locked" in str(error):
                raise BackupError(f"the program still runs on {path}: stop it first") from error


def has_tables(settings: Settings) -> bool:
    """Say whether the database is one of this program."""
    return "account" in _tables(settings)


def _tables(settings: Settings) -> set[str]:
    if _is_sqlite(settings) and not _sqlite_path(settings).exists():
        return set()
    engine = make_engine(settings.database_url)
    try:
        with engine.connect().execution_options(**{READ_ONLY: True}) as connection:
            return set(inspect(connection).get_table_names())
    finally:
        engine.dispose()


def has_rows(settings: Settings) -> bool:
    """Say whether there is something to lose; where it cannot be read, there may be."""
    engine = make_engine(settings.database_url)
    try:
        if not has_tables(settings):
            return False
        with engine.connect() as connection:
            return bool(connection.scalar(text("SELECT count(*) FROM account")))
    except OperationalError:
        raise
    except DatabaseError:
        return True
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


def _load_postgres(settings: Settings, source: Path, *, replace: bool) -> None:
    """Load a dump in one transaction; without *replace* nothing goes that is not ours.

    The dump drops the tables that it knows. Those that a newer program made since would stay, refer to the dropped ones
    and be in the way of later migrations: so all go.
    """
    fill_registries()  # so that every room's tables are known
    ours = replace or _tables(settings) <= {*Base.metadata.tables, "alembic_version"}
    _run_postgres(
        settings, "psql", "--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1",
        *([f"--command={EMPTY_SCHEMA}"] if ours else []), f"--file={source}", "--output=/dev/null",
    )  # fmt: skip
