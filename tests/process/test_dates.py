"""Moving, putting off, taking up and cancelling visits: what hangs on them follows, people are told once."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.process.conftest import ARRIVAL, DEPARTURE, Facts
from workflow.base import clock
from workflow.base.actor import Actor, Role
from workflow.base.errors import Invalid, Stale
from workflow.base.jobs import enqueue
from workflow.base.reasons import DueItem, Sentence, Where
from workflow.base.unit_of_work import commit, rollback
from workflow.mail.models import Mail
from workflow.mail.service import Recipient, queue_worded_mail
from workflow.process.service import (
    advance_visit,
    cancel_visit,
    change_dates,
    postpone_visit,
    preview_change_of_dates,
    resume_visit,
)
from workflow.programme.service import ItemData, add_item
from workflow.reminders.models import Reminder
from workflow.reminders.queries import due_things
from workflow.reminders.service import recheck_due, sync_due
from workflow.visits.delegation import close_composition
from workflow.visits.models import Visit
from workflow.visits.rules import Dates, Standing
from workflow.visits.service import note_told

LATER = Dates(date(2027, 5, 31), date(2027, 6, 3))


def due(session: Session, visit: Visit) -> dict[str, date]:
    session.expire_all()
    rows = session.scalars(select(Reminder).where(Reminder.visit_id == visit.id))
    return {row.key: row.due_on for row in rows if row.state in ("pending", "told")}


def states(session: Session, visit: Visit) -> set[str]:
    session.expire_all()
    return {str(row.state) for row in session.scalars(select(Reminder).where(Reminder.visit_id == visit.id))}


def test_opened_visit_has_the_reminders_of_its_stage(session: Session, open_one: Callable[..., Visit]) -> None:
    visit = open_one()
    assert due(session, visit) == {
        "composition": date(2027, 4, 26), "programme-draft": date(2027, 4, 16), "interpreters": date(2027, 5, 7),
        "translations": date(2027, 5, 7), "ready": date(2027, 5, 13),
    }


def test_what_was_done_and_is_undone_is_late_again(
    session: Session, open_one: Callable[..., Visit], facts: Facts, make: Any, run_jobs: Callable[[], int]
) -> None:
    officer = make.account(Role.COORDINATOR)
    clerk = make.actor(Role.COORDINATOR, account=officer)
    facts.unmet |= {"visits.composition_closed", "programme.interpreters_named"}
    visit = open_one(responsible_id=officer.id)
    make.member(visit)
    after = datetime(2027, 5, 12, 6, tzinfo=UTC)

    def late() -> list[str]:
        session.expire_all()
        things = due_things(session, clerk, after, visit_id=visit.id)
        return sorted(thing.title.params["title"]["en"] for thing in things if thing.late)

    with clock.frozen_at(after):
        close_composition(session, clerk, after, visit, closed=True)
        facts.unmet.clear()
        recheck_due(session, after, until=after.date())
        commit(session)
        assert late() == []
        close_composition(session, clerk, after, visit, closed=False)
        add_item(session, clerk, after, visit.id, ItemData(day=ARRIVAL, title_ru="встреча", interpreter_needed=True))
        facts.unmet |= {"visits.composition_closed", "programme.interpreters_named"}
        commit(session)
        run_jobs()
        assert late() == ["Close the list of members", "Name the interpreters"]


def test_report_is_due_once_by_the_process_alone(
    session: Session, now: datetime, open_one: Callable[..., Visit], run_jobs: Callable[[], int]
) -> None:
    visit = open_one("debrief")
    enqueue(session, now, "outcomes.open_report", "one", {"visit_id": visit.id}, visit_id=visit.id)
    commit(session)
    run_jobs()
    told = session.execute(select(Reminder.source, Reminder.due_on).where(Reminder.title_params["title"]["ru"]
                           .as_string().contains("отчёт") | Reminder.key.contains("report"))).all()
    assert told == [("process", date(2027, 5, 25))]


def test_entering_a_stage_brings_its_reminders(
    session: Session, now: datetime, open_one: Callable[..., Visit], coordinator: Actor
) -> None:
    visit = open_one()
    before = set(due(session, visit))
    advance_visit(session, coordinator, now, visit.id, "invite")
    commit(session)
    assert set(due(session, visit)) - before == {"invitation-sent", "answer"}


def test_preview_lists_exactly_what_the_change_then_moves(
    session: Session, now: datetime, open_one: Callable[..., Visit], coordinator: Actor
) -> None:
    visit = open_one("preparing")
    note_told(session, now, visit.id, name="Ayşe", address="ayse@kadikoy.example", language="en")
    commit(session)
    before = due(session, visit)
    preview = preview_change_of_dates(session, coordinator, now, visit.id, LATER)
    rollback(session)
    assert due(session, visit) == before
    change_dates(session, coordinator, now, visit.id, visit.lock_version, dates=LATER)
    commit(session)
    after = due(session, visit)
    shown = {move.deadline.key: move.after for move in preview.moves if move.deadline.key in after}
    assert {key: day for key, day in after.items() if before[key] != day} == shown
    assert (preview.before, preview.after) == (Dates(ARRIVAL, DEPARTURE), LATER)
    assert (preview.told_outside, preview.told_staff) == (1, 1)


def test_preview_marks_what_would_be_past_already(
    session: Session, now: datetime, open_one: Callable[..., Visit], coordinator: Actor
) -> None:
    visit = open_one()
    visit.opened_at = datetime.fromisoformat("2027-01-11T09:00:00+00:00")
    commit(session)
    soon = Dates(date(2027, 3, 29), date(2027, 3, 31))
    preview = preview_change_of_dates(session, coordinator, now, visit.id, soon)
    assert {"composition", "programme-draft"} <= preview.late
    assert "ready" not in preview.late


def test_moved_visit_raises_the_generation_of_what_moved_only(
    session: Session, now: datetime, open_one: Callable[..., Visit], coordinator: Actor
) -> None:
    visit = open_one()
    advance_visit(session, coordinator, now, visit.id, "invite")
    change_dates(session, coordinator, now, visit.id, dates=LATER)
    commit(session)
    session.expire_all()
    rows = {row.key: row for row in session.scalars(select(Reminder))}
    assert (rows["invitation-sent"].generation, rows["invitation-sent"].moved_from) == (1, None)
    assert (rows["composition"].generation, rows["composition"].moved_from) == (2, date(2027, 4, 26))


@pytest.mark.parametrize(
    ("dates", "code"),
    [
        (Dates(date(2027, 6, 3), date(2027, 5, 31)), "visits.dates-swapped"),
        (Dates(date(2027, 6, 3), None), "visits.dates-incomplete"),
        (Dates(ARRIVAL, DEPARTURE), "process.dates-same"),
    ],
)
def test_dates_that_cannot_be(
    session: Session, now: datetime, open_one: Callable[..., Visit], coordinator: Actor, dates: Dates, code: str
) -> None:
    visit = open_one()
    with pytest.raises(Invalid) as caught:
        change_dates(session, coordinator, now, visit.id, dates=dates)
    assert caught.value.problems[0].code == code


def test_two_who_move_at_once_see_the_others_dates(
    session: Session, now: datetime, open_one: Callable[..., Visit], coordinator: Actor
) -> None:
    visit = open_one()
    seen = visit.lock_version
    change_dates(session, coordinator, now, visit.id, seen, dates=LATER)
    commit(session)
    with pytest.raises(Stale) as caught:
        change_dates(session, coordinator, now, visit.id, seen, dates=Dates(date(2027, 7, 1), date(2027, 7, 2)))
    assert caught.value.current["arrival"] == LATER.arrival


def test_postponed_visit_keeps_its_progress_and_its_reminders_wait(
    session: Session, now: datetime, open_one: Callable[..., Visit], coordinator: Actor
) -> None:
    visit = open_one("preparing")
    before = due(session, visit)
    postpone_visit(session, coordinator, now, visit.id, visit.lock_version, reason="Выборы у партнёра")
    commit(session)
    session.expire_all()
    kept = session.get_one(Visit, visit.id)
    assert (kept.standing, kept.stage, kept.standing_reason) == (Standing.POSTPONED, "preparing", "Выборы у партнёра")
    assert due(session, visit) == before
    resume_visit(session, coordinator, now, visit.id, dates=LATER)
    commit(session)
    session.expire_all()
    assert session.get_one(Visit, visit.id).standing == Standing.LIVE
    assert due(session, visit)["ready"] == date(2027, 5, 27)


def test_postponed_visit_is_not_resumed_into_the_past(
    session: Session, now: datetime, open_one: Callable[..., Visit], coordinator: Actor
) -> None:
    visit = open_one()
    postpone_visit(session, coordinator, now, visit.id, reason="причина")
    with pytest.raises(Invalid, match=r"process\.dates-past"):
        resume_visit(session, coordinator, now, visit.id, dates=Dates(date(2027, 3, 1), date(2027, 3, 2)))


def test_cancelled_visit_withdraws_reminders_and_jobs_begun(
    session: Session, now: datetime, open_one: Callable[..., Visit], coordinator: Actor, jobs_of: Callable
) -> None:
    visit = open_one()
    advance_visit(session, coordinator, now, visit.id, "invite")
    commit(session)
    assert ("invitations.draft_invitation", "open") in jobs_of(visit.id)
    cancel_visit(session, coordinator, now, visit.id, reason="Партнёр отказался")
    commit(session)
    assert states(session, visit) == {"withdrawn"}
    assert ("invitations.draft_invitation", "withdrawn") in jobs_of(visit.id)
    assert [state for kind, state in jobs_of(visit.id) if kind == "visits.tell_people"] == ["open"]


def test_nothing_of_a_cancelled_visit_leaves_or_is_due_whichever_room_asked_for_it(
    session: Session, now: datetime, open_one: Callable[..., Visit], coordinator: Actor, run_jobs: Callable[[], int],
    outbox: Callable[[], list[Any]],
) -> None:
    visit, other = open_one(), open_one()
    guest = Recipient("ayse@kadikoy.example", "Ayşe", "en")
    for one in (visit, other):
        queue_worded_mail(session, now, "paper_letter", guest, subject=f"Invitation {one.id}", text="Come.",
                          key=f"letter.{one.id}", visit_id=one.id, official=True)  # fmt: skip
        sync_due(session, now, source="visas", visit_id=one.id, items=[DueItem(
            key="send", title=Sentence("visas.due-alarm", {"number": 1}), due_on=date(2027, 4, 1),
            check="visas.alarmed", subject=("visit", one.id), where=Where("visas.index", {"visit_id": one.id}))])
    commit(session)
    cancel_visit(session, coordinator, now, visit.id, reason="Партнёр отказался")
    commit(session)
    assert (states(session, visit), "send" in due(session, other)) == ({"withdrawn"}, True)
    run_jobs()
    assert [str(mail["Subject"]) for mail in outbox() if "Invitation" in str(mail["Subject"])] == [
        f"Invitation {other.id}"]  # fmt: skip
    assert ("ayse@kadikoy.example", "withdrawn") in mails(session, visit)


@pytest.mark.parametrize("verb", [cancel_visit, postpone_visit])
def test_cancelling_and_putting_off_need_a_reason(
    session: Session, now: datetime, open_one: Callable[..., Visit], coordinator: Actor, verb: Callable[..., Visit]
) -> None:
    visit = open_one()
    with pytest.raises(Invalid, match=r"process\.reason-missing"):
        verb(session, coordinator, now, visit.id, reason="  ")


def mails(session: Session, visit: Visit) -> list[tuple[str, str]]:
    session.expire_all()
    rows = session.scalars(select(Mail).where(Mail.visit_id == visit.id).order_by(Mail.id))
    return [(row.to_address, str(row.state)) for row in rows]


def test_those_who_were_told_are_told_again_once(
    session: Session, now: datetime, open_one: Callable[..., Visit], manager: Actor, make: Any,
    run_jobs: Callable[[], int], facts: Facts,
) -> None:
    officer = make.account(Role.COORDINATOR, email="officer@city.example")
    visit = open_one(responsible_id=officer.id)
    note_told(session, now, visit.id, name="Ayşe", address="ayse@kadikoy.example", language="en")
    commit(session)
    run_jobs()
    assert mails(session, visit) == []
    change_dates(session, manager, now, visit.id, dates=LATER)
    commit(session)
    run_jobs()
    run_jobs()
    assert sorted(mails(session, visit)) == [("ayse@kadikoy.example", "sent"), ("officer@city.example", "sent")]


def test_changes_in_quick_succession_are_told_as_one(
    session: Session, now: datetime, open_one: Callable[..., Visit], manager: Actor, run_jobs: Callable[[], int],
) -> None:
    visit = open_one()
    note_told(session, now, visit.id, name="Ayşe", address="ayse@kadikoy.example", language="en")
    commit(session)
    run_jobs()
    change_dates(session, manager, now, visit.id, dates=LATER)
    commit(session)
    postpone_visit(session, manager, now, visit.id, reason="причина")
    commit(session)
    resume_visit(session, manager, now, visit.id, dates=Dates(date(2027, 7, 5), date(2027, 7, 6)))
    commit(session)
    cancel_visit(session, manager, now, visit.id, reason="причина")
    commit(session)
    run_jobs()
    assert [address for address, _ in mails(session, visit)].count("ayse@kadikoy.example") == 1


def test_whoever_resumes_with_new_dates_tells_once(
    session: Session, now: datetime, open_one: Callable[..., Visit], manager: Actor, run_jobs: Callable[[], int],
) -> None:
    visit = open_one()
    note_told(session, now, visit.id, name="Ayşe", address="ayse@kadikoy.example", language="en")
    postpone_visit(session, manager, now, visit.id, reason="причина")
    commit(session)
    run_jobs()
    resume_visit(session, manager, now, visit.id, dates=LATER)
    commit(session)
    run_jobs()
    assert [address for address, _ in mails(session, visit)].count("ayse@kadikoy.example") == 2


def test_partner_country_changed_counts_deadlines_anew(
    session: Session, now: datetime, open_one: Callable[..., Visit], coordinator: Actor, run_jobs: Callable[[], int]
) -> None:
    from workflow.visits.service import correct_visit

    # 17 May minus 21 days is 26 April: an ordinary Monday in Russia and Turkey, the Easter Monday week elsewhere
    visit = open_one(country="TR", dates=Dates(date(2027, 5, 14), date(2027, 5, 15)))
    assert due(session, visit)["composition"] == date(2027, 4, 22)  # 23 April is a holiday in Turkey
    correct_visit(session, coordinator, now, visit, {"country": "RU"})
    commit(session)
    run_jobs()
    assert due(session, visit)["composition"] == date(2027, 4, 23)
