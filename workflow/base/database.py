"""The declarative base, column types, engines, and conditional updates.

SQLite runs in WAL mode with every writing transaction begun IMMEDIATE (measured: the default loses half of
concurrent read-modify-write updates silently, a deferred BEGIN fails with "database is locked"). Sessions marked
read-only begin plainly, so that a page view never takes the write lock.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar, cast

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    Table,
    bindparam,
    create_engine,
    event,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column
from sqlalchemy.orm.attributes import instance_state, set_committed_value
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from workflow.base.errors import Invalid, Stale

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

READ_ONLY = "delegations_read_only"


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC and read back aware on both databases; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive moments; turn the rest into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give an aware UTC moment."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


BigId = BigInteger().with_variant(Integer, "sqlite")
"""Integer keys; SQLite counts up only plain INTEGER primary keys."""


class Base(DeclarativeBase):
    """All tables of the project inherit this, and nothing of Flask."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 — SQLAlchemy reads it from the class
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        list[str]: JSON,
        list[int]: JSON,
    }


class HasId:
    """A row with an integer key."""

    id: Mapped[int] = mapped_column(BigId, primary_key=True)


class Versioned:
    """A row that people edit: a form or API call says which version it saw.

    SQLAlchemy counts `lock_version` up at each change and makes the UPDATE conditional on the version read, so two
    transactions that both passed `expect_version` cannot both write: the later raises `StaleDataError`, which the
    unit of work turns into `Stale`.
    """

    lock_version: Mapped[int] = mapped_column(Integer, default=1, server_default=text("1"))

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.lock_version}


class VersionedRow(Protocol):
    """Anything with a key and a `lock_version`."""

    id: Any
    lock_version: Any


def expect_version(row: VersionedRow, version: int | None, current: Mapping[str, Any] | None = None) -> None:
    """Refuse to overwrite what somebody else saved meanwhile.

    *version* None skips the check (commands and jobs).

    Raises:
        Stale: with *current*, the values now saved, so that a page can show both.
    """
    if version is not None and row.lock_version != version:
        raise Stale(current)


def states(column: str, values: type[StrEnum] | Iterable[str], *, name: str | None = None) -> CheckConstraint:
    """Make a named CHECK that holds *column* to the values of an enum."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=name or f"{column}_known")


T = TypeVar("T", bound=Base)


def advance(
    session: Session, model: type[T], row_id: int, *, from_: Iterable[str], to: str, column: str = "state",
    **values: Any,
) -> bool:
    """Move one row's state by a single conditional UPDATE; tell whether this call was the one that did it.

    Two who act at once cannot both win: the loser's UPDATE matches no row. The session's copy is refreshed.
    """
    table = model.__table__
    if "lock_version" in table.c:
        values.setdefault("lock_version", table.c.lock_version + 1)
    session.flush()
    done = session.execute(
        update(model)
        .where(table.c.id == row_id, table.c[column].in_(list(from_)))
        .values({column: to, **values})
        .execution_options(synchronize_session=False)
    )
    loaded = session.identity_map.get(session.identity_key(model, row_id))
    if loaded is not None:
        session.refresh(loaded)
    return bool(done.rowcount)  # type: ignore[attr-defined]


def update_together(session: Session, rows: Iterable[VersionedRow]) -> None:
    """Write what changed of loaded, versioned rows of one table in one statement for each set of changed columns.

    A flush sends versioned rows one by one, which costs a delegation of three hundred half a second. Rows not stored
    yet, or with a changed relationship, are left to the flush; each row's version is checked and counted up as there.

    Raises:
        StaleDataError: another transaction changed one of them; the unit of work turns it into `Stale`.
    """
    alike: dict[tuple[str, ...], list[VersionedRow]] = {}
    for row in rows:
        state = instance_state(row)
        changed = set(state.manager) - state.unmodified if state.persistent and state.modified else set()
        if changed and changed <= set(state.mapper.columns.keys()):
            alike.setdefault(tuple(sorted(changed)), []).append(row)
    for names, some in alike.items():
        mapper = instance_state(some[0]).mapper
        key, version = mapper.columns["id"], mapper.columns["lock_version"]
        new: dict[Any, Any] = {mapper.columns[name]: bindparam(f"new_{name}") for name in names}
        done = session.connection().execute(
            update(cast("Table", mapper.local_table))
            .where(key == bindparam("of_row"), version == bindparam("of_version"))
            .values({**new, version: version + 1}),
            [
                {f"new_{name}": getattr(row, name) for name in names}
                | {"of_row": row.id, "of_version": row.lock_version}
                for row in some
            ],
        )
        if done.rowcount != len(some):
            raise StaleDataError(f"{len(some) - done.rowcount} rows of {mapper.local_table} were changed meanwhile")
        for row in some:
            set_committed_value(row, "lock_version", row.lock_version + 1)
            state = instance_state(row)
            state._commit_all(state.dict, session.identity_map)  # noqa: SLF001 — else the flush goes through all of them


def insert_or_ignore(session: Session) -> Any:
    """Give the dialect's own `insert`, which knows ON CONFLICT on both databases alike."""
    return sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert


