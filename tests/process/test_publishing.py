"""Publishing definitions, and moving visits between versions on purpose."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from shutil import copytree

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Make
from tests.process.conftest import Facts
from tests.process.words import WORDS
from workflow.base.actor import Actor, Role
from workflow.base.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from workflow.base.jobs import JOB_HANDLERS
from workflow.base.unit_of_work import commit
from workflow.office.service import change_office, set_up_office
from workflow.process.checking import load_definitions
from workflow.process.loading import DefinitionErrors
from workflow.process.models import ProcessDefinition
from workflow.process.moving import move_visit, preview_move
from workflow.process.publishing import (
    PACKS,
    definition_of,
    known_words,
    latest_definition,
    latest_definitions,
    publish_definitions,
    versions_of,
)
from workflow.process.reactions import EVENT_REACTIONS
from workflow.process.sentences import SENTENCES
from workflow.reminders.models import Reminder
from workflow.visits.models import Visit
from workflow.web.sentences import SENTENCE_TABLE as WEB_SENTENCES


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the packs that a test may change."""
    for pack in ("generic", "ru-municipal"):
        copytree(PACKS / pack / "processes", tmp_path / pack / "processes")
    return tmp_path


def change(folder: Path, old: str, new: str, name: str = "generic/processes/incoming.yaml") -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def rows(session: Session) -> list[tuple[str, int]]:
    return [(row.key, row.version) for row in session.scalars(select(ProcessDefinition).order_by(ProcessDefinition.id))]


def test_page_that_no_deadline_can_lead_to_is_told_when_checked(app: Flask, folder: Path) -> None:
    change(folder, "page: members.index", "page: members.panel")
    change(folder, "page: papers.index", "page: papers.everything", name="ru-municipal/processes/outgoing.yaml")
    with pytest.raises(DefinitionErrors) as caught:
        load_definitions(folder, known_words())
    assert sorted({fault.message for fault in caught.value.faults}) == [
        "unknown page 'members.panel'", "unknown page 'papers.everything'"]


def test_publishing_twice_makes_one_version_each(session: Session, now: datetime, facts: Facts) -> None:
    first = publish_definitions(session, now, words=WORDS)
    commit(session)
    again = publish_definitions(session, now, words=WORDS)
    assert [key for key, _ in first.new] == ["courtesy-call", "incoming", "online-meeting", "outgoing"]
    assert again.new == ()
    assert rows(session) == list(first.new)


def test_changed_text_is_the_next_version_and_the_old_one_stays(
    session: Session, now: datetime, published: None, folder: Path
) -> None:
    before = definition_of(session, "incoming", 1)
    change(folder, "Begin preparation", "Go on to preparation")
    assert publish_definitions(session, now, folder=folder, words=WORDS).new == (("incoming", 2),)
    commit(session)
    assert definition_of(session, "incoming", 1) == before
    version, latest = latest_definition(session, "incoming")
    titles = [step.title.en for step in latest.steps]
    assert (version, "Go on to preparation" in titles) == (2, True)
    assert [row.version for row in versions_of(session, "incoming")] == [2, 1]


def test_going_back_to_an_earlier_text_is_a_version_of_its_own(
    session: Session, now: datetime, published: None, folder: Path
) -> None:
    change(folder, "Begin preparation", "Go on to preparation")
    publish_definitions(session, now, folder=folder, words=WORDS)
    assert publish_definitions(session, now, words=WORDS).new == (("incoming", 3),)


def test_one_fault_anywhere_publishes_nothing(session: Session, now: datetime, facts: Facts, folder: Path) -> None:
    change(folder, "visits.head_named", "visits.head_crowned")
    with pytest.raises(DefinitionErrors) as caught:
        publish_definitions(session, now, folder=folder, words=WORDS)
    assert {fault.message for fault in caught.value.faults} == {"unknown condition 'visits.head_crowned'"}
    assert rows(session) == []


def test_unknown_pack_is_named(session: Session, now: datetime, facts: Facts) -> None:
    with pytest.raises(Invalid) as caught:
        publish_definitions(session, now, pack="moon", words=WORDS)
    assert (caught.value.code, caught.value.params) == ("process.no-such-pack", {"pack": "moon"})


