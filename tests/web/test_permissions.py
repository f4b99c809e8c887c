"""Who may do what: every route × every role × a stranger × somebody else's visit, over the demo's rows."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from tests.conftest import Client, make_settings
from workflow.accounts.models import Account
from workflow.base import clock
from workflow.base.actor import ROLE_PERMISSIONS, Permission, Role
from workflow.base.database import Base
from workflow.base.events import Event
from workflow.base.settings import Settings
from workflow.base.unit_of_work import commit
from workflow.demo.cast import PASSWORD
from workflow.visits.models import VisitAccess
from workflow.web.database import db

OPEN_TO_STRANGERS = {
    "accounts.first", "accounts.first_now", "accounts.forgot", "accounts.forgot_now", "accounts.password",
    "accounts.password_now", "accounts.sign_in", "accounts.sign_in_now", "accounts.sign_out", "answers.answer",
    "answers.show", "clerk.add", "clerk.blank", "clerk.correct", "clerk.home", "clerk.member", "clerk.new",
    "clerk.send_list", "guest.answer", "guest.answer_now", "guest.consent", "guest.consent_now", "guest.data",
    "guest.data_now", "guest.home", "guest.paper", "guest.passport", "guest.passport_now", "guest.scan", "guest.stays",
    "guest.stays_now", "guest.withdraw", "guests.ask", "links.language", "links.open", "links.show",
    "guests.send_request", "health.healthz", "health.openapi", "health.readyz", "language.choose",
    "verify.ask", "verify.compare", "verify.look_up", "verify.show",
}
"""Whoever opens a route to strangers writes it here, and a reviewer asks why."""

OF_A_VISIT = {
    "visit_id": "visit", "member_id": "member", "paper_id": "paper", "assignment_id": "assignment",
    "outcome_id": "outcome", "item_id": "programme_item", "case_id": "visa_case", "person_id": "person",
    "passport_id": "passport", "reminder_id": "reminder", "list_id": "member_list", "basis_id": "visit_basis",
    "batch_id": "paper_batch", "recipient_id": "batch_recipient", "outgoing_id": "outgoing_mail",
    "row_id": "cost_line", "conversation_id": "conversation", "topic_id": "conversation_topic",
    "award_id": "member_award", "link_id": "guest_link", "proposal_id": "guest_proposal", "scan_id": "guest_scan",
    "crossing_id": "border_crossing",
}
OTHER_VALUES = {"language": "ru", "form": "pdf", "kind": "invitation", "step": "accept", "blank": "ru.xlsx",
                "key": "incoming", "version": "1", "code": "ABCDEFGH", "token": "x" * 43, "year": "2027",
                "register": "costs", "rule_id": "in.ru.evisa", "name": "SCHENGEN"}
PART = re.compile(r"<(?:[^:<>]+:)?(\w+)>")


@pytest.fixture
def settings(demo_database: Path, tmp_path: Path) -> Settings:
    """Settings of the demo's copy, one for each test."""
    shutil.copytree(demo_database, tmp_path / "demo")
    return make_settings(tmp_path / "demo")


@pytest.fixture
def demo_app(app: Flask) -> Flask:
    """The application moved into the demo's copy."""
    return app


@pytest.fixture
def session(demo_app: Flask) -> Iterator[Session]:
    """A session on the demo's copy."""
    with demo_app.app_context():
        engine = db.engine
    own = Session(engine, expire_on_commit=False)
    yield own
    own.close()


def routes(app: Flask) -> list[Rule]:
    """All routes but static files."""
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def address(rule: Rule, keys: dict[str, int]) -> str:
    """Fill a rule with keys of real rows, and with plausible other values."""
    return PART.sub(lambda part: str(keys.get(part[1], OTHER_VALUES.get(part[1], "1"))), rule.rule)


def method_of(rule: Rule) -> str:
    """Give the one method that a route is for."""
    (method,) = (rule.methods or set()) - {"HEAD", "OPTIONS"}
    return method


def signed_in(app: Flask, session: Session, *roles: Role) -> Client:
    """Sign in as one of the demo's cast with exactly these roles."""
    email = next(account.email for account in session.scalars(select(Account).order_by(Account.id))
                 if account.roles == frozenset(roles))
    session.rollback()
    browser = Client(app)
    assert browser.post("/sign-in", {"email": email, "password": PASSWORD}).status_code == 303
    return browser


def ask(browser: Client, rule: Rule, url: str) -> Any:
    """Send what the route expects, with a valid token for acts and a version for the API."""
    method = method_of(rule)
    if method == "GET":
        return browser.get(url)
    if url.startswith("/api/"):
        return browser.raw.open(url, method=method, json={}, headers={
            "X-CSRFToken": browser.token(), "If-Match": '"1"'})
    return browser.post(url)


