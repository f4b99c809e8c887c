"""Outcomes and reports through the real database: states, conditions, due things, facts, pages."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.conftest import Make
from workflow.base.actor import Actor, Role
from workflow.base.errors import Conflict, DomainError, Invalid, NotFound, Stale
from workflow.base.jobs import enqueue
from workflow.base.reasons import DueSubject, FactScope
from workflow.base.unit_of_work import commit, rollback
from workflow.outcomes import queries, rules, service
from workflow.outcomes.conditions import CONDITIONS, REMINDER_CHECKS
from workflow.outcomes.facts import outcomes
from workflow.outcomes.models import Outcome, VisitReport
from workflow.outcomes.rules import OutcomeState, OutcomeVerb
from workflow.outcomes.service import OutcomeData
from workflow.reminders.models import Reminder
from workflow.reminders.queries import due_things
from workflow.reminders.service import recheck_due, withdraw_visit
from workflow.visits.models import VisitAccess
from workflow.visits.rules import Standing
from workflow.visits.service import write_standing

PROMISE = OutcomeData(kind="promise", what="Прислать проект соглашения", owner_name="г-н Йылмаз",
                      due_on=date(2027, 6, 1))
REPORT = {"aim": "Обсудить обмен школьниками", "done": "Три встречи", "results": "Согласован план",
          "highlight": "экскурсию по школе № 5"}


@pytest.fixture
def boss(make: Make) -> Actor:
    """A coordinator."""
    return make.actor(Role.COORDINATOR)


@pytest.fixture
def visit(make: Make) -> Any:
    """A visit of a partner, 14 to 17 May 2027 (Friday to Monday)."""
    return make.visit(arrival=date(2027, 5, 14), partner_id=make.partner().id)


def reach(session: Session, boss: Actor, now: datetime, visit: Any, state: OutcomeState) -> Outcome:
    """Write an outcome down and bring it to a state."""
    row = service.add_outcome(session, boss, now, visit.id, PROMISE)
    verb = {OutcomeState.DONE: OutcomeVerb.FINISH, OutcomeState.DECLINED: OutcomeVerb.DECLINE,
            OutcomeState.HANDED_OVER: OutcomeVerb.HAND_OVER}.get(state)
    if verb is not None:
        service.settle_outcome(session, boss, now, row.id, verb, note="так решили")
    commit(session)
    return row


@pytest.mark.parametrize(("standing", "owed"), [
    (Standing.LIVE, ["Прислать проект соглашения"]), (Standing.CLOSED, ["Прислать проект соглашения"]),
    (Standing.CANCELLED, []),
])
def test_what_was_promised_is_owed_after_the_visit_is_closed(
    session: Session, boss: Actor, now: datetime, visit: Any, standing: Standing, owed: list[str]
) -> None:
    row = reach(session, boss, now, visit, OutcomeState.OPEN)
    if standing is not Standing.LIVE:
        write_standing(session, boss, now, visit, standing, reason="")
        withdraw_visit(session, now, visit.id)
    commit(session)
    told = {**PROMISE.__dict__, "what": "Позвонить", "due_on": date(2027, 6, 2)}

    def listed() -> list[str]:
        june = datetime(2027, 6, 2, 9, tzinfo=UTC)
        return [thing.title.params["what"] for thing in due_things(session, boss, june)]

    assert listed() == owed
    recheck_due(session, now, until=date(2027, 6, 2))
    assert listed() == owed
    if owed:
        service.add_outcome(session, boss, now, visit.id, OutcomeData(**told))
        service.settle_outcome(session, boss, now, row.id, OutcomeVerb.FINISH, note="отправлен")
        commit(session)
        assert listed() == ["Позвонить"]


@pytest.mark.parametrize("state", list(OutcomeState))
@pytest.mark.parametrize("verb", list(OutcomeVerb))
def test_every_verb_in_every_state_has_one_answer(
    session: Session, boss: Actor, now: datetime, visit: Any, state: OutcomeState, verb: OutcomeVerb
) -> None:
    row = reach(session, boss, now, visit, state)

    def use() -> object:
        if verb is OutcomeVerb.EDIT:
            return service.change_outcome(session, boss, now, row.id, replace(PROMISE, what="Другое"))
        if verb is OutcomeVerb.REMOVE:
            return service.remove_outcome(session, boss, now, row.id)
        return service.settle_outcome(session, boss, now, row.id, verb, note="так решили")

    answer = rules.ANSWERS[state, verb]
    if isinstance(answer, OutcomeState):
        use()
        commit(session)
        assert session.scalars(select(Outcome.state)).all() == ([] if verb is OutcomeVerb.REMOVE else [answer])
        return
    with pytest.raises(DomainError) as refused:
        use()
    rollback(session)
    assert (refused.value.code, session.scalars(select(Outcome.state)).one()) == (answer, state)


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"what": " "}, "what", "base.required"), ({"kind": "fun"}, "kind", "base.not-a-choice"),
        ({"owner_id": 1}, "owner_name", "outcomes.two-owners"),
        ({"owner_id": 999_999, "owner_name": ""}, "owner_id", "base.not-a-choice"),
        ({"what": "я" * 1001}, "what", "base.too-long"), ({"due_on": date(9999, 1, 1)}, "due_on", "base.out-of-range"),
    ],
)
def test_wrong_value_is_named_at_its_field(
    session: Session, boss: Actor, now: datetime, visit: Any, change: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        service.add_outcome(session, boss, now, visit.id, replace(PROMISE, **change))
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [(field, code)]


@pytest.mark.parametrize("verb", [OutcomeVerb.DECLINE, OutcomeVerb.HAND_OVER])
def test_declining_and_handing_over_say_why(
    session: Session, boss: Actor, now: datetime, visit: Any, verb: OutcomeVerb
) -> None:
    row = reach(session, boss, now, visit, OutcomeState.OPEN)
    with pytest.raises(Invalid, match=r"outcomes\.note-missing"):
        service.settle_outcome(session, boss, now, row.id, verb)


def test_outcomes_are_for_those_who_see_the_visit_and_write(
    session: Session, make: Make, boss: Actor, now: datetime, visit: Any
) -> None:
    row = reach(session, boss, now, visit, OutcomeState.OPEN)
    with pytest.raises(NotFound):
        queries.get_outcome(session, make.actor(Role.TRANSLATOR), row.id)
    with pytest.raises(NotFound):
        service.add_outcome(session, make.actor(Role.ADMINISTRATOR), now, visit.id, PROMISE)


def test_conditions_follow_outcomes_and_report(
    session: Session, make: Make, boss: Actor, now: datetime, visit: Any
) -> None:
    quiet = make.visit()

    def reasons() -> dict[str, list[list[str]]]:
        return {name: [[reason.code for reason in check(session, [visit.id, quiet.id], {})[key]]
                       for key in (visit.id, quiet.id)] for name, check in CONDITIONS.items()}

    assert reasons() == {
        "outcomes.report_filed": [["outcomes.report-missing"], ["outcomes.report-missing"]],
        "outcomes.outcomes_recorded": [["outcomes.none-recorded"], ["outcomes.none-recorded"]],
        "outcomes.outcomes_settled": [[], []]}
    row = reach(session, boss, now, visit, OutcomeState.OPEN)
    service.record_no_outcomes(session, boss, now, quiet.id)
    service.write_report(session, boss, now, visit.id, REPORT)
    service.file_report(session, boss, now, visit.id)
    assert reasons() == {
        "outcomes.report_filed": [[], ["outcomes.report-missing"]], "outcomes.outcomes_recorded": [[], []],
        "outcomes.outcomes_settled": [["outcomes.still-open"], []]}
    service.settle_outcome(session, boss, now, row.id, OutcomeVerb.FINISH)
    assert reasons()["outcomes.outcomes_settled"] == [[], []]


def test_report_is_filed_once_and_only_when_written(session: Session, boss: Actor, now: datetime, visit: Any) -> None:
    service.write_report(session, boss, now, visit.id, {"done": "Три встречи"})
    with pytest.raises(Invalid) as refused:
        service.file_report(session, boss, now, visit.id)
    assert [problem.field for problem in refused.value.problems] == ["aim", "results"]
    service.write_report(session, boss, now, visit.id, REPORT)
    assert service.file_report(session, boss, now, visit.id).filed_by_id == boss.account_id
    commit(session)
    for act in (lambda: service.file_report(session, boss, now, visit.id),
                lambda: service.write_report(session, boss, now, visit.id, {"aim": "Другая"})):
        with pytest.raises(Conflict, match=r"outcomes\.report-is-filed"):
            act()
    assert service.reopen_report(session, boss, now, visit.id).state == "draft"
    assert service.write_report(session, boss, now, visit.id, {"aim": "Другая"}).results == "Согласован план"


def test_report_of_an_older_version_shows_what_is_saved(
    session: Session, boss: Actor, now: datetime, visit: Any
) -> None:
    seen = service.write_report(session, boss, now, visit.id, REPORT).lock_version
    commit(session)
    service.write_report(session, boss, now, visit.id, {"aim": "Первая"}, version=None)
    commit(session)
    with pytest.raises(Stale) as refused:
        service.write_report(session, boss, now, visit.id, {"aim": "Вторая"}, version=seen)
    assert refused.value.current["aim"] == "Первая"


def test_no_outcomes_and_outcomes_exclude_each_other(session: Session, boss: Actor, now: datetime, visit: Any) -> None:
    report = service.record_no_outcomes(session, boss, now, visit.id)
    commit(session)
    row = service.add_outcome(session, boss, now, visit.id, PROMISE)
    commit(session)
    assert (report.no_outcomes, report.no_outcomes_by_id) == (False, None)
    with pytest.raises(Conflict, match=r"outcomes\.there-are-outcomes"):
        service.record_no_outcomes(session, boss, now, visit.id)
    assert row.state == "open"


def test_reaction_opens_the_report_once(
    session: Session, now: datetime, visit: Any, run_jobs: Callable[[], int]
) -> None:
    for key in ("a", "b"):
        enqueue(session, now, "outcomes.open_report", key, {"visit_id": visit.id}, visit_id=visit.id)
    commit(session)
    run_jobs()
    assert session.scalars(select(VisitReport.state)).all() == ["draft"]


def test_due_thing_of_an_outcome_follows_it(session: Session, boss: Actor, now: datetime, visit: Any) -> None:
    row = reach(session, boss, now, visit, OutcomeState.OPEN)
    check = REMINDER_CHECKS["outcomes.outcome_outstanding"]
    subject = DueSubject(visit.id, f"outcome.{row.id}", ("outcome", row.id))

    def pending() -> list[tuple[str, date]]:
        return [(one.key, one.due_on) for one in session.scalars(
            select(Reminder).where(Reminder.source == "outcomes", Reminder.state == "pending"))]

    assert (pending(), check(session, [subject], now)) == ([(f"outcome.{row.id}", date(2027, 6, 1))], [True])
    service.settle_outcome(session, boss, now, row.id, OutcomeVerb.FINISH)
    commit(session)
    assert (pending(), check(session, [subject], now)) == ([], [False])


def test_promises_of_a_partner_reach_over_visits(
    session: Session, make: Make, boss: Actor, now: datetime, visit: Any
) -> None:
    second = make.visit(partner_id=visit.partner_id, arrival=date(2027, 8, 1))
    elsewhere = make.visit(partner_id=make.partner().id)
    done = reach(session, boss, now, visit, OutcomeState.DONE)
    late = service.add_outcome(session, boss, now, second.id, replace(PROMISE, what="Книги", due_on=date(2027, 3, 10)))
    service.add_outcome(session, boss, now, second.id, replace(PROMISE, kind="practice", what="Опыт"))
    service.add_outcome(session, boss, now, elsewhere.id, PROMISE)
    commit(session)
    found = queries.promises_of_partner(session, boss, now, visit.partner_id)
    assert [(line.outcome.id, line.owner, line.days_late) for line in found] == [
        (late.id, "г-н Йылмаз", 3), (done.id, "г-н Йылмаз", None)]
    assert [line.outcome.id for line in queries.promises_of_partner(session, boss, now, visit.partner_id,
                                                                    open_only=True)] == [late.id]
    assert queries.promises_of_partner(session, make.actor(Role.TRANSLATOR), now, visit.partner_id) == []


def test_facts_say_states_in_both_languages(session: Session, boss: Actor, now: datetime, visit: Any) -> None:
    reach(session, boss, now, visit, OutcomeState.DONE)
    service.write_report(session, boss, now, visit.id, REPORT)
    facts = outcomes(session, FactScope(visit.id, "ru", now))
    assert facts["items"] == [{"what": "Прислать проект соглашения", "owner": "г-н Йылмаз", "due": date(2027, 6, 1),
                               "state": {"ru": "Выполнено", "en": "Done"}}]
    assert facts["report"] == {**dict.fromkeys((*rules.REPORT_TEXTS, "sent_to"), ""), **REPORT}


def test_facts_name_our_owner_in_both_languages(
    session: Session, boss: Actor, now: datetime, visit: Any, make: Make
) -> None:
    owner = make.account(Role.COORDINATOR)
    service.add_outcome(session, boss, now, visit.id, replace(PROMISE, owner_id=owner.id, owner_name=""))
    (item,) = outcomes(session, FactScope(visit.id, "en", now))["items"]
    assert item["owner"] == {"ru": owner.name_ru, "en": owner.name_en}


def test_cancelled_visit_takes_no_outcomes(session: Session, boss: Actor, now: datetime, visit: Any) -> None:
    visit.standing = "cancelled"
    commit(session)
    with pytest.raises(Conflict, match=r"outcomes\.visit-cancelled"):
        service.add_outcome(session, boss, now, visit.id, PROMISE)


def test_pages_write_settle_and_file(session: Session, visit: Any, client_as: Any) -> None:
    browser = client_as(Role.COORDINATOR)
    tab = f"/visits/{visit.id}/outcomes"
    assert "Итогов пока нет" in browser.get(tab).get_data(as_text=True)
    empty = browser.post(f"{tab}/new", {"kind": "promise", "what": ""})
    assert (empty.status_code, session.scalars(select(Outcome.id)).all()) == (422, [])
    assert browser.post(f"{tab}/new", {"kind": "promise", "what": "Прислать книги", "owner_name": "Мэрия",
                                       "due_on": "2027-03-01"}).status_code == 303
    row = session.scalars(select(Outcome)).one()
    shown = browser.get(tab).get_data(as_text=True)
    assert all(text in shown for text in ("Прислать книги", "Мэрия", "9 рабочих дней"))
    refused = browser.post(f"/outcomes/{row.id}/settle", {"verb": "decline", "note": ""})
    assert (refused.status_code, "Укажите причину или кому передано." in refused.get_data(as_text=True)) == (422, True)
    assert browser.post(f"/outcomes/{row.id}/settle", {"verb": "finish"}).status_code == 303
    refused = browser.post(f"/visits/{visit.id}/report", {"aim": "Обмен", "results": "", "then": "file"})
    assert (refused.status_code, session.scalars(select(VisitReport.id)).all()) == (422, [])
    assert browser.post(f"/visits/{visit.id}/report", {"aim": "Обмен", "results": "План", "then": "file"}
                        ).status_code == 303
    assert "Отчёт сдан" in browser.get(tab).get_data(as_text=True)
    session.expire_all()
    assert (session.scalars(select(Outcome.state)).one(), session.scalars(select(VisitReport.state)).one()) == (
        "done", "filed")


def test_api_carries_versions_and_allowed_actions(make: Make, visit: Any, client_as: Any) -> None:
    browser = client_as(Role.COORDINATOR)
    headers = {"X-CSRFToken": browser.token()}
    made = browser.raw.post(f"/api/v1/visits/{visit.id}/outcomes", headers=headers,
                            json={"kind": "promise", "what": "Книги", "due_on": "2027-06-01"})
    assert made.status_code == 201, made.get_data(as_text=True)
    assert made.json["allowed_actions"] == ["edit", "finish", "decline", "hand-over", "remove"]
    key = made.json["id"]
    settled = browser.raw.post(f"/api/v1/outcomes/{key}/settle", headers=headers, json={"verb": "finish"})
    assert (settled.json["state"], settled.json["allowed_actions"]) == ("done", ["reopen"])
    again = browser.raw.patch(f"/api/v1/outcomes/{key}", json={"kind": "promise", "what": "Другое"},
                              headers=headers | {"If-Match": f'"{settled.json["version"]}"'})
    assert (again.status_code, again.json["code"]) == (409, "outcomes.is-settled")
    report = browser.raw.get(f"/api/v1/visits/{visit.id}/report")
    assert (report.status_code, report.json["version"], report.json["allowed_actions"]) == (200, 0, ["write", "file"])


def test_lateness_of_an_outcome_counts_working_days_as_the_desk_does(
    session: Session, boss: Actor, now: datetime, visit: Any
) -> None:
    days = {"2027-03-17": (-2, False, False), "2027-03-15": (0, False, True), "2027-03-10": (3, True, False),
            "2027-03-12": (1, True, False)}
    rows = [(service.add_outcome(session, boss, now, visit.id, replace(PROMISE, due_on=date.fromisoformat(day))), visit)
            for day in days]
    found = queries.lines(session, boss, now, rows)
    assert [(line.days_late, line.late, line.is_today) for line in found] == list(days.values())


def test_outcomes_of_a_visit_that_is_not_seen_stand_in_no_list(
    session: Session, make: Make, boss: Actor, now: datetime, visit: Any
) -> None:
    shown = service.add_outcome(session, boss, now, visit.id, PROMISE)
    other = make.visit(arrival=date(2027, 6, 14), partner_id=visit.partner_id)
    hidden = service.add_outcome(session, boss, now, other.id, PROMISE)
    session.execute(update(VisitAccess).where(VisitAccess.visit_id == other.id).values(ended_at=now))
    commit(session)
    lists = [
        [line.outcome.id for line in queries.promises_of_partner(session, boss, now, visit.partner_id)],
        [line.outcome.id for line in queries.open_outcomes(session, boss, now)],
        [row.id for row in queries.list_outcomes(session, boss).rows],
    ]
    assert lists == [[shown.id]] * 3
    with pytest.raises(NotFound):
        queries.get_outcome(session, boss, hidden.id)
