"""Finds a person's name wherever it was written in plain text, and replaces it.

A whole name, in any usual order, with initials, or in a Russian case, is replaced everywhere; a family name alone only
in what belongs to the person's own visits, and only when nobody else is known by it.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Column, String, Table, Text, cast, func, or_, select, update
from sqlalchemy.orm import Session

from workflow.base.database import Base
from workflow.base.events import Event
from workflow.base.search import SEARCH_SOURCES, SearchEntry, fold, forget_document, index_documents
from workflow.guests.privacy.rules import ERASED, ERASED_RU, variants
from workflow.knowledge.grammar.cases import OBLIQUE, Case, Gender, Role
from workflow.knowledge.grammar.forms import propose
from workflow.people.models import Passport, Person

LEFT = frozenset({
    "account", "account_role", "account_session", "alembic_version", "api_token", "body_post", "erasure_act",
    "issuing_body", "kept_visa_rule", "number_series", "office", "partner", "partner_contact", "person",
    "process_definition", "search_entry", "search_word", "signatory", "wording", "paper_template", "name_form",
})  # fmt: skip
"""Tables left alone: our own people and rules, and the public posts on partners' cards, which serve another purpose."""
AT_ONCE = 8
"""Columns looked through by one question: databases bound how long one may be."""
KEPT_CHANGES = frozenset({"act", "survivor", "merged", "state", "retired", "item"})
WRITINGS = (("russian_family", "russian_given", "russian_patronymic"), ("latin_family", "latin_given", ""),
            ("native_family", "native_given", "native_patronymic"))  # fmt: skip


@dataclass(frozen=True)
class Names:
    """What to look for: whole names everywhere, family names only in the person's own visits.

    `seeds` are beginnings of words, one of which stands in every form: by them rows are found in the database.
    """

    whole: frozenset[str]
    families: frozenset[str]
    seeds: frozenset[str]


def _parts(person: Person | Passport) -> list[tuple[str, str, str]]:
    def part(name: str) -> str:
        return str(getattr(person, name, "") or "") if name else ""

    return [(part(family), part(given), part(third)) for family, given, third in WRITINGS]


def whole_names(people: Iterable[Person]) -> frozenset[str]:
    """Give people's whole names, folded, in every writing and order."""
    return frozenset(fold(form) for one in people for parts in _parts(one) for form in variants(*parts))


def same_name(person: Person, text: str) -> bool:
    """Tell whether a text is this person's whole name, in any writing and order."""
    return fold(text).strip() in whole_names([person])


def forms_of(session: Session, people: Sequence[Person]) -> Names:
    """Gather every way in which the person's name may stand in a text, before it is erased."""
    whole: set[str] = set()
    families: set[str] = set()
    seeds: set[str] = set()
    passports = session.scalars(select(Passport).where(Passport.person_id.in_([one.id for one in people]))).all()
    bearers: list[Person | Passport] = [*people, *passports]
    for one in bearers:
        for number, (family, given, third) in enumerate(_parts(one)):
            whole |= variants(family, given, third)
            seeds |= {_seed(part) for part in (family, given if third else "") if part}
            if len(family) > 2:
                families.add(family)
            if number == 0 and family and given:
                cased = [_in_case(" ".join(filter(None, (family, given, third))), case) for case in OBLIQUE]
                cased += [_in_case(f"{family} {given}", case) for case in OBLIQUE]
                whole |= set(cased)
    ids = [one.id for one in people]
    others = set()
    for name in ("russian_family", "latin_family", "native_family"):
        column = getattr(Person, name)
        others |= {value.casefold() for value in session.scalars(select(column).where(column.in_(families),
                                                                                       Person.id.not_in(ids)))}
    whole.discard("")
    return Names(frozenset(whole), frozenset(one for one in families if one.casefold() not in others),
                 frozenset(seeds))


def _seed(word: str) -> str:
    """The part of a word that its cases share."""
    return word[: max(2, len(word) - 2)]


def _in_case(name: str, case: Case) -> str:
    return propose(name, case, Role.PERSON, Gender.UNKNOWN, family_first=True).form


