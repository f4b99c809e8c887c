"""Facts gathered from the rooms that own them (`docs/facts.md`), for one paper."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.accounts.queries import Person, people
from workflow.base.clock import local_date
from workflow.base.reasons import FactCollector, FactScope
from workflow.base.registries import FACT_SECTIONS
from workflow.office.facts import signatory_facts
from workflow.office.queries import our_zone, signatory_for
from workflow.papers import editions
from workflow.papers.checks import live_checks
from workflow.papers.editions import Kind
from workflow.papers.models import Paper, PaperCheck
from workflow.papers.plain import freeze
from workflow.papers.rules import CheckDecision
from workflow.papers.together import is_gathering, issuer, once
from workflow.papers.words import LANGUAGES
from workflow.people.declension.queries import MAX_TEXT, confirmed_forms

ALL = "*"
RECIPIENT = "recipient"
"""The subject of a batch's papers, and the one section that differs among them."""
_CYRILLIC = re.compile(r"[А-Яа-яЁё]")


@dataclass(frozen=True)
class _Alike:
    """What is the same for all recipients of a visit."""

    sections: Mapping[str, Any]
    texts: frozenset[str]


def collect(
    session: Session,
    now: datetime,
    visit_id: int,
    kind: Kind,
    about: tuple[str, int] | None = None,
    body_id: int | None = None,
) -> dict[str, Any]:
    """What is known now for a paper of this kind: plain, frozen values, by section.

    *about* names one member or another thing beneath the visit: sections of a single subject answer for it. *body_id*
    is the issuing body for which `office` answers, by default the one that issues this kind.

    A section that no room provides is empty: its facts are then missing.
    """
    body_id = issuer(session, body_id, kind.key)
    scope = FactScope(visit_id=visit_id, language=ALL, now=now, subject=about, issuing_body=body_id)
    if about is not None and about[0] == RECIPIENT and is_gathering():
        shared = [name for name in kind.sections if name != RECIPIENT]
        alike = once(("facts", visit_id, kind.key, body_id), lambda: _alike_of(session, scope, kind, shared))
    else:
        alike = _alike_of(session, scope, kind, list(kind.sections))
    own = _gather(session, scope, kind, [name for name in kind.sections if name not in alike.sections])
    found = {name: alike.sections.get(name, own.get(name)) for name in kind.sections}
    if confirmed := confirmed_forms(session, alike.texts | russian_texts(own)):
        found["forms"] = freeze(confirmed)
    return found


def _alike_of(session: Session, scope: FactScope, kind: Kind, names: list[str]) -> _Alike:
    gathered = _gather(session, scope, kind, names)
    return _Alike(gathered, frozenset(russian_texts(gathered)))


def _gather(session: Session, scope: FactScope, kind: Kind, names: list[str]) -> dict[str, Any]:
    """These sections, frozen."""
    found = {name: _section(session, scope, name) for name in names}
    if "office" in found:
        signatory = signatory_facts(signatory_for(session, kind.key, scope.issuing_body))
        found["office"] = {**found["office"], "signatory": signatory}
    frozen = freeze(found)
    assert isinstance(frozen, dict)  # noqa: S101 - a dict went in
    return frozen


def _section(session: Session, scope: FactScope, name: str) -> dict[str, Any]:
    """What the room that owns a section says; empty where no room does."""
    if name not in FACT_SECTIONS:
        return {}
    key = ("section", name, scope.visit_id, scope.subject, scope.issuing_body)
    return once(key, lambda: FACT_SECTIONS.get(name)(session, scope))


def russian_texts(value: Any) -> set[str]:
    """Every short text in Russian letters among facts: what may have confirmed case forms."""
    if isinstance(value, str):
        return {value} if len(value) <= MAX_TEXT and _CYRILLIC.search(value) else set()
    if isinstance(value, Mapping):
        return set().union(*(russian_texts(item) for item in value.values()))
    return set().union(*(russian_texts(item) for item in value)) if isinstance(value, list | tuple) else set()


_SAID: Mapping[str, Mapping[str, str]] = {
    CheckDecision.OPEN: {"ru": "", "en": ""},
    CheckDecision.AGREED: {"ru": "согласовано", "en": "agreed"},
    CheckDecision.REMARKED: {"ru": "согласовано с замечанием", "en": "agreed with a remark"},
    CheckDecision.REFUSED: {"ru": "не согласовано", "en": "not agreed"},
}


def collect_checks(session: Session, scope: FactScope) -> dict[str, Any]:
    """The approval sheet of one paper (`scope.subject`), else of the visit's newest that somebody checks."""
    query = select(Paper).where(Paper.visit_id == scope.visit_id)
    if scope.subject is not None and scope.subject[0] == "paper":
        query = query.where(Paper.id == scope.subject[1])
    else:
        checked = select(PaperCheck.paper_id).where(PaperCheck.voided_at.is_(None))
        query = query.where(Paper.id.in_(checked)).order_by(Paper.id.desc()).limit(1)
    paper = session.scalars(query).first()
    if paper is None:
        return {"paper": None, "subject": None, "number": None, "date": None, "author": {"name": None, "post": None},
                "rows": []}  # fmt: skip
    lines = live_checks(paper)
    known = people(session, [paper.submitted_by, *(each.account_id for each in lines)])
    kind = editions.kind(paper.kind)
    return {
        "paper": {language: kind.title(language) for language in ("ru", "en")},
        "subject": paper.subject,
        "number": paper.number or None,
        "date": paper.dated,
        "author": _person(known.get(paper.submitted_by or 0)),
        "rows": [
            {
                "n": number,
                **_person(known.get(each.account_id)),
                "decided": local_date(each.decided_at, our_zone(session)) if each.decided_at else None,
                "decision": dict(_SAID[each.decision]),
                "remark": _alike(each.remark) if each.remark else None,
            }
            for number, each in enumerate(lines, start=1)
        ],
    }


def _person(one: Person | None) -> dict[str, Any]:
    if one is None:
        return {"name": None, "post": None}
    return {"name": {"ru": one.name_ru, "en": one.name_en}, "post": {"ru": one.post_ru, "en": one.post_en}}


SECTIONS: dict[str, FactCollector] = {"checks": collect_checks}


def _alike(name: str) -> dict[str, str]:
    """A name that stands in every language as it is, such as that in a certificate."""
    return dict.fromkeys(LANGUAGES, name)


def with_paper(
    facts: Mapping[str, Any], *, number: str, dated: date | None, code: str | None, verify_url: str, final: bool,
    signature: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Facts with the section `paper`, which the system enters and no wording may."""
    return {
        **facts,
        "paper": {
            "number": number or None,
            "date": dated.isoformat() if dated else None,
            "code": code,
            "verify_url": verify_url or None,
            "status": "final" if final else "draft",
            **({"signature": {**signature, "name": _alike(signature["name"])}} if signature else {}),
        },
    }
