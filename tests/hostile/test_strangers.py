"""Somebody with a link, or with nothing, tries every address with every key: own page or nothing, and no change."""

import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client
from tests.hostile.conftest import row_counts
from tests.hostile.test_leaks import found_in, log, secrets_of, seeded
from tests.hostile.test_pages import addresses, method_of
from workflow.accounts import service
from workflow.base import clock
from workflow.base.actor import SYSTEM, Role
from workflow.base.unit_of_work import commit
from workflow.demo.cast import PASSWORD
from workflow.guests.links import issue_link
from workflow.people.models import Person
from workflow.visits.models import Member, Visit
from workflow.visits.rules import LIVE_MEMBER

pytestmark = pytest.mark.slow  # every address, or many attempts of a race

__all__ = ["log", "seeded"]
EVERY = 6
"""Keys tried of each table: the first ones and the last."""
FOR_TRANSLATORS = ("/visits/<int:visit_id>/programme", "/visits/<int:visit_id>/translations")
OPEN = {"accounts", "guests", "language", "links", "verify", "answers", "desk", "static", "guest", "clerk"}
"""Doors for strangers (signing in, asking, verifying a code, answering by a link), and those of the links."""


def entered(app: Flask, session: Session, visit: Visit, member: Member | None) -> Client:
    """Open a new link in a browser of its own."""
    issued = issue_link(session, SYSTEM, clock.now(), visit, member, language="en")
    commit(session)
    browser = Client(app)
    assert browser.post(issued.address.replace("http://localhost", "")).status_code == 303
    return browser


def lived_in(session: Session) -> tuple[Visit, Member]:
    """Choose a visit with several members, and one of them who is not the seeded one."""
    private = select(Person.id).where(Person.latin_family == "PRIVATE")
    member = session.scalars(
        select(Member).where(Member.person_id.not_in(private), Member.state.in_(LIVE_MEMBER))
        .join(Visit, Visit.id == Member.visit_id).where(Visit.standing == "live").order_by(Member.id)
    ).first()
    assert member is not None
    return session.get_one(Visit, member.visit_id), member


@pytest.fixture(params=["stranger", "guest", "clerk"])
def attacker(request: pytest.FixtureRequest, app: Flask, session: Session, seeded: set[bytes]) -> tuple[str, Client]:
    """Somebody without an account: with nothing, with a guest's link, with a clerk's."""
    if request.param == "stranger":
        return request.param, Client(app)
    visit, member = lived_in(session)
    return request.param, entered(app, session, visit, member if request.param == "guest" else None)


def own_secrets(session: Session) -> set[bytes]:
    """What the guest may see of themselves."""
    _visit, member = lived_in(session)
    person = member.person
    held = {person.birth_place, person.email, person.phone, person.birth_date}
    session.rollback()
    return {text.encode() for text in held if text}


def test_every_page_under_every_key_shows_nothing_of_others(
    app: Flask, session: Session, seeded: set[bytes], attacker: tuple[str, Client], log: io.StringIO
) -> None:
    who, browser = attacker
    wanted = (secrets_of(session) | seeded) - (own_secrets(session) if who == "guest" else set())
    assert len(wanted) > 20
    tried, inside, leaks = 0, set(), {}
    for rule in app.url_map.iter_rules():
        if method_of(rule) != "GET" or rule.endpoint == "static":
            continue
        for url in addresses(session, rule, most=EVERY):
            answer = browser.get(url)
            tried += 1
            assert answer.status_code < 500, url
            if answer.status_code == 200 and rule.endpoint.split(".")[0] not in OPEN:
                inside.add(rule.endpoint)
            if found := found_in(answer.get_data(), wanted):
                leaks[url] = found
    assert leaks == {}
    assert tried > 300
    assert inside <= {"health.openapi", "health.healthz", "health.readyz"}
    assert found_in(log.getvalue().encode(), wanted) == set()


def test_every_act_under_every_key_changes_nothing(
    app: Flask, session: Session, attacker: tuple[str, Client]
) -> None:
    _who, browser = attacker
    before = row_counts(session)
    taken, tried = {}, 0
    for rule in app.url_map.iter_rules():
        method = method_of(rule)
        if method == "GET" or rule.endpoint.split(".")[0] in OPEN:
            continue
        for url in addresses(session, rule, most=EVERY):
            tried += 1
            if rule.rule.startswith("/api/"):
                answer = browser.raw.open(url, method=method, json={}, headers={
                    "X-CSRFToken": browser.token(), "If-Match": '"1"'})  # fmt: skip
            else:
                answer = browser.post(url)
            led_away = answer.status_code == 303 and "/sign-in" in answer.location
            if not (led_away or answer.status_code in (401, 403, 404)):
                taken[url] = answer.status_code
    assert taken == {}
    assert tried > 200
    assert row_counts(session) == before


def test_guest_names_no_other_by_any_field(app: Flask, session: Session, seeded: set[bytes]) -> None:
    visit, member = lived_in(session)
    others = list(session.scalars(select(Member.id).where(Member.id != member.id).order_by(Member.id)))
    browser = entered(app, session, visit, member)
    wanted = (secrets_of(session) | seeded) - own_secrets(session)
    fields = ("item", "member", "member_id", "person", "person_id", "visit_id", "link", "link_id", "id")
    for other in [*others[:6], others[-1]]:
        asked = dict.fromkeys(fields, str(other))
        pages: list[Any] = [browser.get(f"/guest{path}", query_string=asked) for path in ("", "/data", "/passport")]
        pages += [browser.get(f"/guest/papers/{other}/en"), browser.post("/guest/scans", asked),
                  browser.get(f"/clerk/members/{other}")]  # fmt: skip
        assert [found for page in pages if (found := found_in(page.get_data(), wanted))] == []
        assert [page.status_code for page in pages[3:]] in ([404, 404, 403], [404, 409, 403])  # an own thing, no file


def test_translator_without_a_visit_finds_nobody_under_any_key(
    app: Flask, session: Session, seeded: set[bytes]
) -> None:
    service.create_account(session, SYSTEM, clock.now(), email="new@city.example", name_ru="Новый", name_en="New",
                           roles=frozenset({Role.TRANSLATOR}), password=PASSWORD, locale="en")  # fmt: skip
    commit(session)
    browser = Client(app)
    assert browser.post("/sign-in", {"email": "new@city.example", "password": PASSWORD}).status_code == 303
    before, taken = row_counts(session), {}
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith(("/people", "/members", "/visits/<", "/guest-", "/papers/<")):
            continue
        if rule.rule.startswith(FOR_TRANSLATORS):  # of visits with work that is open to all of them
            continue
        for url in addresses(session, rule, most=EVERY):
            answer = browser.get(url) if method_of(rule) == "GET" else browser.post(url)
            if answer.status_code not in (403, 404):
                taken[url] = answer.status_code
    assert taken == {}
    assert row_counts(session) == before
