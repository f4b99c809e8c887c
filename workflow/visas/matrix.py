"""Travellers and things to be brought, crossed: read as columns, for a delegation may count three hundred."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import Row, String, cast, select
from sqlalchemy.orm import Session, load_only

from workflow.people.models import Passport, Person
from workflow.visas.claims import claims_now
from workflow.visas.models import ChecklistItem, VisaCase
from workflow.visas.passports import fitting_passport, with_claims
from workflow.visas.rules import ENDED, FINISHED, UNCHOSEN, CaseState, Holder, is_settled, slack_days
from workflow.visits.models import Member, Visit

NAME_PARTS = (
    Person.latin_family, Person.latin_given, Person.russian_family, Person.russian_given, Person.russian_patronymic,
    Person.native_family, Person.native_given, Person.native_patronymic,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One thing to be brought, whatever rule asks for it."""

    code: str
    title_ru: str
    title_en: str
    required: bool

    def title(self, language: str) -> str:
        """The title for readers of *language*."""
        return (self.title_ru or self.title_en) if language.startswith("ru") else (self.title_en or self.title_ru)


@dataclass(frozen=True, slots=True)
class Cell:
    """One thing of one traveller."""

    item_id: int
    state: str
    due_on: date | None
    open: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One traveller."""

    case: Row[Any]
    person: Person
    cells: Sequence[Cell | None]
    lacks: Sequence[Column]
    slack: int | None
    ends_early: date | None = None
    """The last day of the passport, when it ends within the stay."""
    things: Mapping[str, Column] = field(default_factory=dict)
    """What the traveller's own rule calls each thing by its code, those no longer wanted too: rules call them apart."""

    @property
    def titles(self) -> dict[str, dict[str, str]]:
        """Name the traveller's things by their codes, in both languages."""
        return {code: {"ru": thing.title("ru"), "en": thing.title("en")} for code, thing in self.things.items()}

    @property
    def settled(self) -> bool:
        """Whether nothing of the case keeps the traveller at home."""
        return is_settled(self.case.state, self.case.outcome) and not self.case.alarm


@dataclass(frozen=True, slots=True)
class Waiting:
    """Cases that wait for the same hands: how many, since when the first, and how little time is left."""

    holder: Holder
    lines: Sequence[Line]
    since: date | None
    slack: int | None

    @property
    def travellers(self) -> int:
        """Count the people: one who crosses two borders has two cases."""
        return len({line.person.id for line in self.lines})


@dataclass(frozen=True)
class Matrix:
    """All travellers of a visit."""

    columns: Sequence[Column]
    lines: Sequence[Line]
    waiting: Sequence[Waiting] = field(default_factory=tuple)
    calendars: Sequence[str] = ()
    """The countries whose working days the due days were counted on."""

    @property
    def changed(self) -> list[list[Line]]:
        """The travellers in whose cases the last reckoning changed something, those with the same changes together."""
        alike: dict[tuple[str, ...], list[Line]] = defaultdict(list)
        for line in self.lines:
            if line.case.changes:
                called = [column.title_ru for column in line.things.values()]
                alike[json.dumps(line.case.changes, sort_keys=True), *called].append(line)
        return list(alike.values())

    @property
    def borders(self) -> int:
        """Count the countries that are entered."""
        return len({line.case.destination for line in self.lines})

    @property
    def undecided(self) -> int:
        """Count the travellers who could choose a route and have none."""
        return sum(line.case.state == CaseState.TO_CHOOSE for line in self.lines)

    @property
    def passports_unknown(self) -> int:
        """Count travellers without a route whose kind of passport nobody has said."""
        return sum("passport_type" in line.case.questions for line in self.lines if line.case.state in UNCHOSEN)


_CASE = (
    VisaCase.id, VisaCase.state, VisaCase.outcome, VisaCase.title_ru, VisaCase.title_en, VisaCase.confirmed,
    VisaCase.by_hand, VisaCase.alarm, VisaCase.citizenship, VisaCase.destination, VisaCase.first_day,
    VisaCase.last_day, VisaCase.through, VisaCase.goes_off_on, VisaCase.held_by, VisaCase.held_since,
    VisaCase.appointment_on, VisaCase.changes, VisaCase.changes_at, VisaCase.questions, VisaCase.lock_version,
    VisaCase.passport_type, VisaCase.member_id, Member.person_id, Member.passport_id, Visit.departure,
)  # fmt: skip
_ITEM = (
    ChecklistItem.id, ChecklistItem.case_id, ChecklistItem.code, ChecklistItem.title_ru, ChecklistItem.title_en,
    ChecklistItem.required, ChecklistItem.state, ChecklistItem.due_on, ChecklistItem.rule_id, ChecklistItem.wanted,
)  # fmt: skip