def expect_references(session: Session, row: Base, names: Iterable[str]) -> None:
    """Refuse keys of rows that do not exist, beside the field that holds them; *names* are the fields to look at.

    Raises:
        Invalid: a field points at nothing.
    """
    columns = row.__table__.c
    for name in names:
        key = getattr(row, name)
        for foreign in columns[name].foreign_keys if name in columns and key is not None else ():
            with session.no_autoflush:
                there = session.scalar(select(foreign.column).where(foreign.column == key))
            if there is None:
                raise Invalid("base.not-a-choice", field=name)


FARTHEST_KEY = 2**62
"""Beyond this no key can be: databases refuse larger numbers with a fault of their own."""


def read_key(text: str) -> int | None:
    """Read a key or cursor that came from outside; None when it cannot be one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def lock_row(session: Session, model: type[T], row_id: int) -> T | None:
    """Load a row and hold it against other writers until the transaction ends.

    On SQLite every writing transaction already holds the only write lock.
    """
    return session.get(model, row_id, with_for_update=True, populate_existing=True)


def make_engine(url: str) -> Engine:
    """Make an engine with our pool and, on SQLite, our transaction rules (see the module's text)."""
    engine = create_engine(url, **engine_options(url))
    prepare_engine(engine)
    return engine


def engine_options(url: str) -> dict[str, Any]:
    """Give the options that `create_engine` needs for *url*; values never stand in errors, and so in no log."""
    if url.startswith("sqlite"):
        return {"hide_parameters": True, "connect_args": {"timeout": 15, "check_same_thread": False}}
    return {"hide_parameters": True, "pool_pre_ping": True, "pool_size": 10, "max_overflow": 10,
            "connect_args": {"connect_timeout": 5, "options": "-c statement_timeout=30000 -c lock_timeout=10000",
                             **NOTICE_SILENCE}}


NOTICE_SILENCE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 30_000}
"""A server that vanished without a word (a pulled cable, a failed-over machine) is noticed within a minute; the system
itself waits a quarter of an hour and more, and every thread with it."""


def prepare_engine(engine: Engine) -> None:
    """Attach SQLite's pragmas and BEGIN IMMEDIATE; do nothing on other databases."""
    if engine.dialect.name != "sqlite":
        return

    def on_connect(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.isolation_level = None
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute("PRAGMA synchronous=FULL")  # else a letter that left is open again after a power cut
            connection.execute("PRAGMA busy_timeout=15000")
            connection.execute("PRAGMA secure_delete=ON")  # what is erased is overwritten in the file

    def on_begin(connection: Connection) -> None:
        plain = connection.get_execution_options().get(READ_ONLY)
        connection.exec_driver_sql("BEGIN" if plain else "BEGIN IMMEDIATE")

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)


def is_full(error: DBAPIError) -> bool:
    """Say whether the database refused for want of room on its disk."""
    given = (getattr(error.orig, "sqlite_errorname", None), getattr(error.orig, "sqlstate", None))
    return given[0] == "SQLITE_FULL" or given[1] == "53100"


LOST_RACES = frozenset({"40P01", "40001", "23505"})
"""PostgreSQL's names for a deadlock, a clash of two transactions, and a row that somebody else made a moment before."""


def lost_a_race(error: Exception) -> bool:
    """Say whether a transaction failed only because of another at the same moment, so that it may go well now.

    SQLite's writers come one after the other: there a unique key that is taken was taken before.
    """
    if isinstance(error, DBAPIError):
        return getattr(error.orig, "sqlstate", None) in LOST_RACES
    return isinstance(error, StaleDataError) or isinstance(error.__cause__, StaleDataError)


def use_wal(engine: Engine) -> None:
    """Switch a SQLite file to write-ahead logging; once, when the file is made."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA journal_mode=WAL")  # type: ignore[union-attr]


def begin_read_only(session: Session) -> None:
    """Mark the session's coming transaction as reading only (no write lock on SQLite)."""
    session.connection(execution_options={READ_ONLY: True})
