"""Every act of every page with hostile values in every field of its forms.

An act's fields are read from the pages that hold its form. Whatever comes: no fault of ours, nothing by halves when it
is refused, and what was kept is shown as text.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import MapAdapter, Rule

from tests.conftest import Client
from tests.hostile.conftest import keys_of, row_counts, table_of, too_wide
from workflow.accounts.models import Account

PART = re.compile(r"<(?:[^:<>]+:)?(\w+)>")
OTHER_VALUES = {"language": "ru", "form": "pdf", "kind": "invitation", "step": "accept", "blank": "ru.xlsx",
                "key": "incoming", "version": "1", "code": "ABCDEFGH", "token": "x" * 43, "year": "2027",
                "register": "costs", "rule_id": "in.ru.evisa", "name": "SCHENGEN"}
SCRIPT = "<script>alert(1)</script>"
HOSTILE = {
    "long": "Ж" * 10_000,
    "emoji": "🦊👩‍👩‍👧‍👦 " * 12,
    "override": "\u202egnp.exe \u2066\u200f",
    "nul": "a\x00b",
    "jinja": "{{ 7*7 }}{% for x in (1,2) %}{{ x.__class__.__mro__ }}{% endfor %}",
    "script": SCRIPT,
    "formula": '=HYPERLINK("http://evil.example","x")',
    "no-such-day": "31.02.2027",
    "huge-number": "9999999999999999999",
    "five-billion": "5000000000",
    "negative": "-1",
    "percent": "%s %(x)s {0} {x!r}",
    "empty": "",
    "surrogate": "\ud800",
    "far-day": "9999-12-31",
    "first-day": "0001-01-01",
    "moment": "9999-12-31T23:59",
    "first-moment": "0001-01-01T00:00",
    "control": "a\x1b[31m\x07b",
    "newline": "a\r\nBcc: evil@evil.example\r\n\r\nb",
}
DAYS = {"no-such-day": "date", "far-day": "date", "first-day": "date",
        "moment": "datetime-local", "first-moment": "datetime-local"}
"""Values that only a field of this kind reads as more than some words."""
OURS = {"csrf_token", "version"}
LEFT_ALONE = {"accounts.sign_out", "accounts.end_session", "accounts.end_other_sessions", "accounts.close",
              "accounts.end_sessions", "accounts.account_now", "accounts.own_password_now"}
"""Acts that would sign the attacker out, or take the roles away that the rest of the attack needs."""


@dataclass
class Act:
    """One form of a page: where it posts to, and its fields with the values they held."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    free: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)

    def suits(self, value: str) -> bool:
        """Say whether a hostile value is worth sending: a day where no field is one says no more than a word."""
        return value not in DAYS or DAYS[value] in self.kinds


class Forms(HTMLParser):
    """Reads the forms of a page."""

    def __init__(self, page: str, url: str) -> None:
        super().__init__()
        self.url, self.acts = url, list[Act]()
        self._act: Act | None = None
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note forms and fields."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "get").lower() == "post":
            self._act = Act(given.get("action") or self.url)
            self.acts.append(self._act)
        if self._act is None:
            return
        name = given.get("name", "")
        if tag == "input" and name and given.get("type") != "file":
            kind = given.get("type", "text")
            if kind not in ("checkbox", "radio") or "checked" in given:
                self._act.fields.setdefault(name, []).append(given.get("value", ""))
            self._act.free.add(name)
            self._act.kinds.add(kind)
        elif tag in ("textarea", "select") and name:
            self._act.fields.setdefault(name, [])
            self._act.free.add(name)
            self._select = name if tag == "select" else ""
        elif tag == "option" and self._select and ("selected" in given or not self._act.fields[self._select]):
            self._act.fields[self._select] = [given.get("value", "")]
        elif tag == "button" and name:
            self._act.fields.setdefault(name, [given.get("value", "")])

    def handle_endtag(self, tag: str) -> None:
        """Note where forms end."""
        if tag == "form":
            self._act = None
        if tag == "select":
            self._select = ""


def method_of(rule: Rule) -> str:
    """Give the one method that a route is for."""
    return next(iter((rule.methods or set()) - {"HEAD", "OPTIONS"}))


