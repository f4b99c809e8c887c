"""A new key: every row and file is encrypted again under it, and the old one can be thrown away."""

import pytest
from cryptography.fernet import Fernet, InvalidToken
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.conftest import Make
from tests.servers import both_databases
from workflow.base import clock, rotation
from workflow.base.actor import SYSTEM
from workflow.base.encryption import KEYS
from workflow.base.files import Upload, keep_file, read_file, store
from workflow.base.rotation import encrypted_columns, rotate_everything
from workflow.base.settings import Settings
from workflow.base.unit_of_work import commit
from workflow.people.service import PassportData, add_passport

PDF = b"%PDF-1.7\nspecimen passport\n%%EOF"


@both_databases
def test_everything_reads_under_the_new_key_alone(
    app: Flask, session: Session, make: Make, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "AT_ONCE", 2)  # three people are two batches
    index = settings.index_key
    old, new = settings.fernet_keys[0], Fernet.generate_key().decode()
    people = [make.person(birth_date="1980-05-17", email=f"p{number}@kadikoy.example") for number in range(3)]
    add_passport(session, SYSTEM, clock.now(), people[0], PassportData("TR", "U55566677"))
    scan = Upload("passport.pdf", PDF)
    kept = keep_file(session, SYSTEM, clock.now(), scan, allowed={"application/pdf"}, limit=10**6)
    commit(session)
    try:
        KEYS.use([new, old], index)
        done = {one.what: one.count for one in rotate_everything(session, store())}
        assert (done["person"], done["passport"], done["files"]) == (3, 1, 1)
        KEYS.use([new], index)
        session.expire_all()
        assert [person.email for person in people] == [f"p{number}@kadikoy.example" for number in range(3)]
        assert people[0].passports[0].number == "U55566677"
        assert read_file(session, kept.id)[1] == PDF
        assert {one.what: one.count for one in rotate_everything(session, store())} == done  # once more does no harm
    finally:
        KEYS.use(list(settings.fernet_keys), index)


def test_row_under_a_lost_key_changes_nothing(session: Session, make: Make, settings: Settings) -> None:
    person = make.person(email="a@kadikoy.example")
    before = bytes(session.execute(text("SELECT email FROM person")).scalar_one())
    session.rollback()
    try:
        KEYS.use([Fernet.generate_key().decode()], settings.index_key)
        with pytest.raises(InvalidToken):
            list(rotate_everything(session, store()))
    finally:
        KEYS.use(list(settings.fernet_keys), settings.index_key)
    session.rollback()
    assert bytes(session.execute(text("SELECT email FROM person")).scalar_one()) == before
    assert person.email == "a@kadikoy.example"


def test_every_encrypted_table_has_the_key_that_batches_go_by() -> None:
    assert [table.name for table, _columns in encrypted_columns() if "id" not in table.c] == []
