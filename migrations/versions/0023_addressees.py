"""What was addressed to somebody is found by keyed hashes of name and address, which are encrypted.

Existing rows are read and get theirs; that needs the installation's keys, which `delegations migrate` sets.

Revision: 0023
Before: 0022
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from workflow.base.encryption import decrypt_bytes
from workflow.mail.addressees import address_index, name_index

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

AT_ONCE = 500
INDEXES = ("address_index", "name_index")


def _plain(token: Any) -> str:
    return decrypt_bytes(bytes(token)).decode()


def _pair(row: Mapping[str, Any]) -> tuple[str, str]:
    return _plain(row["to_name"]), _plain(row["to_address"])


def _recipient(row: Mapping[str, Any]) -> tuple[str, str]:
    said = json.loads(_plain(row["particulars"]))
    return said.get("name", ""), said.get("email", "")


def _sending(row: Mapping[str, Any]) -> tuple[str, str]:
    name, _, rest = _plain(row["to_whom"]).partition(" <")
    return name, rest.removesuffix(">")


TABLES: dict[str, tuple[tuple[str, ...], str, Callable[[Mapping[str, Any]], tuple[str, str]]]] = {
    "mail": (("to_name", "to_address"), "purged_at IS NULL AND account_id IS NULL", _pair),
    "outgoing_mail": (("to_name", "to_address"), "purged_at IS NULL", _pair),
    "batch_recipient": (("particulars",), "purged_at IS NULL", _recipient),
    "dispatch": (("to_whom",), "true", _sending),
}


def _fill(name: str, columns: tuple[str, ...], held: str, read: Callable[[Mapping[str, Any]], tuple[str, str]]) -> None:
    connection = op.get_bind()
    table = sa.table(name, sa.column("id", sa.BigInteger), *(sa.column(each, sa.LargeBinary) for each in columns),
                     *(sa.column(each, sa.String) for each in INDEXES))
    change = sa.update(table).where(table.c.id == sa.bindparam("row_id")).values(
        {each: sa.bindparam(f"new_{each}") for each in INDEXES})
    last = 0
    while rows := connection.execute(
        sa.select(table).where(table.c.id > last, sa.text(held)).order_by(table.c.id).limit(AT_ONCE)
    ).mappings().all():
        given = [(row["id"], *read(row)) for row in rows]
        connection.execute(change, [
            {"row_id": key, "new_address_index": address_index(address), "new_name_index": name_index(whole)}
            for key, whole, address in given
        ])
        last = rows[-1]["id"]


def upgrade() -> None:
    """Add the columns and fill them."""
    for name, (columns, held, read) in TABLES.items():
        for each in INDEXES:
            op.add_column(name, sa.Column(each, sa.String(64), nullable=True))
        _fill(name, columns, held, read)
        for each in INDEXES:
            held_by = sa.text(f"{each} IS NOT NULL")
            op.create_index(f"ix_{name}_{each}", name, [each], sqlite_where=held_by, postgresql_where=held_by)


def downgrade() -> None:
    """Drop them."""
    for name in reversed(TABLES):
        for each in reversed(INDEXES):
            op.drop_index(f"ix_{name}_{each}", table_name=name)
            op.drop_column(name, each)
