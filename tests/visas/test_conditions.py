"""What keeps a visit from going on for the sake of its travellers' visas and passports, and what does not."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.visas.test_cases import open_all
from workflow.base.actor import SYSTEM
from workflow.base.unit_of_work import commit
from workflow.people.service import PassportData, add_passport, retire_passport
from workflow.visas.conditions import cases_settled, passports_valid, routes_chosen
from workflow.visas.models import VisaCase
from workflow.visas.rules import CaseState, Outcome

Codes = Callable[..., list[str]]
Case = tuple[Any, VisaCase]


@pytest.fixture
def codes(session: Session) -> Codes:
    """Ask a condition of one visit; gives the codes of its reasons."""
    return lambda check, visit: [reason.code for reason in check(session, [visit.id], {})[visit.id]]


@pytest.fixture
def case(session: Session, make: Any, now: datetime) -> Case:
    """A Turkish guest whose case is open."""
    visit = make.visit()
    make.member(visit)
    (opened,) = open_all(session, now, visit)
    return visit, opened


def test_traveller_without_a_rule_keeps_the_visit_until_somebody_has_answered(
    session: Session, make: Any, now: datetime, codes: Codes
) -> None:
    visit = make.visit(direction="outgoing", country="US")
    make.member(visit, make.person(citizenships=["RU"]))
    (opened,) = open_all(session, now, visit)
    assert opened.state == CaseState.ASKED
    assert codes(routes_chosen, visit) == ["visas.no-rule-yet"]
    assert codes(cases_settled, visit) == ["visas.unsettled-asked"]


VISA, FREE, EVISA = Outcome.VISA_REQUIRED, Outcome.VISA_FREE, Outcome.EVISA
SETTLED = {
    *((CaseState.ISSUED, outcome) for outcome in Outcome), *((CaseState.NOT_NEEDED, outcome) for outcome in Outcome),
    *((CaseState.WITHDRAWN, outcome) for outcome in Outcome), (CaseState.CHECKED, FREE),
}  # fmt: skip


@pytest.mark.parametrize("state", list(CaseState))
@pytest.mark.parametrize("outcome", list(Outcome))
def test_only_an_end_settles_a_case(
    session: Session, codes: Codes, case: Case, state: CaseState, outcome: Outcome
) -> None:
    visit, opened = case
    opened.state, opened.outcome = state, outcome
    opened.refusal = opened.not_needed_reason = "said why"
    commit(session)
    waiting = [] if (state, outcome) in SETTLED else [f"visas.unsettled-{state.value.replace('_', '-')}"]
    assert codes(cases_settled, visit) == waiting
    unchosen = {CaseState.TO_CHOOSE: ["visas.route-not-chosen"], CaseState.ASKED: ["visas.no-rule-yet"]}
    assert codes(routes_chosen, visit) == unchosen.get(state, [])


def test_issued_visa_that_does_not_cover_the_visit_any_more_settles_nothing(
    session: Session, codes: Codes, case: Case
) -> None:
    visit, opened = case
    opened.state, opened.outcome, opened.alarm = CaseState.ISSUED, VISA, "visas.alarm-visa-too-short"
    commit(session)
    assert codes(cases_settled, visit) == ["visas.alarm-visa-too-short"]


@pytest.mark.parametrize(("days", "expected"), [(0, []), (-1, ["visas.passport-too-short"])])
def test_passport_lasts_to_the_last_day_of_the_stay_abroad(
    session: Session, now: datetime, codes: Codes, case: Case, days: int, expected: list[str]
) -> None:
    visit, opened = case
    opened.last_day = visit.departure + timedelta(days=5)  # flies home through another country
    assert codes(passports_valid, visit) == ["visas.passport-unknown"]
    add_passport(session, SYSTEM, now, opened.member.person, PassportData(
        "TR", "U12345678", expires_on=opened.last_day + timedelta(days=days)))  # fmt: skip
    commit(session)
    assert codes(passports_valid, visit) == expected


def test_passport_out_of_use_is_none(session: Session, now: datetime, codes: Codes, case: Case) -> None:
    visit, opened = case
    lost = add_passport(session, SYSTEM, now, opened.member.person,
                        PassportData("TR", "U12345678", expires_on=date(2035, 1, 1)))  # fmt: skip
    commit(session)
    assert codes(passports_valid, visit) == []
    retire_passport(session, SYSTEM, now, lost)
    commit(session)
    assert codes(passports_valid, visit) == ["visas.passport-unknown"]
