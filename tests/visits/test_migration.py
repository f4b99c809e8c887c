"""Scans that were replaced before there was a place for them are found by what the events tell."""

import json
from typing import Any

from alembic import command
from sqlalchemy import Engine

from tests.old_databases import insert, run
from workflow.base.database import make_engine
from workflow.cli.migrating import alembic_config

MOMENT = "2027-03-15 07:00:00+00:00"


def corrected(engine: Engine, changes: dict[str, Any]) -> None:
    insert(engine, "event", at=MOMENT, kind="visits.request.corrected", actor_kind="account", account_id=1,
           actor_name="", subject_kind="visit_request", subject_id=1, changes=json.dumps(changes), note="",
           request_id="")


def test_replaced_scans_are_entered_as_the_table_comes(empty_url: str) -> None:
    config = alembic_config(empty_url)
    command.upgrade(config, "0015")
    engine = make_engine(empty_url)
    insert(engine, "account", name_ru="А", name_en="", post_ru="", post_en="", phone="", email="a@city.example",
           locale="ru", zone="Europe/Moscow", digest_hour=8, active=True, created_at=MOMENT, lock_version=1)
    for number in (1, 2, 3):
        insert(engine, "stored_file", token=f"t{number}", name="x", media_type="application/pdf", size=1,
               sha256="0" * 64, claimed=True, created_at=MOMENT)
    texts = ("incoming_number", "asking_body", "country", "title_en", "purpose", "head_name", "payer", "wishes",
             "needs", "place", "basis_text", "question", "answer", "reason")
    insert(engine, "visit_request", reference="R-1", state="submitted", source="letter", direction="incoming",
           process_key="incoming", received_on="2027-03-15", languages="[]", basis_kind="request", title_ru="Визит",
           scan_file_id=3, created_at=MOMENT, created_by=1, lock_version=1, **dict.fromkeys(texts, ""))
    corrected(engine, {"scan_file_id": [None, 1]})
    corrected(engine, {"scan_file_id": [1, 2], "title_ru": ["А", "Б"]})
    corrected(engine, {"title_ru": ["Б", "В"]})
    corrected(engine, {"scan_file_id": [77, 3]})
    corrected(engine, {"scan_file_id": [2, 3]})
    try:
        for _ in range(2):
            command.upgrade(config, "0016")
            assert run(engine, "SELECT request_id, file_id, replaced_by FROM earlier_scan ORDER BY id") == [
                (1, 1, 1), (1, 2, 1)]
            engine.dispose()
            command.downgrade(config, "0015")
            assert run(engine, "SELECT id FROM stored_file ORDER BY id") == [(1,), (2,), (3,)]
    finally:
        engine.dispose()
