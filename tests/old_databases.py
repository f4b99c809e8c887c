"""Rows as an older version of the program left them, for the tests of migrations: SQL, for no model fits them now."""

from typing import Any

from sqlalchemy import Engine, text


def run(engine: Engine, sql: str, **values: Any) -> list[tuple[Any, ...]]:
    """Run one statement in a transaction of its own; give the rows that it returns."""
    with engine.begin() as connection:
        done = connection.execute(text(sql), values)
        return [tuple(row) for row in done] if done.returns_rows else []


def insert(engine: Engine, table: str, **values: Any) -> None:
    """Insert a row; columns are named as they were then."""
    places = ", ".join(f":{name}" for name in values)
    run(engine, f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places})", **values)  # noqa: S608