def test_running_visit_keeps_its_version_until_it_is_moved(
    session: Session, now: datetime, open_one: Callable[..., Visit], folder: Path, manager: Actor
) -> None:
    visit = open_one("preparing")
    before = {row.key: row.due_on for row in session.scalars(select(Reminder))}
    change(folder, "offset: -10\n    unit: days\n    done_when: {check: programme.interpreters_named}",
           "offset: -20\n    unit: days\n    done_when: {check: programme.interpreters_named}")
    publish_definitions(session, now, folder=folder, words=WORDS)
    commit(session)
    assert session.get_one(Visit, visit.id).process_version == 1
    [moving] = preview_move(session, manager, "incoming", 2)
    assert (moving.visit_id, moving.from_version, moving.stage) == (visit.id, 1, "preparing")
    move_visit(session, manager, now, visit.id, 2, visit.lock_version)
    commit(session)
    after = {row.key: row.due_on for row in session.scalars(select(Reminder))}
    assert {key for key in after if after[key] != before[key]} == {"interpreters"}
    assert preview_move(session, manager, "incoming", 2) == []


def test_stage_without_a_place_in_the_other_version_needs_a_name(
    session: Session, now: datetime, open_one: Callable[..., Visit], folder: Path, manager: Actor
) -> None:
    visit = open_one("debrief")
    path = folder / "generic/processes/incoming.yaml"
    path.write_text(path.read_text().replace("debrief", "summing_up"))
    russian = folder / "ru-municipal/processes/incoming.yaml"
    russian.write_text(russian.read_text().replace("debrief", "summing_up"))
    publish_definitions(session, now, folder=folder, words=WORDS)
    commit(session)
    assert [moving.stage for moving in preview_move(session, manager, "incoming", 2)] == [None]
    with pytest.raises(Invalid) as caught:
        move_visit(session, manager, now, visit.id, 2)
    assert caught.value.code == "process.no-such-stage"
    renamed = {"debrief": "summing_up"}
    assert [moving.stage for moving in preview_move(session, manager, "incoming", 2, renamed)] == ["summing_up"]
    assert move_visit(session, manager, now, visit.id, 2, renamed=renamed).stage == "summing_up"


def test_moving_is_refused_plainly(
    session: Session, now: datetime, open_one: Callable[..., Visit], manager: Actor, coordinator: Actor
) -> None:
    visit = open_one()
    with pytest.raises(Forbidden):
        move_visit(session, coordinator, now, visit.id, 1)
    with pytest.raises(Conflict, match=r"process\.version-same"):
        move_visit(session, manager, now, visit.id, 1)
    with pytest.raises(NotFound):
        move_visit(session, manager, now, visit.id, 7)
    with pytest.raises(NotFound):
        move_visit(session, manager, now, visit.id + 1, 1)


def test_moving_what_somebody_else_changed_is_stale(
    session: Session, now: datetime, open_one: Callable[..., Visit], folder: Path, manager: Actor
) -> None:
    visit = open_one()
    change(folder, "Begin preparation", "Go on to preparation")
    publish_definitions(session, now, folder=folder, words=WORDS)
    with pytest.raises(Stale):
        move_visit(session, manager, now, visit.id, 2, visit.lock_version - 1)


def test_running_application_knows_every_name_that_the_packs_use(app: Flask, session: Session, now: datetime) -> None:
    new = publish_definitions(session, now).new
    commit(session)
    assert [version for _, version in new] == [1, 1, 1, 1]
    pages = {item.page for definition in latest_definitions(session).values() for item in definition.deadlines}
    assert pages - set(app.view_functions) == set()


def test_every_reaction_to_an_event_is_a_job_that_somebody_does(app: Flask) -> None:
    assert {kind for kinds in EVENT_REACTIONS.values() for kind in kinds} - JOB_HANDLERS.names() == set()


def test_every_code_of_the_rooms_reasons_has_a_sentence(app: Flask) -> None:
    assert SENTENCES.keys() - WEB_SENTENCES.names() == set()


def test_processes_of_the_pack_that_the_office_chooses_are_there_to_open_visits_with(
    app: Flask, session: Session, now: datetime, make: Make, run_jobs: Callable[[], int]
) -> None:
    administrator = make.actor(Role.ADMINISTRATOR)
    office = set_up_office(session, administrator, now, name_ru="Администрация города", city_ru="Ставрополь")
    commit(session)
    run_jobs()
    assert {row.pack for row in session.scalars(select(ProcessDefinition))} == {"ru-municipal"}
    change_office(session, administrator, now, {"pack_key": "generic"}, version=office.lock_version)
    commit(session)
    run_jobs()
    newest = {row.key: row.pack for row in session.scalars(select(ProcessDefinition).order_by(ProcessDefinition.id))}
    assert set(newest.values()) == {"generic"}