def addresses(session: Session, rule: Rule, *, most: int = 3) -> list[str]:
    """Fill a rule with keys of rows of the demo: some first, and the last."""
    names = PART.findall(rule.rule)
    tables = [table for name in names if (table := table_of(name, rule.rule))]
    if not tables:
        return [PART.sub(lambda part: OTHER_VALUES.get(part[1], "1"), rule.rule)]
    keys = {table: keys_of(session, table) or [1] for table in tables}

    def filled(nth: int) -> str:
        return PART.sub(lambda part: (
            str(keys[table][nth % len(keys[table])]) if (table := table_of(part[1], rule.rule))
            else OTHER_VALUES.get(part[1], "1")), rule.rule)

    return list(dict.fromkeys(filled(nth) for nth in [*range(most), -1]))


class Attack:
    """Walks the pages once, and posts each form that it finds with one thing wrong after the other."""

    def __init__(self, app: Flask, session: Session, browser: Client) -> None:
        self.app, self.session, self.browser = app, session, browser
        self.match: MapAdapter = app.url_map.bind("localhost")
        self.faults: dict[str, str] = {}
        self.counts: dict[str, int] = {}
        self.tried = self.taken = 0

    def endpoint(self, url: str) -> str:
        """Name the act that an address belongs to."""
        return str(self.match.match(url.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0], method="POST")[0])

    def find(self, rooms: list[str]) -> dict[str, Act]:
        """Find one form for each act, from the pages that hold them: several pages of each kind of *rooms*."""
        found: dict[str, Act] = {}
        for rule in sorted(self.app.url_map.iter_rules(), key=lambda rule: rule.rule):
            if method_of(rule) != "GET" or rule.rule.startswith(("/api/", "/static")):
                continue
            most = 5 if rule.endpoint.split(".")[0] in rooms else 1
            for url in addresses(self.session, rule, most=most):
                answer = self.browser.get(url)
                self.judge(rule.endpoint, "looked at", url, answer)
                if answer.mimetype != "text/html" or answer.status_code != 200:
                    continue
                for act in Forms(answer.get_data(as_text=True), url).acts:
                    known = found.setdefault(self.endpoint(act.action), act)
                    known.free |= act.free
                    known.kinds |= act.kinds
        for rule in self.app.url_map.iter_rules():
            if method_of(rule) == "POST" and not rule.rule.startswith("/api/"):
                found.setdefault(rule.endpoint, Act(addresses(self.session, rule)[0]))
        return found

    def judge(self, what: str, name: str, url: str, answer: Any) -> None:
        """Note a fault of ours, a raw script, a worked-out expression, or an error that leads to no field."""
        text = answer.get_data().decode("utf-8", errors="replace") if answer.mimetype.startswith("text/") else ""
        if answer.status_code >= 500:
            self.faults.setdefault(f"{what} {name}: {answer.status_code}", url)
        if SCRIPT in text:
            self.faults.setdefault(f"{what} {name}: raw script", url)
        if "{% for" in text and re.search(r"49(?:\{%|&lt;class)", text):
            self.faults.setdefault(f"{what} {name}: worked out", url)
        for place in re.findall(r'<a href="#(f-[^"]+)">', text) if 'class="error-summary"' in text else ():
            if f'id="{place}"' not in text:
                self.faults.setdefault(f"{what}: the error of {place} leads nowhere", url)

    def post(self, what: str, act: Act, name: str, values: dict[str, Any]) -> None:
        """Send one hostile form; a refusal may leave no row behind."""
        body = urlencode(values | {"csrf_token": self.browser.token()}, doseq=True, errors="surrogatepass")
        answer = self.browser.raw.post(act.action, data=body, content_type="application/x-www-form-urlencoded")
        self.judge(what, name, act.action, answer)
        self.tried += 1
        before, after = self.counts, row_counts(self.session)
        self.counts = after
        if answer.status_code >= 400:
            if after != before:
                changed = {table: (before[table], after[table]) for table in before if before[table] != after[table]}
                self.faults.setdefault(f"{what} {name}: {answer.status_code} and yet {changed}", act.action)
        else:
            self.taken += 1
            self.judge(what, f"{name} shown", answer.location or "",
                       self.browser.get((answer.location or "/").replace("http://localhost", "")))

    def hit(self, what: str, act: Act) -> None:
        """Put each hostile value into all free fields at once, and into each field alone."""
        self.counts = row_counts(self.session)
        fields = sorted(act.free - OURS)
        usual = {name: values for name, values in act.fields.items() if name != "csrf_token"}
        for name in filter(act.suits, HOSTILE if fields else ("empty",)):
            self.post(what, act, name, usual | dict.fromkeys(fields, HOSTILE[name]))
        for name in filter(act.suits, ("script", "huge-number", "far-day")):
            for alone in fields:
                self.post(what, act, f"{name} in {alone}", usual | {alone: HOSTILE[name]})
        self.post(what, act, "version", usual | {"version": HOSTILE["huge-number"]})
        for wide in too_wide(self.session):
            self.faults.setdefault(f"PostgreSQL would refuse {wide}", what)


