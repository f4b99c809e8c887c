"""The keeper's role comes with its migration and goes with it; the other roles stay."""

import pytest
from alembic import command
from sqlalchemy.exc import IntegrityError

from tests.old_databases import run
from workflow.base.database import make_engine
from workflow.cli.migrating import alembic_config


def test_role_of_the_keeper_comes_and_goes(empty_url: str) -> None:
    config = alembic_config(empty_url)
    command.upgrade(config, "0014")
    engine = make_engine(empty_url)
    run(engine, "INSERT INTO account (name_ru, name_en, post_ru, post_en, phone, email, locale, zone, digest_hour, "
                "active, created_at, lock_version) VALUES ('А', '', '', '', '', 'a@city.example', 'ru', "
                "'Europe/Moscow', 8, true, '2027-01-01 00:00:00+00:00', 1)")  # fmt: skip
    give = "INSERT INTO account_role (account_id, role) SELECT id, '{role}' FROM account"
    run(engine, give.format(role="coordinator"))
    with pytest.raises(IntegrityError):
        run(engine, give.format(role="rules-keeper"))
    engine.dispose()
    try:
        command.upgrade(config, "0015")
        run(engine, give.format(role="rules-keeper"))
        assert run(engine, "SELECT role FROM account_role ORDER BY role") == [("coordinator",), ("rules-keeper",)]
        engine.dispose()
        command.downgrade(config, "0014")
        assert run(engine, "SELECT role FROM account_role") == [("coordinator",)]
        with pytest.raises(IntegrityError):
            run(engine, give.format(role="rules-keeper"))
    finally:
        engine.dispose()
