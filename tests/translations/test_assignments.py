"""The life of an assignment through the real database: who may do what, who sees what, what is kept."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.exc import IntegrityError

from tests.translations.conftest import RESULT, SPEECH, Stage
from workflow.base.actor import Role
from workflow.base.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Stale
from workflow.base.events import Event
from workflow.base.files import Upload
from workflow.base.unit_of_work import commit, rollback
from workflow.reminders.models import Reminder
from workflow.translations import ordering, queries, rules, service
from workflow.translations.conditions import CONDITIONS
from workflow.translations.models import Assignment
from workflow.translations.rules import AssignmentState, Verb
from workflow.visits.models import Visit
from workflow.visits.queries import seen_by

S, V = AssignmentState, Verb


def use(stage: Stage, verb: Verb, key: int) -> Assignment:
    """Use a verb as one who may use it at all: the state alone decides."""
    session, now, boss, worker = stage.session, stage.now, stage.coordinator, stage.translator
    match verb:
        case V.EDIT:
            return ordering.edit_assignment(session, boss, now, key, stage.data(title="Другая речь"))
        case V.PUBLISH:
            return ordering.publish_assignment(session, boss, now, key)
        case V.CLAIM:
            return service.claim_assignment(session, stage.colleague, now, key)
        case V.GIVE_BACK:
            return service.give_back_assignment(session, boss, now, key, reason="болен")
        case V.SUBMIT:
            return service.submit_assignment(session, worker, now, key, RESULT)
        case V.RETURN:
            return service.return_assignment(session, boss, now, key, remark="имена")
        case V.ACCEPT:
            return service.accept_assignment(session, boss, now, key)
        case V.RELEASE:
            return service.release_assignment(session, boss, now, key)
        case V.CANCEL:
            return service.cancel_assignment(session, boss, now, key, reason="не нужно")


@pytest.mark.parametrize("state", list(S))
def test_every_verb_in_every_state_is_done_or_refused_with_a_reason(stage: Stage, state: AssignmentState) -> None:
    for verb in V:
        row = stage.at(state)
        answer = rules.answer(state, verb)
        if isinstance(answer, AssignmentState):
            assert use(stage, verb, row.id).state == answer
            commit(stage.session)
            continue
        with pytest.raises(DomainError) as refused:
            use(stage, verb, row.id)
        rollback(stage.session)
        stage.session.refresh(row)
        assert row.state == state
        # what a translator may no longer see is not there for him at all
        unseen = (verb is V.SUBMIT and state in (S.DRAFT, S.CANCELLED)) or (
            verb is V.CLAIM and state in (S.DRAFT, S.CANCELLED, S.ACCEPTED, S.RELEASED))
        assert refused.value.code == ("base.not-found" if unseen else answer)


def test_draft_opens_only_when_complete(stage: Stage) -> None:
    row = stage.order(upload=None, source_language="", target_language="", purpose="", due_at=None, text_user="",
                      names="")
    with pytest.raises(Invalid) as refused:
        ordering.publish_assignment(stage.session, stage.coordinator, stage.now, row.id)
    assert [problem.field for problem in refused.value.problems] == [
        "source_file", "source_language", "target_language", "characters", "purpose", "due_at", "text_user", "names"]
    rollback(stage.session)
    with pytest.raises(IntegrityError, match="complete_when_open"):
        stage.session.execute(update(Assignment).where(Assignment.id == row.id).values(state="open"))


def test_volume_is_counted_from_the_file_and_typed_only_where_it_cannot_be(stage: Stage) -> None:
    counted = stage.order(characters=7)
    assert (counted.characters, counted.count_method) == (300 * 16 - 1, "counted")
    typed = stage.order(upload=Upload("письмо.pdf", b"%PDF-1.7 scan"), characters=3600)
    assert (typed.characters, typed.count_method) == (3600, "typed")
    unknown = stage.order(upload=Upload("письмо.pdf", b"%PDF-1.7 scan"))
    with pytest.raises(Invalid) as refused:
        ordering.publish_assignment(stage.session, stage.coordinator, stage.now, unknown.id)
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [
        ("characters", "translations.volume-unknown")]


@pytest.mark.parametrize("field", ["title", "text_user", "names", "instructions"])
def test_passport_number_is_refused_wherever_it_is_typed(stage: Stage, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        stage.order(**{field: "Ayşe Örnek, U12345678"})
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [
        (field, "translations.looks-like-passport")]


def test_wrong_values_are_all_named_at_once(stage: Stage) -> None:
    with pytest.raises(Invalid) as refused:
        stage.order(title=" ", target_language="ru", purpose="fun", characters=-1, names="я" * 10_001)
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [
        ("names", "base.too-long"), ("title", "base.required"), ("purpose", "base.not-a-choice"),
        ("target_language", "translations.same-language"), ("characters", "base.out-of-range")]


def test_translator_sees_open_ones_in_their_languages_and_their_own(stage: Stage) -> None:
    to_turkish = stage.at(S.OPEN)
    to_english = stage.at(S.OPEN, target_language="en")
    stage.at(S.DRAFT)
    taken = stage.at(S.CLAIMED)
    service.set_pairs(stage.session, stage.coordinator, stage.now, stage.colleague.account_id or 0,
                      [("ru", "tr", True)])
    commit(stage.session)

    def seen(actor: object) -> set[int]:
        return {row.id for row in queries.list_assignments(stage.session, actor).rows}  # type: ignore[arg-type]

    assert seen(stage.colleague) == {to_turkish.id}
    assert seen(stage.translator) == {to_turkish.id, to_english.id, taken.id}
    assert seen(stage.make.actor(Role.ADMINISTRATOR)) == set()
    with pytest.raises(NotFound):
        queries.get_assignment(stage.session, stage.colleague, taken.id)
    with pytest.raises(NotFound):
        service.claim_assignment(stage.session, stage.colleague, stage.now, to_english.id)


def test_source_is_lost_at_once_when_given_back(stage: Stage) -> None:
    row = stage.at(S.CLAIMED)
    visible = seen_by(stage.translator, Visit.id)
    assert service.read_source(stage.session, stage.translator, row.id)[1] == SPEECH.data
    assert stage.session.scalars(select(Visit.id).where(visible)).all() == [stage.visit.id]
    with pytest.raises(NotFound):
        service.read_source(stage.session, stage.colleague, row.id)

    service.give_back_assignment(stage.session, stage.translator, stage.now, row.id, reason="не успеваю")
    service.claim_assignment(stage.session, stage.colleague, stage.now, row.id)
    commit(stage.session)

    assert stage.session.scalars(select(Visit.id).where(visible)).all() == []
    with pytest.raises(NotFound):
        service.read_source(stage.session, stage.translator, row.id)
    assert service.read_source(stage.session, stage.colleague, row.id)[1] == SPEECH.data


def test_late_claimer_reads_who_has_it_and_since_when(stage: Stage) -> None:
    row = stage.at(S.CLAIMED)
    with pytest.raises(Conflict) as refused:
        service.claim_assignment(stage.session, stage.colleague, stage.now + timedelta(minutes=1), row.id)
    assert (refused.value.code, refused.value.params["who"]["ru"], refused.value.params["at"]) == (
        "translations.already-claimed", stage.translator.name, stage.now)


def test_second_person_accepts_and_never_the_translator(stage: Stage) -> None:
    both = stage.make.actor(Role.COORDINATOR, Role.TRANSLATOR, Role.MANAGER)
    row = stage.at(S.OPEN)
    service.claim_assignment(stage.session, both, stage.now, row.id)
    service.submit_assignment(stage.session, both, stage.now, row.id, RESULT)
    for without in (False, True):
        with pytest.raises(Conflict, match=r"translations.own-work"):
            service.accept_assignment(stage.session, both, stage.now, row.id, without_revision=without)
    with pytest.raises(Conflict, match=r"translations.manager-only"):
        service.accept_assignment(stage.session, stage.coordinator, stage.now, row.id, without_revision=True)
    done = service.accept_assignment(stage.session, stage.manager, stage.now, row.id, without_revision=True)
    commit(stage.session)
    assert (done.state, done.revised, done.accepted_by_id) == (S.ACCEPTED, False, stage.manager.account_id)
    event = stage.session.scalars(select(Event).where(Event.kind == "translations.assignment.accepted")).one()
    assert event.changes == {"state": ["submitted", "accepted"], "revised": [None, False]}


def test_named_reviser_sees_it_when_handed_in_and_accepts(stage: Stage) -> None:
    row = stage.at(S.CLAIMED, reviser_id=stage.colleague.account_id)
    with pytest.raises(NotFound):
        queries.get_assignment(stage.session, stage.colleague, row.id)
    service.submit_assignment(stage.session, stage.translator, stage.now, row.id, RESULT)
    assert service.read_result(stage.session, stage.colleague, row.id)[1] == RESULT.data
    board = queries.board(stage.session, stage.colleague, stage.now)
    assert [card.assignment.id for card in board.to_check] == [row.id]
    service.return_assignment(stage.session, stage.colleague, stage.now, row.id, remark="Имена по-турецки.")
    service.submit_assignment(stage.session, stage.translator, stage.now, row.id, RESULT, remark="исправлено")
    done = service.accept_assignment(stage.session, stage.colleague, stage.now, row.id)
    assert (done.state, done.revised, done.return_count) == (S.ACCEPTED, True, 1)
    assert [(one.verb, one.text) for one in queries.remarks(stage.session, row.id)] == [
        ("submit", ""), ("return", "Имена по-турецки."), ("submit", "исправлено")]


def test_reviser_cannot_claim_what_they_revise(stage: Stage) -> None:
    row = stage.at(S.OPEN, reviser_id=stage.translator.account_id)
    with pytest.raises(Conflict, match=r"translations.you-revise"):
        service.claim_assignment(stage.session, stage.translator, stage.now, row.id)


def test_handing_in_the_source_again_is_noticed(stage: Stage) -> None:
    row = stage.at(S.CLAIMED)
    with pytest.raises(Invalid, match=r"translations.same-as-source"):
        service.submit_assignment(stage.session, stage.translator, stage.now, row.id, SPEECH)
    with pytest.raises(Invalid, match=r"translations.file-missing"):
        service.submit_assignment(stage.session, stage.translator, stage.now, row.id, None)


def test_those_who_do_not_order_cannot(stage: Stage) -> None:
    with pytest.raises(Forbidden):
        ordering.order_assignment(stage.session, stage.translator, stage.now, stage.visit, stage.data())
    row = stage.at(S.CLAIMED)
    with pytest.raises(Forbidden):
        service.cancel_assignment(stage.session, stage.translator, stage.now, row.id, reason="нет")
    with pytest.raises(Forbidden):
        service.claim_assignment(stage.session, stage.coordinator, stage.now, row.id)
    with pytest.raises(Forbidden):
        service.set_pairs(stage.session, stage.translator, stage.now, stage.translator.account_id or 0, [])


def test_edit_of_an_older_version_shows_what_is_saved(stage: Stage) -> None:
    row = stage.at(S.DRAFT)
    seen = row.lock_version
    ordering.edit_assignment(stage.session, stage.coordinator, stage.now, row.id, stage.data(title="Первая"),
                             version=seen)
    commit(stage.session)
    with pytest.raises(Stale) as refused:
        ordering.edit_assignment(stage.session, stage.manager, stage.now, row.id, stage.data(title="Вторая"),
                                 version=seen)
    assert refused.value.current["title"] == "Первая"


def test_nothing_begins_for_a_visit_that_is_not_going_on(stage: Stage) -> None:
    row = stage.at(S.OPEN)
    stage.session.execute(update(Visit).where(Visit.id == stage.visit.id).values(standing="postponed"))
    commit(stage.session)
    stage.session.expire_all()
    assert queries.board(stage.session, stage.translator, stage.now).available == []
    with pytest.raises(Conflict, match=r"translations.visit-not-live"):
        service.claim_assignment(stage.session, stage.translator, stage.now, row.id)


def test_board_sorts_work_by_what_it_waits_for(stage: Stage) -> None:
    rows = {state: stage.at(state).id for state in S}
    board = queries.board(stage.session, stage.translator, stage.now)
    assert {name: {card.assignment.id for card in getattr(board, name)} for name in board.__dataclass_fields__} == {
        "available": {rows[S.OPEN]}, "mine": {rows[S.CLAIMED]}, "returned": {rows[S.RETURNED]},
        "handed_in": {rows[S.SUBMITTED]}, "to_check": set(), "done": {rows[S.ACCEPTED], rows[S.RELEASED]}}
    assert board.available[0].verbs == (V.CLAIM,)
    assert board.mine[0].verbs == (V.GIVE_BACK, V.SUBMIT)


def test_condition_holds_when_nothing_waits(stage: Stage) -> None:
    check = CONDITIONS["translations.assignments_released"]
    other = stage.make.visit()
    rows = [stage.at(S.OPEN), stage.at(S.ACCEPTED), stage.at(S.CANCELLED)]
    answers = check(stage.session, [stage.visit.id, other.id], {})
    assert [(reason.code, reason.params) for reason in answers[stage.visit.id]] == [
        ("translations.not-all-accepted", {"count": 1})]
    assert answers[other.id] == []
    service.cancel_assignment(stage.session, stage.coordinator, stage.now, rows[0].id, reason="не нужно")
    assert check(stage.session, [stage.visit.id], {}) == {stage.visit.id: []}


def test_due_thing_follows_the_assignment(stage: Stage) -> None:
    row = stage.at(S.CLAIMED)
    live = [(one.key, one.owner_id, one.due_on) for one in stage.session.scalars(
        select(Reminder).where(Reminder.source == "translations", Reminder.state == "pending"))]
    due_on = (stage.now + timedelta(days=5)).date()
    assert live == [(f"assignment.{row.id}.deliver", stage.translator.account_id, due_on)]
    service.submit_assignment(stage.session, stage.translator, stage.now, row.id, RESULT)
    service.accept_assignment(stage.session, stage.coordinator, stage.now, row.id)
    assert stage.session.scalars(select(Reminder.state).where(Reminder.state == "pending")).all() == []


def test_people_are_told_once_in_their_language(
    stage: Stage, run_jobs: Callable[[], int], outbox: Callable[[], list[EmailMessage]]
) -> None:
    english = stage.make.account(Role.TRANSLATOR, language="en")
    row = stage.at(S.ACCEPTED)
    run_jobs()
    run_jobs()
    told = sorted((str(mail["To"].addresses[0].addr_spec), str(mail["Subject"])) for mail in outbox())
    people = {one.account_id: stage.session.get(type(english), one.account_id).email  # type: ignore[union-attr]
              for one in (stage.translator, stage.colleague)}
    responsible = stage.session.get(type(english), stage.visit.responsible_id)
    assert responsible is not None
    assert told == sorted([
        (english.email, f"To be translated: {row.title}"),
        (people[stage.translator.account_id], f"Нужен перевод: {row.title}"),
        (people[stage.colleague.account_id], f"Нужен перевод: {row.title}"),
        (responsible.email, f"Перевод сдан: {row.title}"),
        (people[stage.translator.account_id], f"Перевод принят: {row.title}"),
    ])
    opened = next(mail for mail in outbox() if str(mail["Subject"]).startswith("To be translated"))
    assert f"http://localhost/translations/{row.id}" in opened.get_content()


@pytest.mark.parametrize("verb", [V.GIVE_BACK, V.RETURN, V.CANCEL])
def test_reason_is_demanded(stage: Stage, verb: Verb) -> None:
    row = stage.at(S.SUBMITTED if verb is V.RETURN else S.CLAIMED)
    given = (stage.session, stage.translator if verb is V.GIVE_BACK else stage.coordinator, stage.now, row.id)
    act = {V.GIVE_BACK: lambda: service.give_back_assignment(*given, reason=" "),
           V.RETURN: lambda: service.return_assignment(*given, remark=""),
           V.CANCEL: lambda: service.cancel_assignment(*given, reason="")}
    with pytest.raises(Invalid) as refused:
        act[verb]()
    assert refused.value.problems[0].field == "remark"


def test_board_asks_the_database_as_often_for_many_as_for_few(stage: Stage) -> None:
    counted: list[str] = []
    event.listen(stage.session.get_bind(), "before_cursor_execute", lambda *given: counted.append(given[2]))

    def count() -> int:
        stage.at(S.OPEN)
        stage.at(S.CLAIMED)
        counted.clear()
        queries.board(stage.session, stage.translator, stage.now)
        return len(counted)

    few = count()
    for _ in range(5):
        count()
    assert count() == few