def replace_mentions(
    session: Session, names: Names, person_ids: Sequence[int], member_ids: Sequence[int], visit_ids: Sequence[int]
) -> int:
    """Replace the names in every plain text of the database; give in how many rows. The search index follows."""
    session.flush()
    done = _empty_events(session, person_ids, member_ids)
    for table in Base.metadata.sorted_tables:
        if table.name not in LEFT:
            done += _in_table(session, table, names, set(visit_ids))
    session.expire_all()
    _index_again(session, visit_ids)
    return done


def _empty_events(session: Session, person_ids: Sequence[int], member_ids: Sequence[int]) -> int:
    """Take values out of the events of the person: which field changed is still told, from what to what is not."""
    rows = session.execute(
        select(Event.id, Event.changes).where(or_(
            (Event.subject_kind == "person") & Event.subject_id.in_(person_ids),
            (Event.subject_kind == "member") & Event.subject_id.in_(member_ids),
        ))
    ).all()  # fmt: skip
    done = 0
    for key, changes in rows:
        emptied = {name: value if name in KEPT_CHANGES else None for name, value in (changes or {}).items()}
        if emptied != changes:
            session.execute(update(Event).where(Event.id == key).values(changes=emptied))
            done += 1
    return done


def _in_table(session: Session, table: Table, names: Names, visit_ids: set[int]) -> int:
    columns = [column for column in table.columns if type(column.type) in (String, Text, JSON)]
    if not columns or not names.seeds or "id" not in table.c:
        return 0
    scope = table.c.get("visit_id") if table.name != "visit" else table.c.id
    found: dict[int, Any] = {}
    for start in range(0, len(columns), AT_ONCE):
        held = or_(*(_holds(column, seed) for column in columns[start : start + AT_ONCE] for seed in names.seeds))
        shown = [table.c.id, *([scope.label("_scope")] if scope is not None else []), *columns]
        found |= {row["id"]: row for row in session.execute(select(*shown).where(held)).mappings()}
    done = 0
    for row in found.values():
        own = scope is not None and row["_scope"] in visit_ids
        looked_for = names.whole | (names.families if own else frozenset())
        values = {column.name: _clean(row[column.name], looked_for, column) for column in columns}
        values = {name: value for name, value in values.items() if value != row[name]}
        if values:
            if "lock_version" in table.c:
                values["lock_version"] = table.c.lock_version + 1
            session.execute(update(table).where(table.c.id == row["id"]).values(values))
            done += 1
    return done


def _holds(column: Column[Any], name: str) -> Any:
    if isinstance(column.type, JSON):
        written = cast(column, Text)
        return or_(written.contains(name, autoescape=True),
                   written.contains(json.dumps(name)[1:-1], autoescape=True))  # fmt: skip
    return or_(column.contains(name, autoescape=True), func.lower(column).contains(name.lower(), autoescape=True),
               column.contains(name.upper(), autoescape=True))  # fmt: skip


def _clean(value: Any, names: frozenset[str], column: Column[Any] | None = None) -> Any:
    if isinstance(value, str):
        for name in sorted(names, key=len, reverse=True):
            put = ERASED if name.isascii() else ERASED_RU
            value = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", put, value, flags=re.IGNORECASE)
        limit = getattr(column.type, "length", None) if column is not None else None
        return value[:limit] if limit else value
    if isinstance(value, list):
        return [_clean(each, names) for each in value]
    if isinstance(value, dict):
        return {key: _clean(each, names) for key, each in value.items()}
    return value


def _index_again(session: Session, visit_ids: Sequence[int]) -> None:
    """Make the search index of the person's visits anew from what now stands there."""
    entries = session.execute(
        select(SearchEntry.kind, SearchEntry.thing_id).where(SearchEntry.visit_id.in_(visit_ids))
    ).all()
    by_kind: dict[str, list[int]] = {}
    for kind, key in entries:
        forget_document(session, kind, key)
        by_kind.setdefault(kind, []).append(key)
    for kind, keys in by_kind.items():
        if kind in SEARCH_SOURCES:
            index_documents(session, SEARCH_SOURCES.get(kind)(session, keys))
