"""Encrypting everything again under the newest key, so that an older key can be thrown away.

The newest key stands first in `DELEGATIONS_ENCRYPTION_KEYS`. Rows and files are taken a few hundred at a time, each
batch in a transaction of its own; a rotation that was broken off is simply begun again, for what is already under the
newest key is only written once more. The key of blind indexes is another one and is not rotated: indexes would no
longer find what they were made for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, LargeBinary, Table, bindparam, column, select, update
from sqlalchemy import table as sqlalchemy_table
from sqlalchemy.orm import Session

from workflow.base.database import Base
from workflow.base.disk import put_in_place, write_half
from workflow.base.encryption import EncryptedJson, EncryptedText, rotate_bytes
from workflow.base.files import FileStore
from workflow.base.unit_of_work import reading, unit_of_work

AT_ONCE = 300


@dataclass(frozen=True)
class Rotated:
    """How much of one table, or of the file store, was encrypted again."""

    what: str
    count: int


def encrypted_columns() -> list[tuple[Table, list[Column[Any]]]]:
    """List every table with columns that are encrypted at rest."""
    found = []
    for table in Base.metadata.sorted_tables:
        columns = [column for column in table.columns if isinstance(column.type, EncryptedText | EncryptedJson)]
        if columns:
            found.append((table, columns))
    return found


def rotate_everything(session: Session, store: FileStore) -> Iterator[Rotated]:
    """Encrypt every column and file again under the newest key, telling of each table as it is done.

    Raises:
        cryptography.fernet.InvalidToken: something was encrypted under a key that is not held; nothing of its batch is
            changed.
    """
    for table, columns in encrypted_columns():
        yield Rotated(table.name, sum(_rotate_batches(session, table, columns)))
    yield Rotated("files", _rotate_files(store))


def _rotate_batches(session: Session, table: Table, columns: list[Column[Any]]) -> Iterator[int]:
    names = [column.name for column in columns]
    bare = sqlalchemy_table(table.name, column("id", BigInteger), *(column(name, LargeBinary) for name in names))
    change = update(bare).where(bare.c.id == bindparam("b_id"))
    change = change.values({name: bindparam(f"v_{name}", type_=LargeBinary()) for name in names})
    last = 0
    while True:
        with reading(session):
            keys = session.scalars(select(bare.c.id).where(bare.c.id > last).order_by(bare.c.id).limit(AT_ONCE)).all()
        if not keys:
            return
        with unit_of_work(session):  # read again under the lock: somebody may have saved meanwhile
            rows = session.execute(select(bare).where(bare.c.id.in_(keys)).with_for_update()).all()
            given = [{"b_id": row.id, **{f"v_{name}": _again(getattr(row, name)) for name in names}} for row in rows]
            if given:
                session.connection().execute(change, given)
        last = keys[-1]
        yield len(given)


def _again(token: bytes | None) -> bytes | None:
    return None if token is None else rotate_bytes(bytes(token))


def _rotate_files(store: FileStore) -> int:
    """Write each file anew beside itself and put it in its place at once, so that a crash leaves the old or the new."""
    count = 0
    for path in sorted(store.root.glob("*/*")):
        if path.name.startswith("."):
            continue
        half = path.with_name(f".{path.name}.part")
        write_half(half, rotate_bytes(path.read_bytes()))
        put_in_place(half, path)
        count += 1
    return count
