"""Brings a database to the newest schema, and says where it stands."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from workflow.base.database import READ_ONLY, make_engine, use_wal
from workflow.base.encryption import KEYS
from workflow.base.settings import Settings

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def alembic_config(database_url: str) -> Config:
    """Make Alembic's configuration for one database; there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("sqlalchemy.url", database_url.replace("%", "%%"))
    return config


def migrate(settings: Settings) -> tuple[str | None, str | None]:
    """Upgrade to the newest schema; give the revision before and after."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    KEYS.use(list(settings.fernet_keys), settings.index_key)  # for what a migration encrypts
    before = current_revision(settings)
    newest = newest_revision()
    if before != newest:
        command.upgrade(alembic_config(settings.database_url), "head")
        engine = make_engine(settings.database_url)
        use_wal(engine)
        engine.dispose()
    return before, newest


def current_revision(settings: Settings) -> str | None:
    """Give the revision that the database is at; None for an empty one."""
    engine = make_engine(settings.database_url)
    try:
        with engine.connect().execution_options(**{READ_ONLY: True}) as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def newest_revision() -> str | None:
    """Give the revision that this program needs."""
    return ScriptDirectory.from_config(alembic_config("sqlite://")).get_current_head()
