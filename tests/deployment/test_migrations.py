"""Migrations build exactly what the models say, on both databases, and can be taken back and done again."""

from __future__ import annotations

import importlib
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from workflow.base.database import Base, make_engine
from workflow.cli.migrating import alembic_config

ROOT = Path(__file__).resolve().parents[2]


def load_models() -> None:
    """Import every module that declares tables."""
    for path in sorted((ROOT / "workflow").rglob("*.py")):
        if "__tablename__" in path.read_text():
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def tables(url: str) -> set[str]:
    """Name the tables that a database has now."""
    engine = make_engine(url)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def differences(url: str) -> list[object]:
    """List what Alembic would change to make the database equal to the models."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            return list(compare_metadata(context, Base.metadata))
    finally:
        engine.dispose()


def test_migrations_equal_models_and_go_up_down_up(empty_url: str) -> None:
    load_models()
    config = alembic_config(empty_url)
    command.upgrade(config, "head")
    assert tables(empty_url) == {*Base.metadata.tables, "alembic_version"}
    assert differences(empty_url) == []
    command.downgrade(config, "base")
    assert tables(empty_url) == {"alembic_version"}
    command.upgrade(config, "head")
    assert differences(empty_url) == []
