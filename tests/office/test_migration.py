"""What the office said of itself becomes its first body, and comes back."""


from alembic import command
from sqlalchemy import Engine

from tests.old_databases import insert, run
from workflow.base.database import make_engine
from workflow.cli.migrating import alembic_config

LINES = ("name_ru", "name_en", "department_ru", "department_en", "city_ru", "city_en", "city_in_ru", "city_in_en",
         "address_ru", "address_en", "letterhead_ru", "letterhead_en", "phone", "email", "website")
SIGNATORY = ("name_ru", "name_en", "short_ru", "short_en", "post_ru", "post_en", "name_genitive", "name_dative",
             "post_genitive", "post_dative", "gender")


def old_office(engine: Engine) -> None:
    insert(engine, "office", id=1, country="RU", zone="Europe/Moscow", pack_key="ru-municipal",
           **{**dict.fromkeys(LINES, ""), "name_ru": "администрация", "letterhead_ru": "АДМИНИСТРАЦИЯ\nГОРОДА"})
    for name, default in (("Иванова", True), ("Петров", False)):
        insert(engine, "signatory", kinds="[]", is_default=default, active=True,
               **{**dict.fromkeys(SIGNATORY, ""), "name_ru": name})
    insert(engine, "number_series", key="outgoing", title_ru="Письма", title_en="", pattern="01-15/{n}")
    insert(engine, "number_counter", series_id=1, year=2027, next_value=119)


def test_office_with_rows_goes_up_down_and_up(empty_url: str) -> None:
    config = alembic_config(empty_url)
    command.upgrade(config, "0006")
    engine = make_engine(empty_url)
    old_office(engine)
    for _ in range(2):
        command.upgrade(config, "0007")
        bodies = run(engine, "SELECT id, name_ru, letterhead_ru, active FROM issuing_body")
        assert [(name, letterhead, bool(active)) for _id, name, letterhead, active in bodies] == [
            ("администрация", "АДМИНИСТРАЦИЯ\nГОРОДА", True)]
        first = bodies[0][0]
        assert run(engine, "SELECT name_ru, issuing_body_id FROM signatory ORDER BY id") == [
            ("Иванова", first), ("Петров", first)]
        assert run(engine, "SELECT zone, pack_key FROM office") == [("Europe/Moscow", "ru-municipal")]
        insert(engine, "issuing_body", languages="[]", kinds="[]", active=True,
               **{**dict.fromkeys(LINES, ""), "name_ru": "Дума"})
        second = run(engine, "SELECT max(id) FROM issuing_body")[0][0]
        insert(engine, "number_series", key="outgoing", title_ru="Письма Думы", title_en="", pattern="{n}",
               issuing_body_id=second)
        command.downgrade(config, "0006")
        assert run(engine, "SELECT name_ru, letterhead_ru FROM office") == [("администрация", "АДМИНИСТРАЦИЯ\nГОРОДА")]
        assert run(engine, "SELECT key, title_ru FROM number_series") == [("outgoing", "Письма")]
        assert run(engine, "SELECT next_value FROM number_counter") == [(119,)]
    command.upgrade(config, "0007")
    assert run(engine, "SELECT pattern FROM number_series JOIN issuing_body ON issuing_body.id = issuing_body_id") == [
        ("01-15/{n}",)]
    engine.dispose()
