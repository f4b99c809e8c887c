"""Alembic's environment: run by `delegations migrate`, which names the database; there is no alembic.ini."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import create_engine, pool, text

import workflow.base.heartbeats  # noqa: F401 — declares a table
from workflow.app import fill_registries
from workflow.base.database import Base, engine_options, prepare_engine

fill_registries()  # imports every room's models


def render_item(kind: str, thing: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """Write our own column types as what they are in the database, so that no migration needs our code."""
    if kind != "type" or not type(thing).__module__.startswith("workflow."):
        return False
    names = {"UtcDateTime": "sa.DateTime(timezone=True)", "EncryptedText": "sa.LargeBinary()",
             "EncryptedJson": "sa.LargeBinary()"}  # fmt: skip
    return names[type(thing).__name__]


def run() -> None:
    """Migrate on a connection of our own; PostgreSQL's waits for locks are short, and one migrator runs at a time."""
    url = context.config.get_main_option("sqlalchemy.url") or ""
    engine = create_engine(url, poolclass=pool.NullPool, connect_args=engine_options(url)["connect_args"])
    prepare_engine(engine)
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET lock_timeout = 0"))
            connection.execute(text("SET statement_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_lock(724201)"))
            connection.execute(text("SET lock_timeout = '5s'"))
            connection.commit()
        else:
            # outside a transaction, where alone it has effect: a rebuilt table is dropped, and rows below it must stay
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        context.configure(
            connection=connection, target_metadata=Base.metadata, render_as_batch=engine.dialect.name == "sqlite",
            compare_type=True, render_item=render_item, transaction_per_migration=True,
        )  # fmt: skip
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