def matrix_of(session: Session, visit_id: int, today: date) -> Matrix:
    """Cross the cases of a visit with their wanted things, in six queries; unscoped."""
    cases = session.execute(
        select(*_CASE).join(Member, Member.id == VisaCase.member_id).join(Visit, Visit.id == VisaCase.visit_id)
        .where(VisaCase.visit_id == visit_id, VisaCase.state != CaseState.WITHDRAWN)
        .order_by(Member.position, Member.id, VisaCase.id)
    ).all()  # fmt: skip
    items = session.execute(
        select(*_ITEM).join(VisaCase, VisaCase.id == ChecklistItem.case_id)
        .where(VisaCase.visit_id == visit_id, VisaCase.state != CaseState.WITHDRAWN)
        .order_by(ChecklistItem.case_id, ChecklistItem.position, ChecklistItem.id)
    ).all()  # fmt: skip
    people = session.scalars(
        select(Person).where(Person.id.in_([case.person_id for case in cases]))
        .options(load_only(*NAME_PARTS, Person.citizenships))
    )  # fmt: skip
    columns: dict[str, Column] = {}
    cells: dict[int, dict[str, Cell]] = defaultdict(dict)
    known: dict[tuple[str, str, str, bool], Column] = {}
    things: dict[int, dict[str, Column]] = defaultdict(dict)
    lacks: dict[int, list[Column]] = defaultdict(list)
    for item_id, case_id, code, title_ru, title_en, required, state, due_on, rule_id, wanted in items:  # `_ITEM`
        thing = (code, title_ru, title_en, required)
        if (called := known.get(thing)) is None:
            called = known[thing] = Column(*thing)
        if wanted or code not in things[case_id]:
            things[case_id][code] = called
        if not wanted:
            continue
        if required and state not in FINISHED:
            lacks[case_id].append(called)
        key = code if rule_id else f"own:{title_ru.casefold()}"
        if key not in columns or (required and not columns[key].required):
            columns[key] = called if key not in columns else replace(columns[key], required=True)
        cells[case_id][key] = Cell(item_id, state, due_on, state not in FINISHED)
    named = {person.id: person for person in people}
    early = _ending_early(session, cases)
    lines = [
        Line(case, named[case.person_id], [cells[case.id].get(key) for key in columns], lacks[case.id],
             slack_days(case.goes_off_on, today, state=case.state), early.get(case.id), things[case.id])
        for case in cases
    ]  # fmt: skip
    return Matrix(list(columns.values()), lines, _waiting(lines), _calendars(session, visit_id))


def _calendars(session: Session, visit_id: int) -> list[str]:
    """Name the countries of all calendars used: alike for most things, so they are read once each."""
    written = session.scalars(
        select(cast(ChecklistItem.due_calendars, String)).distinct()
        .join(VisaCase, VisaCase.id == ChecklistItem.case_id)
        .where(VisaCase.visit_id == visit_id, VisaCase.state != CaseState.WITHDRAWN, ChecklistItem.wanted.is_(True))
    )  # fmt: skip
    return sorted({key for text in written if text for key in json.loads(text)})


def _ending_early(session: Session, cases: Sequence[Row[Any]]) -> dict[int, date]:
    """Find the cases whose passport ends before the last day there; give that passport's last day by case.

    One that waits for a look counts, as in the case itself.
    """
    claims = claims_now(session)
    passports: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(
        select(Passport.person_id, Passport.id, Passport.type, Passport.country, Passport.expires_on)
        .where(Passport.person_id.in_([case.person_id for case in cases]), Passport.retired_at.is_(None))
    ):
        passports[row.person_id].append(row)
    found = {}
    for case in cases if passports or claims else ():
        live, chosen_id = with_claims(passports[case.person_id], claims.get(case.person_id, ()), case.member_id,
                                      case.passport_id)  # fmt: skip
        shown = fitting_passport(live, case.citizenship, case.passport_type, chosen_id=chosen_id)
        last = case.last_day or case.departure
        if case.state not in ENDED and shown is not None and last and shown.expires_on and shown.expires_on < last:
            found[case.id] = shown.expires_on
    return found


def _waiting(lines: Sequence[Line]) -> list[Waiting]:
    """Group what is not settled by who has it in hand, those with the least time first."""
    hands: dict[Holder, list[Line]] = defaultdict(list)
    for line in lines:
        if not line.settled and line.case.state not in ENDED:
            hands[Holder(line.case.held_by)].append(line)
    found = [
        Waiting(
            holder, some,
            min((line.case.held_since for line in some if line.case.held_since), default=None),
            min((line.slack for line in some if line.slack is not None), default=None),
        )
        for holder, some in hands.items()
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.slack is None, one.slack or 0, one.holder))
