"""Two who act at once: versions, conditional updates, no lost update, read-only views."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, StatementError
from sqlalchemy.orm import Session

from tests.conftest import Make
from tests.servers import both_databases
from workflow.base import clock
from workflow.base.actor import Role
from workflow.base.database import advance, begin_read_only, expect_version, update_together
from workflow.base.errors import Stale
from workflow.base.events import Event
from workflow.base.limits import RateLimit
from workflow.base.unit_of_work import commit, unit_of_work
from workflow.partners.models import Partner
from workflow.visits.models import Member


def test_version_seen_earlier_is_refused_with_what_is_saved_now(session: Session, make: Make) -> None:
    partner = make.partner(name_en="Omsk")
    seen = partner.lock_version
    partner.name_en = "Omsk city"
    commit(session)
    with pytest.raises(Stale) as refused:
        expect_version(partner, seen, {"name_en": partner.name_en})
    assert refused.value.current == {"name_en": "Omsk city"}


def test_two_transactions_that_both_passed_the_check_cannot_both_write(app: Flask, session: Session,
                                                                       make: Make) -> None:
    partner_id = make.partner(name_en="Omsk").id
    with Session(session.get_bind()) as first, Session(session.get_bind()) as second:
        begin_read_only(first)
        begin_read_only(second)
        ours, theirs = first.get_one(Partner, partner_id), second.get_one(Partner, partner_id)
        first.expunge(ours)
        second.expunge(theirs)
        first.rollback()
        second.rollback()
        first.add(ours)
        second.add(theirs)
        ours.name_en, theirs.name_en = "ours", "theirs"
        commit(first)
        with pytest.raises(Stale):
            commit(second)
    session.expire_all()
    assert session.get_one(Partner, partner_id).name_en == "ours"


@both_databases
def test_rows_written_together_keep_every_value_and_count_their_versions(session: Session, make: Make) -> None:
    people = [make.person() for _number in range(3)]
    before = [person.lock_version for person in people]
    people[0].post_en, people[0].birth_date = "Mayor", "1971-02-03"
    people[1].post_en = "Deputy mayor"
    update_together(session, people)
    assert people[0] not in session.dirty
    commit(session)
    session.expire_all()
    assert [person.post_en for person in people] == ["Mayor", "Deputy mayor", ""]
    assert people[0].birth_date == "1971-02-03"
    assert [person.lock_version for person in people] == [before[0] + 1, before[1] + 1, before[2]]


@both_databases
def test_rows_written_together_do_not_overwrite_what_somebody_saved_meanwhile(session: Session, make: Make) -> None:
    ours, other = make.partner(name_en="Omsk"), make.partner(name_en="Tomsk")
    session.execute(text("UPDATE partner SET lock_version = lock_version + 1, name_en = 'theirs' WHERE id = :id"),
                    {"id": ours.id})  # fmt: skip

    def write() -> None:
        with unit_of_work(session):
            ours.name_en, other.name_en = "ours", "changed too"
            update_together(session, [ours, other])

    with pytest.raises(Stale):
        write()
    session.expire_all()
    assert other.name_en == "Tomsk"


def test_of_two_who_move_a_state_one_does(session: Session, make: Make) -> None:
    member = make.member(make.visit())
    assert advance(session, Member, member.id, from_=["proposed"], to="confirmed") is True
    assert member.state == "confirmed"
    assert advance(session, Member, member.id, from_=["proposed"], to="declined") is False
    assert member.state == "confirmed"


def test_concurrent_counting_loses_no_update(app: Flask, session: Session) -> None:
    session.add(RateLimit(key="k", count=0, window_start=clock.now()))
    commit(session)
    engine = session.get_bind()

    def count() -> None:
        for _turn in range(25):
            with Session(engine) as own, unit_of_work(own):
                row = own.query(RateLimit).filter_by(key="k").with_for_update().one()
                row.count += 1

    threads = [threading.Thread(target=count) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session.expire_all()
    assert session.query(RateLimit).filter_by(key="k").one().count == 100


def test_reading_session_takes_no_write_lock(app: Flask, session: Session, make: Make) -> None:
    make.partner()
    with Session(session.get_bind()) as reader:
        begin_read_only(reader)
        assert reader.query(Partner).count() == 1
        make.partner(name_en="Another")
        assert reader.query(Partner).count() == 1


def test_moment_without_a_zone_is_refused(session: Session) -> None:
    session.add(RateLimit(key="n", count=0, window_start=datetime(2027, 1, 1)))  # noqa: DTZ001 — that is the point
    with pytest.raises(StatementError, match="without a zone"):
        session.flush()


def test_moment_comes_back_aware_in_utc(session: Session) -> None:
    session.add(RateLimit(key="m", count=0, window_start=datetime(2027, 1, 1, 12, tzinfo=UTC)))
    commit(session)
    session.expire_all()
    assert session.query(RateLimit).filter_by(key="m").one().window_start == datetime(2027, 1, 1, 12, tzinfo=UTC)


def test_state_outside_its_list_is_refused_by_the_database(session: Session, make: Make) -> None:
    member = make.member(make.visit())
    with pytest.raises(Exception, match="ck_member_state_known"):
        session.execute(text("UPDATE member SET state = 'lost' WHERE id = :id"), {"id": member.id})


def test_event_names_personal_fields_without_their_values(session: Session, make: Make) -> None:
    from workflow.base.actor import SYSTEM
    from workflow.people.service import correct_person

    person = make.person()
    correct_person(session, SYSTEM, clock.now(), person, {"birth_date": "1971-02-03", "post_en": "Mayor"})
    commit(session)
    event = session.query(Event).filter_by(kind="people.person.corrected").one()
    assert event.changes == {"birth_date": None, "post_en": ["", "Mayor"]}


@pytest.mark.postgres
@pytest.mark.parametrize("settings", ["postgres"], indirect=True)
def test_connection_that_breaks_at_the_commit_leaves_nobody_sure(
    client_as: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = client_as(Role.MANAGER)
    really, broken = Session.commit, [True]

    def cut(session: Session) -> None:
        if broken.pop() if broken else False:
            connection = session.connection().connection.driver_connection
            with psycopg.connect(connection.info.dsn) as other:
                other.execute("SELECT pg_terminate_backend(%s)", (connection.info.backend_pid,))
        really(session)

    token = browser.token()
    monkeypatch.setattr(Session, "commit", cut)
    answer = browser.raw.post("/me", data={"csrf_token": token, "locale": "en", "zone": "Europe/Moscow",
                                            "digest_hour": "8"})  # fmt: skip
    page = answer.get_data(as_text=True)
    assert answer.status_code == 503
    assert "неизвестно, сохранилось ли" in page
    assert "отправьте ещё раз" not in page
    assert browser.get("/").status_code == 200


def test_locked_database_is_an_error_of_the_driver_and_not_swallowed(app: Flask, session: Session) -> None:
    with session.get_bind().connect() as holder:
        holder.execute(text("SELECT 1"))
        with session.get_bind().connect() as other:
            other.connection.driver_connection.execute("PRAGMA busy_timeout=50")
            with pytest.raises(OperationalError, match="locked"):
                other.execute(text("SELECT 1"))
            other.connection.driver_connection.execute("PRAGMA busy_timeout=15000")
