"""Finding what was addressed to somebody without reading it all: names and addresses are encrypted.

Keyed hashes of both lie beside them, made anew whenever such a row is written through the session. Whoever looks
compares the rows that were found with what they say: an index knows no signs and no spaces.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Index, String, event, or_, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.base.encryption import blind_index
from workflow.base.search import fold


def address_index(address: str) -> str | None:
    """Hash an address in one spelling; nothing for none."""
    plain = one_spelling(address)
    return blind_index(plain) if plain else None


def one_spelling(address: str) -> str:
    """Write an address as it is indexed."""
    return address.strip().casefold()


def name_index(name: str) -> str | None:
    """Hash a whole name without case and accents; nothing for none."""
    plain = fold(name).strip()
    return blind_index(plain) if plain else None


def addressee_indexes(table: str) -> tuple[Index, Index]:
    """Make the indexes of a table whose rows are `Addressed`, of those that say somebody only.

    An index that held the many without an addressee would look as if it told few apart, and go unused.
    """
    address, name = (
        Index(f"ix_{table}_{column}", column, sqlite_where=text(held), postgresql_where=text(held))
        for column in ("address_index", "name_index") for held in [f"{column} IS NOT NULL"]
    )  # fmt: skip
    return address, name


class Addressed:
    """A row that says whom something was meant for; its table has `addressee_indexes`."""

    address_index: Mapped[str | None] = mapped_column(String(64))
    name_index: Mapped[str | None] = mapped_column(String(64))

    @property
    def addressee(self) -> tuple[str, str]:
        """The name and the address; empty once they are gone."""
        raise NotImplementedError

    @classmethod
    def meant_for(cls, names: Iterable[str], addresses: Iterable[str]) -> ColumnElement[bool]:
        """Hold for the rows that may name one of these whole names or addresses."""
        return or_(cls.address_index.in_({address_index(each) for each in addresses}),
                   cls.name_index.in_({name_index(each) for each in names}))  # fmt: skip


@event.listens_for(Addressed, "before_insert", propagate=True)
@event.listens_for(Addressed, "before_update", propagate=True)
def _index(_mapper: Any, _connection: Any, row: Addressed) -> None:
    name, address = row.addressee
    row.name_index, row.address_index = name_index(name), address_index(address)
