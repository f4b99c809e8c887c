"""Everything held of one person, as a ZIP for that person (152-FZ, article 14): JSON, readable HTML, files.

Nothing of other persons is inside: papers that name a whole delegation are listed by kind, number and date only, things
of the whole delegation go without their file, and proposals that name somebody else stay out.
"""

import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from workflow.base.actor import Actor, Permission
from workflow.base.database import Base
from workflow.base.errors import Forbidden, NotFound
from workflow.base.events import Event, record
from workflow.base.files import StoredFile, read_file
from workflow.guests.models import GuestConsent, GuestProposal, GuestScan
from workflow.guests.privacy.erasing import ROWS_OF_MEMBER, Subject, gather
from workflow.guests.privacy.watching import LOOKS
from workflow.guests.rules import ProposalKind
from workflow.papers.models import Paper
from workflow.people.declension.models import NameForm
from workflow.people.models import Passport, Person, PersonPost
from workflow.visas.models import ChecklistItem, VisaCase
from workflow.visits.models import Visit

LEFT_OUT = frozenset({
    "lock_version", "name_key", "birth_index", "number_index", "address_index", "name_index", "token_hash",
    "replaced_by_id", "note", "verdicts", "due", "options", "questions", "changes", "position", "text_key",
    "merged_into_id",
})  # fmt: skip
"""Columns that only serve us; `member.note` is a colleague's remark and may name others."""
ABOUT_OTHERS = (ProposalKind.SUBSTITUTE.value, ProposalKind.ADD.value)

Row = dict[str, Any]


@dataclass
class Everything:
    """What is held, by section, and the files."""

    sections: dict[str, list[Row]] = field(default_factory=dict)
    files: list[int] = field(default_factory=list)


def _rows(rows: Sequence[Any], *, but: Sequence[str] = ()) -> list[Row]:
    return [
        {
            column.name: _plain(getattr(row, column.name)) for column in row.__table__.columns
            if column.name not in LEFT_OUT and column.name not in but and not column.name.endswith(("_by", "_file_id"))
            and getattr(row, column.name) not in (None, "", [], {})
        }
        for row in rows
    ]  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


def collect(session: Session, subject: Subject) -> Everything:
    """Gather what is held of a person, and the files that are the person's own."""
    found = Everything()
    ids, members = subject.ids, subject.member_ids
    cases = session.scalars(select(VisaCase).where(VisaCase.member_id.in_(members)).order_by(VisaCase.id)).all()
    items = session.scalars(
        select(ChecklistItem).where(ChecklistItem.case_id.in_([case.id for case in cases])).order_by(ChecklistItem.id)
    ).all()
    scans = session.scalars(select(GuestScan).where(GuestScan.member_id.in_(members)).order_by(GuestScan.id)).all()
    proposals = session.scalars(
        select(GuestProposal).where(GuestProposal.member_id.in_(members), GuestProposal.kind.not_in(ABOUT_OTHERS))
    ).all()
    passports = session.scalars(select(Passport).where(Passport.person_id.in_(ids))).all()
    visits = session.scalars(select(Visit).where(Visit.id.in_(subject.visit_ids)).order_by(Visit.id)).all()
    others = session.scalars(select(Paper).where(Paper.visit_id.in_(subject.visit_ids)).order_by(Paper.id)).all()
    found.sections = {
        "person": _rows(subject.people),
        "passports": _rows(passports),
        "posts": _rows(session.scalars(select(PersonPost).where(PersonPost.person_id.in_(ids))).all()),
        "name_forms": _rows(session.scalars(select(NameForm).where(NameForm.person_id.in_(ids))).all()),
        "visits": [{"id": one.id, "title_ru": one.title_ru, "title_en": one.title_en, "arrival": _plain(one.arrival),
                    "departure": _plain(one.departure)} for one in visits],
        "members": _rows(subject.members),
        "visa_cases": _rows(cases, but=("hand_note", "held_note")),
        "checklist": _rows(items),
        "consents": _rows(session.scalars(select(GuestConsent).where(GuestConsent.member_id.in_(members))).all(),
                          but=("representative",)),
        "proposals": _rows(proposals, but=("told_by",)),
        "papers": [{"id": one.id, "kind": one.kind, "number": one.number, "dated": _plain(one.dated)}
                   for one in others if one.about is None or one.id in {each.id for each in subject.papers}],
        "mails": _rows(subject.mails, but=("key", "attachments", "html")),
        "letters": [*_rows(subject.letters.recipients, but=("problems", "answered_to")),
                    *_rows(subject.letters.outgoing, but=("trouble",)), *_rows(subject.letters.dispatches)],
        "looks": _looks(session, {
            "person": ids, "passport": [one.id for one in passports], "member": members,
            "visa_case": [one.id for one in cases], "checklist_item": [one.id for one in items],
            "guest_scan": [one.id for one in scans], "guest_proposal": [one.id for one in proposals],
        }),
    }  # fmt: skip
    for name in ROWS_OF_MEMBER:
        table = Base.metadata.tables[name]
        rows = session.execute(select(table).where(table.c.member_id.in_(members))).mappings().all()
        found.sections[name] = [{key: _plain(value) for key, value in row.items()
                                 if value not in (None, "") and key not in LEFT_OUT and not key.endswith("_by_id")}
                                for row in rows]  # fmt: skip
    found.files = [
        *(one.photo_file_id for one in subject.people if one.photo_file_id),
        *(item.file_id for item in items if item.file_id and item.scope == "traveller"),
        *(scan.file_id for scan in scans),
        *(text.pdf_file_id for paper in subject.papers for text in paper.texts if text.pdf_file_id),
    ]
    return found


def _looks(session: Session, parts: Mapping[str, Sequence[int]]) -> list[Row]:
    """When the person's data were shown, and what kind of act it was; who looked is known to the administrator.

    A look is at the person or at a part of what is held: a passport, a scan, what was entered by personal link.
    """
    of_parts = [and_(Event.subject_kind == kind, Event.subject_id.in_(keys)) for kind, keys in parts.items() if keys]
    rows = session.execute(
        select(Event.at, Event.kind).where(or_(*of_parts), Event.kind.in_(LOOKS)).order_by(Event.id)
    ).tuples()  # fmt: skip
    return [{"at": at.isoformat(), "kind": kind} for at, kind in rows]


def archive(
    session: Session, actor: Actor, now: datetime, person: Person, *, page: Callable[[Everything, Sequence[str]], str]
) -> bytes:  # fmt: skip
    """Pack everything held of a person; that it was taken out is recorded first.

    *page* writes what was found, with the names of its files, as a page for people.

    Raises:
        Forbidden: the actor may not see personal data.
    """
    if not actor.may(Permission.PEOPLE_REVEAL):
        raise Forbidden
    record(session, actor, now, "privacy.person.exported", subject=person, personal=("everything",))
    found = collect(session, gather(session, person))
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        names = []
        for number, file_id in enumerate(dict.fromkeys(found.files), start=1):
            try:
                row, data = read_file(session, file_id)
            except NotFound:
                continue
            names.append(_name(number, row))
            packed.writestr(names[-1], data)
        told = {"made_at": now.isoformat(), **found.sections, "files": names}
        packed.writestr("data.json", json.dumps(told, ensure_ascii=False, indent=1, default=str))
        packed.writestr("data.html", page(found, names))
    return out.getvalue()


def _name(number: int, row: StoredFile) -> str:
    plain = "".join(ch if ch.isalnum() or ch in "._-" else "_" for ch in row.name)
    return f"files/{number:02d}-{plain}"