def test_every_route_states_who_may_use_it(demo_app: Flask) -> None:
    stated = demo_app.extensions["delegations_access"]
    assert sorted(rule.endpoint for rule in routes(demo_app) if rule.endpoint not in stated) == []
    open_to_all = {endpoint for endpoint, access in stated.items() if access.kind != "permission"}
    assert open_to_all == OPEN_TO_STRANGERS


def test_stranger_is_let_in_nowhere_else(demo_app: Flask) -> None:
    stranger = Client(demo_app)
    for rule in routes(demo_app):
        if rule.endpoint in OPEN_TO_STRANGERS:
            continue
        answer = ask(stranger, rule, address(rule, {}))
        if rule.rule.startswith("/api/"):
            assert answer.status_code == 401, rule
        else:
            assert (answer.status_code, answer.location.split("?")[0]) == (303, "/sign-in"), rule


@pytest.mark.parametrize("role", list(Role))
def test_role_without_the_permission_is_refused(demo_app: Flask, session: Session, role: Role) -> None:
    browser = signed_in(demo_app, session, role)
    stated = demo_app.extensions["delegations_access"]
    refused = 0
    for rule in routes(demo_app):
        permission = stated[rule.endpoint].permission
        if permission is None or permission in ROLE_PERMISSIONS[role]:
            continue
        assert ask(browser, rule, address(rule, {})).status_code == 403, (rule, permission)
        refused += 1
    assert refused > 5


def keys_of_rows(session: Session) -> dict[str, int]:
    """Give a key of a real row for each name of a path's part."""
    found = {}
    for name, table in OF_A_VISIT.items():
        key = session.scalar(select(func.min(Base.metadata.tables[table].c.id)))
        found[name] = int(key or 1)
    return found


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.MANAGER, Role.TRANSLATOR])
def test_another_visits_rows_are_not_found(demo_app: Flask, session: Session, role: Role) -> None:
    browser = signed_in(demo_app, session, role)
    session.execute(update(VisitAccess).values(ended_at=clock.now()))
    commit(session)
    keys = keys_of_rows(session)
    events = session.scalar(select(func.count(Event.id)))
    session.rollback()
    stated = demo_app.extensions["delegations_access"]
    tried = 0
    for rule in routes(demo_app):
        names = set(PART.findall(rule.rule))
        permission = stated[rule.endpoint].permission
        if not names & set(OF_A_VISIT) or permission not in ROLE_PERMISSIONS[role]:
            continue
        answer = ask(browser, rule, address(rule, keys))
        expected = {404} if method_of(rule) == "GET" else {404, 422}
        assert answer.status_code in expected, (rule, answer.status_code)
        tried += 1
    assert tried > 5
    assert session.scalar(select(func.count(Event.id))) == events


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.MANAGER])
def test_lists_hold_nothing_of_another_visit(demo_app: Flask, session: Session, role: Role) -> None:
    browser = signed_in(demo_app, session, role)
    before = browser.get("/visits").get_data(as_text=True)
    assert "Визит делегации Кадыкёя" in before
    session.execute(update(VisitAccess).values(ended_at=clock.now()))
    commit(session)
    for url in ("/", "/visits", "/visits?standing=all", "/calendar", "/week", "/reports", "/search?q=Кадыкёй",
                "/translations", "/api/v1/visits", "/api/v1/assignments", "/api/v1/outcomes"):
        page = browser.get(url)
        assert page.status_code == 200, url
        assert "Визит делегации Кадыкёя" not in page.get_data(as_text=True), url


def test_translator_never_meets_a_passport_or_birth_date(demo_app: Flask, session: Session) -> None:
    from workflow.people.models import Passport, Person

    numbers = [passport.number for passport in session.scalars(select(Passport))]
    births = [person.birth_date for person in session.scalars(select(Person)) if person.birth_date]
    assert len(numbers) > 5
    browser = signed_in(demo_app, session, Role.TRANSLATOR)
    allowed = ROLE_PERMISSIONS[Role.TRANSLATOR]
    assert Permission.PEOPLE_READ not in allowed
    stated = demo_app.extensions["delegations_access"]
    tables = {name: session.scalars(select(Base.metadata.tables[table].c.id)).all()
              for name, table in OF_A_VISIT.items()}
    session.rollback()
    seen = 0
    for rule in routes(demo_app):
        if method_of(rule) != "GET" or stated[rule.endpoint].permission not in allowed:
            continue
        named = [name for name in PART.findall(rule.rule) if name in OF_A_VISIT]
        for key in (tables[named[-1]][:40] if named else [1]):
            keys = {name: tables[name][0] for name in named if tables[name]} | ({named[-1]: key} if named else {})
            answer = browser.get(address(rule, keys))
            text = answer.get_data().decode("utf-8", errors="ignore")
            seen += answer.status_code == 200
            assert not [number for number in numbers if number in text], rule
            assert not [birth for birth in births if birth in text], rule
    assert seen > 5