@pytest.fixture
def attack(app: Flask, session: Session, browser: Client) -> Attack:
    """An attack by somebody who may do everything."""
    return Attack(app, session, browser)


def groups() -> list[str]:
    """The first part of the names of acts, so that workers share the attack."""
    return ["accounts desk guests language lists members", "invitations office outcomes papers partners",
            "declension merging passports people process programme translations verify", "visas visits",
            "answers batches clerk guest guest_links links protocol recipients sending",
            "issuing_bodies logistics paper_checks paper_files paper_templates paper_word privacy wordings"]


@pytest.mark.slow
@pytest.mark.parametrize("rooms", groups())
def test_hostile_values_in_every_field_of_every_act(attack: Attack, everybody: Account, rooms: str) -> None:
    mine = rooms.split()
    for what, act in sorted(attack.find(mine).items()):
        if what.split(".")[0] in mine and what not in LEFT_ALONE:
            attack.hit(what, act)
    assert attack.faults == {}, "\n".join(f"{name} at {url}" for name, url in attack.faults.items())
    assert attack.tried > 100
    assert attack.taken > 10


def test_every_act_belongs_to_a_group(app: Flask) -> None:
    named = {room for rooms in groups() for room in rooms.split()}
    rooms = {rule.endpoint.split(".")[0] for rule in app.url_map.iter_rules()
             if method_of(rule) == "POST" and not rule.rule.startswith("/api/")}
    assert sorted(rooms - named) == []


@pytest.mark.parametrize("key", [
    2**63, *(pytest.param(key, marks=pytest.mark.slow) for key in (0, 2**31, 2**62, 10**30))])
def test_key_out_of_range_is_not_found(app: Flask, browser: Client, key: int) -> None:
    wrong = {}
    for rule in app.url_map.iter_rules():
        if "<int:" not in rule.rule or rule.endpoint.split(".")[0] in {"guest", "clerk"}:  # 403 without their link
            continue
        if key == 0 and "<int:n>" in rule.rule:  # version 0 is the wording as delivered
            continue
        whole = re.sub(r"<int:\w+>", str(key), rule.rule)
        url = PART.sub(lambda part: OTHER_VALUES.get(part[1], "1"), whole)
        if rule.rule.startswith("/api/"):
            answer = browser.raw.open(url, method=method_of(rule), json={}, headers={
                "X-CSRFToken": browser.token(), "If-Match": '"1"'})
        else:
            answer = browser.get(url) if method_of(rule) == "GET" else browser.post(url)
        if answer.status_code >= 500 or (method_of(rule) == "GET" and answer.status_code != 404):
            wrong[rule.rule] = answer.status_code
    assert wrong == {}


@pytest.mark.slow
@pytest.mark.parametrize("value", list(HOSTILE))
def test_hostile_question_in_an_address_is_answered(app: Flask, browser: Client, value: str) -> None:
    names = ("q", "page", "cursor", "standing", "year", "month", "of", "country", "partner", "partner_id", "visit",
             "visit_id", "from", "to", "stage", "responsible", "whose", "kind", "language", "next", "day", "week",
             "direction", "sort", "limit", "state", "mine", "show", "tab", "basis", "code", "version")
    if value == "surrogate":
        return
    wrong = {}
    for rule in app.url_map.iter_rules():
        if method_of(rule) != "GET" or "<" in rule.rule or rule.endpoint == "static":
            continue
        asked = HOSTILE[value][:500]  # all together a line that a server still takes
        answer = browser.get(rule.rule, query_string=dict.fromkeys(names, asked))
        if answer.status_code >= 500 or SCRIPT in answer.get_data().decode("utf-8", errors="replace"):
            wrong[rule.rule] = answer.status_code
    assert wrong == {}
